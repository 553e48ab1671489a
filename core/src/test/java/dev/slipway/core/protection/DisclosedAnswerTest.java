package dev.slipway.core.protection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.identity.Disclosure;
import dev.slipway.core.inference.InferenceResponse;
import dev.slipway.core.model.ArtifactDigest;
import dev.slipway.core.model.ArtifactFormat;
import dev.slipway.core.model.ModelRef;
import dev.slipway.core.model.ModelSettings;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import dev.slipway.core.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DisclosedAnswerTest {
  private static final ModelVersion VERSION =
      new ModelVersion(
          new ModelRef("fraud", 1),
          new ArtifactDigest("sha256:" + "0".repeat(64)),
          ArtifactFormat.ONNX,
          "model.onnx",
          new ModelSignature(List.of(), List.of()),
          ModelSettings.DEFAULT,
          "",
          "",
          1,
          Instant.EPOCH);
  private static final DisclosureRules RULES = new DisclosureRules(2, 0.5);

  @Test
  void whoMaySeeAllSeesTheAnswerItself() {
    InferenceResponse answer = answer(scores(DataType.FP32, Shape.of(2), 0.12345, 0.9));

    assertThat(DisclosedAnswer.of(answer, Disclosure.FULL, RULES)).isSameAs(answer);
  }

  @ParameterizedTest
  @EnumSource(names = {"FP16", "BF16", "FP32", "FP64"})
  void roundedScoresKeepTwoDecimals(DataType type) {
    Tensor shown = rounded(scores(type, Shape.of(3), 0.12499, -0.987, 0));

    double step = type == DataType.BF16 ? 0.004 : 0.0005; // what the datatype can tell apart
    assertThat(read(shown))
        .usingElementComparator((a, b) -> Math.abs(a - b) < step ? 0 : 1)
        .containsExactly(0.12, -0.99, 0.0);
    assertThat(shown.datatype()).isEqualTo(type);
  }

  @Test
  void aScoreThatIsNoneStaysSo() {
    assertThat(
            read(
                rounded(
                    scores(
                        DataType.FP32,
                        Shape.of(3),
                        Double.NaN,
                        Double.POSITIVE_INFINITY,
                        Float.MAX_VALUE))))
        .containsExactly(Double.NaN, Double.POSITIVE_INFINITY, (double) Float.MAX_VALUE);
  }

  @Test
  void aLoneScoreBecomesAClass() {
    assertThat(read(label(scores(DataType.FP32, Shape.of(4), 0.49, 0.5, 1.7, Double.NaN))))
        .containsExactly(0.0, 1.0, 1.0, Double.NaN);
    assertThat(read(label(scores(DataType.FP64, Shape.of(2, 1), 0.2, 0.8))))
        .containsExactly(0.0, 1.0);
  }

  @Test
  void ofSeveralScoresTheFirstLargestIsTheClass() {
    assertThat(
            read(
                label(
                    scores(
                        DataType.FP32,
                        Shape.of(3, 3),
                        0.1,
                        0.7,
                        0.2,
                        0.4,
                        0.4,
                        0.2,
                        Double.NaN,
                        -2,
                        -1))))
        .containsExactly(0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0);
  }

  @Test
  void labelsAreShownToEverybody() {
    Tensor label =
        new Tensor(
            "label",
            DataType.INT64,
            Shape.of(1),
            ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, 7));

    for (Disclosure disclosure : Disclosure.values()) {
      assertThat(DisclosedAnswer.of(answer(label), disclosure, RULES).outputs())
          .containsExactly(label);
    }
  }

  @Test
  void rulesOutOfRangeAreRefused() {
    assertThatThrownBy(() -> new DisclosureRules(16, 0.5)).hasMessageContaining("decimals: 16");
    assertThatThrownBy(() -> new DisclosureRules(2, Double.NaN))
        .hasMessageContaining("label threshold: NaN");
  }

  private static Tensor rounded(Tensor output) {
    return DisclosedAnswer.of(answer(output), Disclosure.ROUNDED, RULES).outputs().getFirst();
  }

  private static Tensor label(Tensor output) {
    return DisclosedAnswer.of(answer(output), Disclosure.LABEL, RULES).outputs().getFirst();
  }

  private static InferenceResponse answer(Tensor output) {
    return new InferenceResponse("fraud", VERSION, "1", List.of(output), 0, 0, 1, false);
  }

  private static Tensor scores(DataType type, Shape shape, double... values) {
    ByteBuffer data =
        ByteBuffer.allocate(values.length * type.byteSize()).order(ByteOrder.LITTLE_ENDIAN);
    Scores scores = new Scores(type, data);
    IntStream.range(0, values.length).forEach(i -> scores.set(i, values[i]));
    return new Tensor("score", type, shape, data);
  }

  private static List<Double> read(Tensor tensor) {
    Scores scores = new Scores(tensor.datatype(), tensor.data());
    return IntStream.range(0, Math.toIntExact(tensor.elementCount()))
        .mapToObj(scores::get)
        .toList();
  }
}
