package dev.slipway.bench.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.slipway.bench.engine.FraudModel;
import dev.slipway.bench.engine.RowBatches;
import dev.slipway.core.model.ArtifactDigest;
import dev.slipway.core.model.ArtifactFormat;
import dev.slipway.core.model.EngineSettings;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.engine.onnx.OnnxEngine;
import dev.slipway.example.fraud.FraudRows;
import dev.slipway.serving.engine.InferenceSession;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.ModelArtifact;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeepNetworkTest {
  private static final int ROWS = 64;

  @Test
  void anEngineReadsItAndScoresEachRowByItself(@TempDir Path folder) throws IOException {
    Path file = Files.write(folder.resolve("deep.onnx"), new DeepNetwork(64, 3).onnx());
    ModelArtifact artifact =
        new ModelArtifact(
            new ArtifactDigest("sha256:" + "0".repeat(64)), ArtifactFormat.ONNX, folder, file);
    float[][] rows = FraudRows.rows(7, ROWS);
    try (LoadedModel model = new OnnxEngine().load(artifact, EngineSettings.DEFAULT);
        InferenceSession session = model.openSession()) {
      float[] together = scores(session, RowBatches.of(FraudModel.INPUT, rows, ROWS).getFirst());

      List<List<Tensor>> single = RowBatches.of(FraudModel.INPUT, rows, 1);
      for (int row = 0; row < ROWS; row++) {
        assertThat(scores(session, single.get(row))).hasSize(1);
        assertThat(scores(session, single.get(row))[0])
            .as("row %d", row)
            .isStrictlyBetween(0f, 1f)
            .isCloseTo(together[row], within(1e-4f));
      }
      assertThat(together).as("different rows").doesNotHaveDuplicates();
    }
  }

  private static float[] scores(InferenceSession session, List<Tensor> rows) {
    Tensor output = session.infer(rows, Long.MAX_VALUE).getFirst();
    float[] scores = new float[(int) output.elementCount()];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = output.data().getFloat(i * Float.BYTES);
    }
    return scores;
  }
}
