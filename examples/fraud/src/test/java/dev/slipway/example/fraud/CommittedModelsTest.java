package dev.slipway.example.fraud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CommittedModelsTest {
  private static final Path EXAMPLE = Path.of(System.getProperty("slipway.root"), "examples/fraud");
  private static final Path MODELS = EXAMPLE.resolve("models");
  private static final int MODEL_BYTES_MAX = 400_000;

  @Test
  void xgboostTrainedAnewIsTheCommittedModelWithTheCommittedQuality(@TempDir Path folder)
      throws IOException {
    TrainingSplit split = TrainingSplit.DEFAULT;
    TrainingSplit.Data data = split.collect(WorldSettings.DEFAULT);
    Path model = folder.resolve("fraud-xgboost.ubj");

    XgboostTrainer.Result result = XgboostTrainer.train(data.training(), data.test(), model);

    JsonNode committed = metrics("fraud-xgboost");
    JsonNode anew =
        new ObjectMapper().readTree(MetricsJson.of(WorldSettings.DEFAULT, split, result));
    assertThat(anew.get("train")).isEqualTo(committed.get("train"));
    assertThat(anew.get("test")).isEqualTo(committed.get("test"));
    // Sums of floats depend a little on the processor, so the figures may differ in the last
    // digits.
    assertThat(result.test().auc()).isCloseTo(committed.get("auc").asDouble(), within(0.002));
    assertThat(result.test().averagePrecision())
        .isCloseTo(committed.get("average_precision").asDouble(), within(0.01));
    RankingMetrics ofCommitted =
        XgboostTrainer.evaluate(MODELS.resolve("fraud-xgboost/fraud-xgboost.ubj"), data.test());
    assertThat(ofCommitted.auc()).isCloseTo(committed.get("auc").asDouble(), within(1e-5));
    assertThat(ofCommitted.averagePrecision())
        .isCloseTo(committed.get("average_precision").asDouble(), within(1e-5));
  }

  @ParameterizedTest
  @CsvSource({
    "fraud-lightgbm,fraud-lightgbm.onnx",
    "fraud-lightgbm-text,fraud-lightgbm.txt",
    "fraud-xgboost,fraud-xgboost.ubj"
  })
  void eachModelIsSmallAndDescribesItsFields(String folder, String file) throws IOException {
    assertThat(MODELS.resolve(folder).resolve(file)).exists();
    assertThat(Files.size(MODELS.resolve(folder).resolve(file))).isLessThan(MODEL_BYTES_MAX);

    JsonNode description =
        new YAMLMapper().readTree(MODELS.resolve(folder).resolve("slipway-model.yaml").toFile());
    List<String> fields = new ArrayList<>();
    for (JsonNode field : description.at("/inputs/0/fields")) {
      fields.add(field.get("name").asText() + ": " + field.get("description").asText());
    }
    assertThat(fields)
        .isEqualTo(Feature.all().stream().map(f -> f.name() + ": " + f.description()).toList());
    assertThat(description.at("/example_request/inputs/0/data")).hasSize(Feature.count());
  }

  @ParameterizedTest
  @ValueSource(strings = {"fraud-lightgbm", "fraud-xgboost"})
  void theReadmeShowsTheMeasuredFigures(String model) throws IOException {
    JsonNode metrics = metrics(model);

    assertThat(Files.readString(EXAMPLE.resolve("README.md")))
        .contains(
            String.format(
                Locale.ROOT,
                "| `%s` | %.4f | %.4f |",
                model,
                metrics.get("auc").asDouble(),
                metrics.get("average_precision").asDouble()));
  }

  @Test
  void rowsBecomeRequestsOfTheProtocol() throws IOException {
    float[][] rows = FraudRows.rows(5, 4);

    JsonNode input =
        new ObjectMapper().readTree(V2Request.json("input", rows, 1, 2)).at("/inputs/0");

    assertThat(input.get("shape").toString()).isEqualTo("[2,15]");
    assertThat(input.get("data")).hasSize(30);
    assertThat((float) input.get("data").get(15).asDouble()).isEqualTo(rows[2][0]);
  }

  @Test
  void csvHoldsWhatTheTransactionHolds() throws IOException {
    StringWriter text = new StringWriter();
    Transaction transaction =
        new Transaction(7, 86_399, 3, 4, 1_205, FraudScenario.STOLEN_CARD, 86_400 * 2);
    try (CsvWriter csv = CsvWriter.to(text, WorldSettings.DEFAULT)) {
      csv.transaction(transaction);
      csv.features(
          transaction, new float[] {12.05f, 0, 1, 2, 3.5f, 4, 5, 6, 7, 8, 0.25f, 10, 1, 12, 0});
    }

    String prefix = "7,2026-01-05T23:59:59,3,4,12.05,1,STOLEN_CARD,2026-01-07T00:00:00";
    assertThat(text.toString().lines())
        .containsExactly(prefix, prefix + ",0,12.05,0,1,2,3.5,4,5,6,7,8,0.25,10,1,12,0");
  }

  private static JsonNode metrics(String model) throws IOException {
    return new ObjectMapper().readTree(MODELS.resolve(model + ".metrics.json").toFile());
  }
}
