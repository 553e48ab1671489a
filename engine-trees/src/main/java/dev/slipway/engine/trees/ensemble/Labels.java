package dev.slipway.engine.trees.ensemble;

import java.util.List;

/** The class labels of a classifier, by index. */
public sealed interface Labels {
  int count();

  /** Integer labels. */
  record Numbers(List<Long> values) implements Labels {
    public Numbers {
      values = List.copyOf(values);
    }

    @Override
    public int count() {
      return values.size();
    }
  }

  /** Text labels. */
  record Texts(List<String> values) implements Labels {
    public Texts {
      values = List.copyOf(values);
    }

    @Override
    public int count() {
      return values.size();
    }
  }
}
