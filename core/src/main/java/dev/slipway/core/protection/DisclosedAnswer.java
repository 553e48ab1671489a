package dev.slipway.core.protection;

import dev.slipway.core.identity.Disclosure;
import dev.slipway.core.inference.InferenceResponse;
import dev.slipway.core.tensor.Shape;
import dev.slipway.core.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * An answer cut down to what its caller may see. Names, datatypes and shapes stay, so that clients
 * read it as they would read the whole. Only floating-point outputs change: integers, booleans and
 * strings are labels already.
 *
 * <ul>
 *   <li>Rounded: each score keeps a few decimals, halves rounded to the even neighbour.
 *   <li>Label: where a row has several scores, the largest becomes 1 and the others 0 (the first of
 *       equal ones wins); a lone score becomes 1 from the threshold on, else 0.
 * </ul>
 *
 * NaN and infinities of rounded scores, and NaN as a lone score, stay what they are: they say that
 * there is no score.
 */
public final class DisclosedAnswer {
  private DisclosedAnswer() {}

  /**
   * @return the response itself if it may be seen whole
   */
  public static InferenceResponse of(
      InferenceResponse response, Disclosure disclosure, DisclosureRules rules) {
    if (disclosure == Disclosure.FULL) {
      return response;
    }
    List<Tensor> outputs =
        response.outputs().stream()
            .map(
                output ->
                    output.datatype().isFloatingPoint() ? cut(output, disclosure, rules) : output)
            .toList();
    return new InferenceResponse(
        response.model(),
        response.version(),
        response.id(),
        outputs,
        response.queueNanos(),
        response.inferNanos(),
        response.batchRows(),
        response.cached());
  }

  private static Tensor cut(Tensor output, Disclosure disclosure, DisclosureRules rules) {
    ByteBuffer copy = ByteBuffer.allocate(output.byteLength()).order(ByteOrder.LITTLE_ENDIAN);
    Scores from = new Scores(output.datatype(), output.data());
    Scores to = new Scores(output.datatype(), copy);
    int count = Math.toIntExact(output.elementCount());
    if (disclosure == Disclosure.ROUNDED) {
      round(from, to, count, rules.decimals());
    } else {
      int classes = classes(output.shape());
      if (classes > 1) {
        markLargest(from, to, count, classes);
      } else {
        compare(from, to, count, rules.labelThreshold());
      }
    }
    return new Tensor(output.name(), output.datatype(), output.shape(), copy);
  }

  /** Scores that belong together: those along the last dimension, where rows are along another. */
  private static int classes(Shape shape) {
    return shape.rank() < 2 ? 1 : Math.toIntExact(shape.dimension(shape.rank() - 1));
  }

  private static void round(Scores from, Scores to, int count, int decimals) {
    double scale = Math.pow(10, decimals);
    for (int i = 0; i < count; i++) {
      double score = from.get(i);
      double rounded = Math.rint(score * scale) / scale;
      to.set(i, Double.isFinite(rounded) ? rounded : score);
    }
  }

  private static void markLargest(Scores from, Scores to, int count, int classes) {
    for (int row = 0; row < count; row += classes) {
      int best = row;
      for (int i = row + 1; i < row + classes; i++) {
        if (from.get(i) > from.get(best) || Double.isNaN(from.get(best))) {
          best = i;
        }
      }
      to.set(best, 1);
    }
  }

  private static void compare(Scores from, Scores to, int count, double threshold) {
    for (int i = 0; i < count; i++) {
      double score = from.get(i);
      to.set(i, Double.isNaN(score) ? score : score >= threshold ? 1 : 0);
    }
  }
}
