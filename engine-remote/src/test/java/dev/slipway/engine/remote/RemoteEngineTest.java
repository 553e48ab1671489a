package dev.slipway.engine.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ArtifactFormat;
import dev.slipway.core.model.EngineSettings;
import dev.slipway.core.model.TensorSpec;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.serving.engine.InferenceSession;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.ModelArtifact;
import dev.slipway.testkit.engine.TestArtifacts;
import dev.slipway.testkit.engine.TestTensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RemoteEngineTest {
  private static final long NO_DEADLINE = Long.MAX_VALUE;

  @TempDir Path folder;

  private final RemoteEngine engine = new RemoteEngine();

  @Test
  void theSignatureIsWhatTheServerSays() throws IOException {
    try (SmallV2Server server = new SmallV2Server(true)) {
      assertThat(engine.inspect(artifact(server)).inputs())
          .containsExactly(
              TensorSpec.of("x", DataType.FP32, Shape.of(-1, 3)),
              TensorSpec.of("id", DataType.INT64, Shape.of(-1, 1)),
              TensorSpec.of("text", DataType.BYTES, Shape.of(-1, 1)));
      try (LoadedModel model = engine.load(artifact(server), EngineSettings.DEFAULT)) {
        assertThat(model.blocks()).isTrue();
      }
    }
  }

  @Test
  void aFileInJsonWithoutAVersionServesAsWell() throws IOException {
    try (SmallV2Server server = new SmallV2Server(true)) {
      Path file =
          Files.writeString(
              folder.resolve("remote.json"),
              "{\"url\": \"%s/\", \"model\": \"small\", \"timeout_ms\": 5000}"
                  .formatted(server.url()));
      ModelArtifact artifact = TestArtifacts.of(file, ArtifactFormat.REMOTE_V2);
      try (LoadedModel model = engine.load(artifact, EngineSettings.DEFAULT);
          InferenceSession session = model.openSession()) {
        assertThat(session.infer(request("a"), NO_DEADLINE)).hasSize(3);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void tensorsTravelAsBytesExactlyWhereTheServerSaysSo(boolean binary) throws IOException {
    try (SmallV2Server server = new SmallV2Server(binary);
        LoadedModel model = engine.load(artifact(server), EngineSettings.DEFAULT);
        InferenceSession session = model.openSession()) {
      session.infer(request("a"), NO_DEADLINE);
      assertThat(server.lastRequestWasBinary()).isEqualTo(binary);
    }
  }

  @Test
  void whatTheServerRefusesIsTheCallersFaultInTheServersWords() throws IOException {
    try (SmallV2Server server = new SmallV2Server(true);
        LoadedModel model = engine.load(artifact(server), EngineSettings.DEFAULT);
        InferenceSession session = model.openSession()) {
      SlipwayException failure = failure(session, request("!out"), NO_DEADLINE);
      assertThat(failure.code()).isEqualTo(ErrorCode.VALUE_REJECTED);
      assertThat(failure).hasMessage("text[0]: '!out' is rude");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "true|CRASH|answered 500: the model crashed",
        "true|OVERLOAD|answered 503: queue is full",
        "true|HANG_UP|",
        "true|NO_JSON|no JSON",
        "true|OUTPUT_MISSING|output 'shout' is missing",
        "true|TOO_FEW_BYTES|sum: 2 bytes (expected: 1 elements of FP32)",
        "false|TOO_FEW_BYTES|sum: 0 bytes (expected: 1 elements of FP32)",
        "true|WRONG_DATATYPE|output 'sum': INT32 [1, 1] (expected: FP32 [-1, 1])",
        "false|WRONG_DATATYPE|an integer of INT32",
        "true|ABSURD_SHAPE|sum: 4 bytes"
      })
  void aServerThatFailsIsNamedWithWhatItDid(
      boolean binary, SmallV2Server.Fault fault, String reason) throws IOException {
    try (SmallV2Server server = new SmallV2Server(binary);
        LoadedModel model = engine.load(artifact(server), EngineSettings.DEFAULT);
        InferenceSession session = model.openSession()) {
      server.fail(fault);
      SlipwayException failure = failure(session, request("a"), NO_DEADLINE);
      assertThat(failure.code()).as(failure.getMessage()).isEqualTo(ErrorCode.UPSTREAM_FAILED);
      assertThat(failure)
          .hasMessageContaining(server.url())
          .hasMessageContaining(reason == null ? "" : reason);
      server.fail(SmallV2Server.Fault.NONE);
      assertThat(session.infer(request("a"), NO_DEADLINE)).hasSize(3);
    }
  }

  @Test
  void aServerThatIsAwayIsNamed() throws IOException {
    ModelArtifact artifact;
    try (SmallV2Server server = new SmallV2Server(true)) {
      artifact = artifact(server);
    }
    SlipwayException failure =
        catchThrowableOfType(SlipwayException.class, () -> engine.inspect(artifact));
    assertThat(failure.code()).isEqualTo(ErrorCode.UPSTREAM_FAILED);
    assertThat(failure)
        .hasMessageContaining("cannot connect")
        .hasCauseInstanceOf(IOException.class);
  }

  @Test
  void aModelThatTheServerDoesNotHaveIsNamed() throws IOException {
    try (SmallV2Server server = new SmallV2Server(true)) {
      Path file =
          Files.writeString(
              folder.resolve("other.yaml"), "url: %s\nmodel: a b/c\n".formatted(server.url()));
      SlipwayException failure =
          catchThrowableOfType(
              SlipwayException.class,
              () -> engine.inspect(TestArtifacts.of(file, ArtifactFormat.REMOTE_V2)));
      assertThat(failure.code()).isEqualTo(ErrorCode.UPSTREAM_FAILED);
      assertThat(failure).hasMessageContaining("/v2/models/a%20b%2Fc answered 404: no such model");
    }
  }

  @Test
  void aServerThatHangsCostsTheRequestNoMoreThanItsDeadline() throws IOException {
    try (SmallV2Server server = new SmallV2Server(true);
        LoadedModel model = engine.load(artifact(server), EngineSettings.DEFAULT);
        InferenceSession session = model.openSession()) {
      server.fail(SmallV2Server.Fault.HANG);
      long deadline = System.nanoTime() + 100_000_000;
      assertThat(failure(session, request("a"), deadline).code())
          .isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
      assertThat(System.nanoTime()).isGreaterThanOrEqualTo(deadline);
    }
  }

  @Test
  void aServerThatHangsCostsNoMoreThanTheTimeoutOfTheArtifact() throws IOException {
    try (SmallV2Server server = new SmallV2Server(true)) {
      Path file =
          Files.writeString(
              folder.resolve("hasty.yaml"),
              "url: %s\nmodel: small\ntimeout_ms: 1500\n".formatted(server.url()));
      ModelArtifact artifact = TestArtifacts.of(file, ArtifactFormat.REMOTE_V2);
      try (LoadedModel model = engine.load(artifact, EngineSettings.DEFAULT);
          InferenceSession session = model.openSession()) {
        server.fail(SmallV2Server.Fault.HANG);
        SlipwayException failure = failure(session, request("a"), NO_DEADLINE);
        assertThat(failure.code()).isEqualTo(ErrorCode.UPSTREAM_FAILED);
        assertThat(failure).hasMessageContaining("has not answered within 1500 ms");
      }
    }
  }

  @Test
  void whatJsonCannotSayIsRefusedBeforeItIsSent() throws IOException {
    try (SmallV2Server server = new SmallV2Server(false);
        LoadedModel model = engine.load(artifact(server), EngineSettings.DEFAULT);
        InferenceSession session = model.openSession()) {
      List<Tensor> inputs =
          List.of(
              TestTensors.fp32("x", Shape.of(1, 3), 1, Float.NaN, 2),
              TestTensors.int64("id", Shape.of(1, 1), 1),
              TestTensors.strings("text", Shape.of(1, 1), "a"));
      SlipwayException failure = failure(session, inputs, NO_DEADLINE);
      assertThat(failure.code()).isEqualTo(ErrorCode.VALUE_REJECTED);
      assertThat(failure).hasMessageContaining("x[1]: NaN");
    }
  }

  private ModelArtifact artifact(SmallV2Server server) throws IOException {
    return TestArtifacts.of(server.writeArtifact(folder), ArtifactFormat.REMOTE_V2);
  }

  private static List<Tensor> request(String text) {
    return List.of(
        TestTensors.fp32("x", Shape.of(1, 3), 1, 2, 3),
        TestTensors.int64("id", Shape.of(1, 1), 1),
        TestTensors.strings("text", Shape.of(1, 1), text));
  }

  private static SlipwayException failure(
      InferenceSession session, List<Tensor> inputs, long deadlineNanos) {
    SlipwayException failure =
        catchThrowableOfType(SlipwayException.class, () -> session.infer(inputs, deadlineNanos));
    assertThat(failure).as("the run is refused").isNotNull();
    return failure;
  }
}
