package dev.slipway.example.fraud;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * How well scores put frauds before genuine transactions.
 *
 * @param rows number of rows
 * @param frauds number of frauds among them
 * @param auc area under the ROC curve: the probability that a random fraud scores higher than a
 *     random genuine transaction, a tie counting half
 * @param averagePrecision sum over distinct scores, falling, of the gain in recall times the
 *     precision down to that score
 */
public record RankingMetrics(int rows, int frauds, double auc, double averagePrecision) {
  /**
   * @param scores higher means more suspicious
   * @param labels 1 for fraud, 0 for genuine; both must occur
   * @throws IllegalArgumentException if the lengths differ or one class is absent
   */
  public static RankingMetrics of(float[] scores, float[] labels) {
    if (scores.length != labels.length) {
      throw new IllegalArgumentException(
          "labels: %d (expected: %d, one for each score)".formatted(labels.length, scores.length));
    }
    int frauds = (int) IntStream.range(0, labels.length).filter(i -> labels[i] == 1).count();
    int genuine = labels.length - frauds;
    if (frauds == 0 || genuine == 0) {
      throw new IllegalArgumentException(
          "labels: %d frauds of %d (expected: both classes)".formatted(frauds, labels.length));
    }
    Integer[] falling = new Integer[scores.length];
    Arrays.setAll(falling, i -> i);
    Arrays.sort(falling, Comparator.comparingDouble(i -> -scores[i]));
    double pairsWon = 0;
    double averagePrecision = 0;
    long fraudsSoFar = 0;
    long genuineSoFar = 0;
    for (int begin = 0; begin < falling.length; ) {
      int end = begin;
      long fraudsHere = 0;
      while (end < falling.length && scores[falling[end]] == scores[falling[begin]]) {
        fraudsHere += labels[falling[end]] == 1 ? 1 : 0;
        end++;
      }
      long genuineHere = end - begin - fraudsHere;
      pairsWon += fraudsHere * (genuine - genuineSoFar - genuineHere / 2.0);
      fraudsSoFar += fraudsHere;
      genuineSoFar += genuineHere;
      double precision = (double) fraudsSoFar / (fraudsSoFar + genuineSoFar);
      averagePrecision += (double) fraudsHere / frauds * precision;
      begin = end;
    }
    double auc = pairsWon / ((double) frauds * genuine);
    return new RankingMetrics(labels.length, frauds, auc, averagePrecision);
  }
}
