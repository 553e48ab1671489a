package dev.slipway.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.sun.management.ThreadMXBean;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ArtifactFormat;
import dev.slipway.core.model.EngineSettings;
import dev.slipway.core.model.EngineSettings.Scheduling;
import dev.slipway.core.model.ExecutionProvider;
import dev.slipway.core.model.FieldSpec;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.model.TensorSpec;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.serving.engine.InferenceSession;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.testkit.engine.TensorAssertions;
import dev.slipway.testkit.engine.TestArtifacts;
import dev.slipway.testkit.engine.TestTensors;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OnnxEngineTest {
  private static final long NO_DEADLINE = Long.MAX_VALUE;

  private final OnnxEngine engine = new OnnxEngine();

  @Test
  void theSignatureComesFromTheGraphWithSymbolicDimensionsDynamic() {
    ModelSignature signature = engine.inspect(OnnxModels.artifact("strings"));
    assertThat(signature.inputs())
        .containsExactly(
            TensorSpec.of("text", DataType.BYTES, Shape.of(-1, 2)),
            TensorSpec.of("count", DataType.INT64, Shape.of(-1, 1)));
    assertThat(signature.outputs())
        .extracting(TensorSpec::name)
        .containsExactly("marked", "same", "doubled");
    assertThat(signature.isBatched()).isTrue();
    assertThat(engine.inspect(OnnxModels.artifact("fixed")).isBatched()).isFalse();
  }

  @Test
  void inputsWithADefaultAreLeftOut() {
    assertThat(engine.inspect(OnnxModels.artifact("default_input")).inputs())
        .extracting(TensorSpec::name)
        .containsExactly("x");
  }

  @Test
  void scoresOfASequenceOfMapsNameTheirClassesInSortedOrder() {
    assertThat(scores("scores_by_number").shape()).isEqualTo(Shape.of(-1, 3));
    assertThat(scores("scores_by_number").datatype()).isEqualTo(DataType.FP32);
    assertThat(scores("scores_by_number").fields())
        .extracting(FieldSpec::name)
        .containsExactly("10", "20", "30");
    assertThat(scores("scores_by_name").fields())
        .extracting(FieldSpec::name)
        .containsExactly("apple", "fig", "pear");
  }

  private TensorSpec scores(String model) {
    return engine.inspect(OnnxModels.artifact(model)).output("scores").orElseThrow();
  }

  @Test
  void anOutputOfUndeclaredRankGetsTheRankThatARunShows() {
    assertThat(engine.inspect(OnnxModels.artifact("unknown_rank")).outputs())
        .containsExactly(TensorSpec.of("y", DataType.FP32, Shape.of(-1, -1)));
  }

  @Test
  void sequencesOfTensorsAreRefusedByName() {
    assertThatThrownBy(() -> engine.inspect(OnnxModels.artifact("sequence")))
        .isInstanceOfSatisfying(
            SlipwayException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.FORMAT_UNSUPPORTED))
        .hasMessageContaining("output 'parts' is a sequence of tensors");
  }

  @Test
  void missingExternalWeightsAreAReason(@TempDir Path folder) throws Exception {
    Path source = OnnxModels.artifact("external/model").primaryFile();
    Path copy = Files.copy(source, folder.resolve("model.onnx"));
    assertThatThrownBy(() -> engine.inspect(TestArtifacts.of(copy, ArtifactFormat.ONNX)))
        .isInstanceOfSatisfying(
            SlipwayException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MODEL_INVALID))
        .hasMessageContaining("model.weights");
  }

  @Test
  void weightsFromOutsideTheArtifactAreRefused() {
    assertThatThrownBy(() -> engine.inspect(OnnxModels.artifact("escape/model")))
        .isInstanceOfSatisfying(
            SlipwayException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MODEL_INVALID))
        .hasMessageContaining("../external/model.weights");
  }

  @Test
  void stringsOfAnyBytesPassBothWays() {
    byte[] every = new byte[256];
    for (int i = 0; i < every.length; i++) {
      every[i] = (byte) i;
    }
    List<byte[]> sent =
        List.of(
            every, new byte[] {(byte) 0xC3, '('}, new byte[] {0, 0, 0}, new byte[] {(byte) 0xFF});
    List<byte[]> marked =
        sent.stream()
            .map(
                element -> {
                  byte[] longer = Arrays.copyOf(element, element.length + 1);
                  longer[element.length] = '!';
                  return longer;
                })
            .toList();
    try (LoadedModel model = engine.load(OnnxModels.artifact("strings"), EngineSettings.DEFAULT);
        InferenceSession session = model.openSession()) {
      List<Tensor> outputs =
          session.infer(
              List.of(
                  TestTensors.bytes("text", Shape.of(2, 2), sent),
                  TestTensors.int64("count", Shape.of(2, 1), 1, 2)),
              NO_DEADLINE);
      assertThat(outputs.get(0).data())
          .isEqualTo(TestTensors.bytes("marked", Shape.of(2, 2), marked).data());
      assertThat(outputs.get(1).data())
          .isEqualTo(TestTensors.bytes("same", Shape.of(2, 2), sent).data());
    }
  }

  @Test
  void valuesThatTheModelRefusesAreTheCallersFaultAndNameTheReason() {
    Tensor text = TestTensors.strings("text", Shape.of(1, 1), "12");
    try (LoadedModel model = engine.load(OnnxModels.artifact("lookup"), EngineSettings.DEFAULT);
        InferenceSession session = model.openSession()) {
      assertThat(failure(session, TestTensors.int64("id", Shape.of(1), 7), text))
          .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.VALUE_REJECTED))
          .hasMessageContaining("out of data bounds")
          .message()
          .doesNotContain("onnxruntime_src");
      Tensor notANumber = TestTensors.strings("text", Shape.of(1, 1), "twelve");
      assertThat(failure(session, TestTensors.int64("id", Shape.of(1), 1), notANumber).code())
          .isEqualTo(ErrorCode.VALUE_REJECTED);
      assertThat(session.infer(List.of(TestTensors.int64("id", Shape.of(1), 1), text), NO_DEADLINE))
          .hasSize(2);
    }
  }

  @Test
  void shapesThatTheModelCannotTakeAreRefusedAsSuch() {
    try (LoadedModel model = engine.load(OnnxModels.artifact("fixed"), EngineSettings.DEFAULT);
        InferenceSession session = model.openSession()) {
      assertThat(failure(session, TestTensors.fp32("x", Shape.of(1, 2), 1, 2)).code())
          .isEqualTo(ErrorCode.INVALID_TENSOR);
      assertThat(failure(session, TestTensors.fp32("x", Shape.of(3), 1, 2, 3)).code())
          .isEqualTo(ErrorCode.INVALID_TENSOR);
      Tensor x = TestTensors.fp32("x", Shape.of(1, 3), 1, 2, 3);
      assertThat(failure(session, x, x).getMessage()).isEqualTo("inputs: 2 (expected: 1)");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = ExecutionProvider.class,
      names = {"CUDA", "TENSORRT", "OPENVINO"})
  void aDeviceThatTheMachineLacksIsRefusedWithTheMend(ExecutionProvider provider) {
    String name = provider.name().toLowerCase(Locale.ROOT);
    assumeFalse(
        engine.availableProviders().stream()
            .anyMatch(available -> available.toLowerCase(Locale.ROOT).startsWith(name)),
        "this build of ONNX Runtime has " + provider);
    EngineSettings settings = new EngineSettings("onnx", provider, 1, 0, Scheduling.AUTO);
    assertThatThrownBy(() -> engine.load(OnnxModels.artifact("fixed"), settings))
        .isInstanceOfSatisfying(
            SlipwayException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.DEVICE_UNAVAILABLE))
        .hasMessageContaining("provider: " + name)
        .hasMessageContaining("CPUExecutionProvider")
        .hasMessageContaining("-Donnxruntime.native.path=FOLDER");
  }

  @Test
  void severalThreadsInsideARunGiveTheSameAnswer() {
    EngineSettings settings =
        new EngineSettings("onnx", ExecutionProvider.CPU, 2, 0, Scheduling.AUTO);
    Tensor x = TestTensors.fp32("x", Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
    try (LoadedModel model = engine.load(OnnxModels.artifact("dynamic"), settings);
        InferenceSession session = model.openSession()) {
      TensorAssertions.assertSame(
          "dynamic",
          session.infer(List.of(x), NO_DEADLINE).get(1),
          TestTensors.fp32("sum", Shape.of(2), 6, 15),
          0);
    }
  }

  @Test
  void aSlowRunIsStoppedAtItsDeadlineAndTheSessionGoesOn() {
    float[] row = new float[32];
    row[5] = 3;
    Tensor x = TestTensors.fp32("x", Shape.of(1, 32), row);
    try (LoadedModel model = engine.load(OnnxModels.artifact("slow"), EngineSettings.DEFAULT);
        InferenceSession session = model.openSession()) {
      // The engine learns that this model is slow from a run that ends in time.
      long minute = 60_000_000_000L;
      session.infer(List.of(rounds(50_000), x), System.nanoTime() + minute);
      long begin = System.nanoTime();
      long deadline = begin + 50_000_000;
      assertThatThrownBy(() -> session.infer(List.of(rounds(2_000_000_000), x), deadline))
          .isInstanceOfSatisfying(
              SlipwayException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED));
      assertThat(System.nanoTime() - begin).isLessThan(minute);
      TensorAssertions.assertSame(
          "slow",
          session.infer(List.of(rounds(10), x), System.nanoTime() + minute).getFirst(),
          x.withName("y"),
          0);
    }
  }

  private static Tensor rounds(long count) {
    return TestTensors.int64("rounds", Shape.of(1), count);
  }

  @Test
  void aClosedSessionOrModelSaysSoInsteadOfEndingTheProcess() {
    List<Tensor> x = List.of(TestTensors.fp32("x", Shape.of(1, 3), 1, 2, 3));
    LoadedModel model = engine.load(OnnxModels.artifact("fixed"), EngineSettings.DEFAULT);
    InferenceSession session = model.openSession();
    model.close();
    assertThat(session.infer(x, NO_DEADLINE)).hasSize(1);
    session.close();
    assertThatThrownBy(() -> session.infer(x, NO_DEADLINE))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(model::openSession).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void steadyRunsAllocateNextToNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    List<Tensor> x = List.of(TestTensors.fp32("x", Shape.of(2, 3), 1, 2, 3, 4, 5, 6));
    int runs = 20_000;
    try (LoadedModel model = engine.load(OnnxModels.artifact("dynamic"), EngineSettings.DEFAULT);
        InferenceSession session = model.openSession()) {
      for (int i = 0; i < runs; i++) {
        session.infer(x, NO_DEADLINE);
      }
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < runs; i++) {
        session.infer(x, NO_DEADLINE);
      }
      long perRun = (threads.getCurrentThreadAllocatedBytes() - before) / runs;
      // A list, a tensor and a buffer per output would be 500 bytes.
      assertThat(perRun).isLessThan(200);
    }
  }

  @Test
  void aLibraryFolderWithoutALibraryIsNamed(@TempDir Path empty) {
    String property = OrtLibrary.FOLDER_PROPERTY;
    String before = System.getProperty(property);
    System.setProperty(property, empty.toString());
    try {
      assertThatThrownBy(OrtLibrary::locate)
          .isInstanceOfSatisfying(
              SlipwayException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.DEVICE_UNAVAILABLE))
          .hasMessageContaining(property + ": " + empty);
    } finally {
      if (before == null) {
        System.clearProperty(property);
      } else {
        System.setProperty(property, before);
      }
    }
  }

  @Test
  void theLibraryIsUnpackedOnceAndFoundAgain() throws Exception {
    Path library = OrtLibrary.locate();
    Object written = Files.getLastModifiedTime(library);
    assertThat(OrtLibrary.locate()).isEqualTo(library);
    assertThat((Object) Files.getLastModifiedTime(library)).isEqualTo(written);
  }

  @Test
  void aStringTensorWhoseLengthsDoNotAddUpIsRefused() {
    byte[] text = "twelve".getBytes(StandardCharsets.UTF_8);
    Tensor whole = TestTensors.bytes("text", Shape.of(1, 1), List.of(text));
    Tensor claimsTwo =
        new Tensor("text", DataType.BYTES, Shape.of(2, 1), TestTensors.copy(whole).data());
    Tensor tooLong = TestTensors.copy(whole);
    tooLong.data().putInt(0, 4_000);
    try (LoadedModel model = engine.load(OnnxModels.artifact("lookup"), EngineSettings.DEFAULT);
        InferenceSession session = model.openSession()) {
      for (Tensor broken : List.of(claimsTwo, tooLong)) {
        assertThat(failure(session, TestTensors.int64("id", Shape.of(1), 1), broken).code())
            .isEqualTo(ErrorCode.INVALID_TENSOR);
      }
    }
  }

  private static SlipwayException failure(InferenceSession session, Tensor... inputs) {
    SlipwayException failure =
        catchThrowableOfType(
            SlipwayException.class, () -> session.infer(List.of(inputs), NO_DEADLINE));
    assertThat(failure).as("the run is refused").isNotNull();
    return failure;
  }
}
