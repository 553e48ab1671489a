package dev.slipway.platform.rows;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.model.TensorSpec;
import dev.slipway.core.tensor.DataType;
import java.util.List;

/**
 * Which number of an answer is the score.
 *
 * @param output name of the output; empty is the only one of floating-point numbers
 * @param index of the score within a row, from 0; negative is the last, which is the positive class
 *     of two
 */
public record ScoreChoice(String output, int index) {
  public static final ScoreChoice DEFAULT = new ScoreChoice("", -1);

  /**
   * Place of the output in the signature.
   *
   * @throws SlipwayException BAD_REQUEST if there is no such output, or the choice is not clear
   */
  int place(ModelSignature signature) {
    List<TensorSpec> outputs = signature.outputs();
    List<TensorSpec> chosen =
        outputs.stream()
            .filter(
                spec ->
                    output.isEmpty()
                        ? spec.datatype().isFloatingPoint()
                        : spec.name().equals(output))
            .toList();
    if (chosen.size() != 1 || chosen.getFirst().datatype() == DataType.BYTES) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "output: '%s' (expected: the name of one output of numbers, of %s)"
              .formatted(output, outputs.stream().map(TensorSpec::name).toList()));
    }
    return outputs.indexOf(chosen.getFirst());
  }
}
