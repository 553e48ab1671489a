package dev.slipway.cli.report;

import java.util.List;

/**
 * What a check of a model found. Texts are empty where there is nothing to say.
 *
 * @param model name of the model
 * @param environment whose rules held
 * @param file URI of the model's file or folder, relative to the working folder if it lies there
 * @param digests by what they are of, in the order in which they are shown
 * @param items in the order in which they were looked at
 */
public record CheckReport(
    String model, String environment, String file, List<Digest> digests, List<Item> items) {
  public CheckReport {
    digests = List.copyOf(digests);
    items = List.copyOf(items);
  }

  /**
   * What exactly took part.
   *
   * @param what such as {@code artifact}
   */
  public record Digest(String what, String name, String digest) {}

  /** How one check ended. */
  public enum Verdict {
    PASSED,
    FAILED,
    INCONCLUSIVE,
    SKIPPED;

    /** Whether it keeps the whole from passing. */
    public boolean blocks() {
      return this == FAILED || this == INCONCLUSIVE;
    }
  }

  /**
   * One check.
   *
   * @param name of the gate, or what else was looked at
   * @param findings in words
   * @param evidence digest of the evidence; empty if it has none
   * @param file that the findings are about, as {@link CheckReport#file}
   */
  public record Item(
      String name, Verdict verdict, List<String> findings, String evidence, String file) {
    public Item {
      findings = List.copyOf(findings);
    }

    /** The findings; that there are none is told where that is what blocks. */
    public List<String> told() {
      return findings.isEmpty() && verdict.blocks()
          ? List.of("%s: %s, without a finding".formatted(name, verdict))
          : findings;
    }
  }

  public boolean passed() {
    return items.stream().noneMatch(item -> item.verdict().blocks());
  }
}
