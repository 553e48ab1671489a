package dev.slipway.engine.onnx;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ArtifactFormat;
import dev.slipway.core.model.EngineSettings;
import dev.slipway.core.model.ExecutionProvider;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.ModelArtifact;
import dev.slipway.serving.engine.ModelEngine;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;

/**
 * Runs ONNX models on ONNX Runtime, on any of its devices that the machine has. Thread-safe.
 *
 * <p>Sessions run on the calling thread: no thread pool unless {@code intra_op_threads} asks for
 * one, and none that spins. The native library is loaded at the first use.
 */
public final class OnnxEngine implements ModelEngine {
  public static final String NAME = "onnx";

  private static final int SEQUENTIAL = 0;
  private static final int NO_OPTIMISATION = 0;
  private static final int ALL_OPTIMISATIONS = 99;

  private static final Charset PATH_ENCODING =
      System.getProperty("os.name", "").startsWith("Windows")
          ? StandardCharsets.UTF_16LE
          : StandardCharsets.UTF_8;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean supports(ModelArtifact artifact) {
    return artifact.format() == ArtifactFormat.ONNX;
  }

  @Override
  public ModelSignature inspect(ModelArtifact artifact) {
    try (OnnxModel model = open(artifact, EngineSettings.DEFAULT, NO_OPTIMISATION)) {
      return model.signature();
    }
  }

  @Override
  public LoadedModel load(ModelArtifact artifact, EngineSettings settings) {
    return open(artifact, settings, ALL_OPTIMISATIONS);
  }

  /** The execution providers of the ONNX Runtime found, by its own names, the preferred first. */
  public List<String> availableProviders() {
    return ExecutionProviders.available();
  }

  private static OnnxModel open(ModelArtifact artifact, EngineSettings settings, int optimisation) {
    if (artifact.format() != ArtifactFormat.ONNX) {
      throw new SlipwayException(
          ErrorCode.FORMAT_UNSUPPORTED,
          "engine onnx: %s (expected: %s)".formatted(artifact.format(), ArtifactFormat.ONNX));
    }
    if (!Files.isReadable(artifact.primaryFile())) {
      throw new SlipwayException(
          ErrorCode.MODEL_INVALID,
          "%s: no readable file".formatted(artifact.primaryFile().getFileName()));
    }
    OrtStart.require();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_LONG);
      OrtApi.call(OrtApi.CREATE_SESSION_OPTIONS, out.address());
      long options = out.get(JAVA_LONG, 0);
      try {
        configure(options, settings, optimisation, arena);
        MemorySegment path =
            arena.allocateFrom(artifact.primaryFile().toAbsolutePath().toString(), PATH_ENCODING);
        OrtApi.call(
            OrtApi.CREATE_SESSION, OrtApi.ENVIRONMENT, path.address(), options, out.address());
      } catch (OrtFailure e) {
        throw settings.provider() != ExecutionProvider.CPU && isDeviceFailure(e)
            ? ExecutionProviders.unavailable(settings.provider(), e)
            : OrtErrors.loading(artifact, e);
      } finally {
        OrtApi.release(OrtApi.RELEASE_SESSION_OPTIONS, options);
      }
      return OnnxModel.of(out.get(JAVA_LONG, 0), artifact);
    } catch (OrtFailure e) {
      throw OrtErrors.loading(artifact, e);
    }
  }

  private static void configure(
      long options, EngineSettings settings, int optimisation, Arena arena) throws OrtFailure {
    OrtApi.call(OrtApi.SET_EXECUTION_MODE, options, SEQUENTIAL);
    OrtApi.call(OrtApi.SET_OPTIMIZATION_LEVEL, options, optimisation);
    OrtApi.call(OrtApi.SET_INTRA_OP_THREADS, options, settings.intraOpThreads());
    OrtApi.call(OrtApi.SET_INTER_OP_THREADS, options, 1);
    MemorySegment off = arena.allocateFrom("0");
    for (String key :
        List.of("session.intra_op.allow_spinning", "session.inter_op.allow_spinning")) {
      OrtApi.call(
          OrtApi.ADD_SESSION_CONFIG_ENTRY,
          options,
          arena.allocateFrom(key).address(),
          off.address());
    }
    ExecutionProviders.append(settings.provider(), options);
  }

  private static boolean isDeviceFailure(OrtFailure failure) {
    String text = failure.text();
    return text.contains("CUDA")
        || text.contains("Tensorrt")
        || text.contains("TensorRT")
        || text.contains("OpenVINO");
  }
}
