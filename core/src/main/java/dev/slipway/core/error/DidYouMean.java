package dev.slipway.core.error;

import java.util.Collection;
import java.util.Comparator;

/** Finds what somebody may have meant. */
public final class DidYouMean {
  private DidYouMean() {}

  /**
   * @return {@code " (did you mean 'x'?)"} for the nearest of the known words, if one is near; else
   *     all of them
   */
  public static String hint(String word, Collection<String> known) {
    return known.stream()
        .min(Comparator.comparingInt(candidate -> distance(word, candidate)))
        .filter(nearest -> distance(word, nearest) <= Math.max(2, word.length() / 3))
        .map(nearest -> " (did you mean '" + nearest + "'?)")
        .orElse(" (expected: one of " + String.join(", ", known) + ")");
  }

  /** Levenshtein's: letters inserted, deleted or replaced. */
  public static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int above = row[j];
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, Math.min(above, row[j - 1]) + 1);
        diagonal = above;
      }
    }
    return row[b.length()];
  }
}
