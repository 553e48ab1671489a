package dev.slipway.serving.cells;

import dev.slipway.core.drift.cell.FrozenReference;
import dev.slipway.core.model.ModelRef;
import org.jspecify.annotations.Nullable;

/** Knows the references of versions. */
public interface ReferenceSource {
  /** Knows none. */
  ReferenceSource NONE =
      new ReferenceSource() {
        @Override
        public void prepare(ModelRef version) {}

        @Override
        public @Nullable FrozenReference reference(ModelRef version) {
          return null;
        }
      };

  /** Called before a version begins to answer, off the event loops; may block. */
  void prepare(ModelRef version);

  /**
   * The reference of a version; null while it has none. Called on event loops, so it returns at
   * once.
   */
  @Nullable FrozenReference reference(ModelRef version);
}
