package dev.slipway.bench.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.slipway.core.tensor.Tensor;
import dev.slipway.example.fraud.FraudRows;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MeasuredEngineTest {
  private static final int ROWS = 1_000;
  private static final Path ROOT = Path.of(System.getProperty("slipway.root"));

  /** Two engines are compared fairly only while they compute the same. */
  @ParameterizedTest
  @EnumSource
  void bothEnginesAnswerAlike(FraudModel model) {
    List<Tensor> rows = RowBatches.of(FraudModel.INPUT, FraudRows.rows(7, ROWS), ROWS).getFirst();
    try (MeasuredEngine.Opened trees = MeasuredEngine.TREES.open(model, ROOT);
        MeasuredEngine.Opened onnx = MeasuredEngine.ONNX.open(model, ROOT)) {
      Tensor ours = trees.session().infer(rows, Long.MAX_VALUE).getFirst();
      Tensor theirs = onnx.session().infer(rows, Long.MAX_VALUE).getFirst();

      assertThat(ours.elementCount()).isEqualTo(ROWS).isEqualTo(theirs.elementCount());
      for (int row = 0; row < ROWS; row++) {
        assertThat(ours.data().getFloat(row * Float.BYTES))
            .as("row %d", row)
            .isCloseTo(theirs.data().getFloat(row * Float.BYTES), within(1e-6f));
      }
    }
  }
}
