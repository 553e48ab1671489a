package dev.slipway.engine.onnx;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ExecutionProvider;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Puts a session on the device that was asked for, or says what the machine lacks. */
final class ExecutionProviders {
  private ExecutionProviders() {}

  /** The providers that the ONNX Runtime found was built with, by its own names. */
  static List<String> available() {
    OrtStart.require();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment names = arena.allocate(JAVA_LONG);
      MemorySegment count = arena.allocate(JAVA_LONG);
      OrtApi.call(OrtApi.AVAILABLE_PROVIDERS, names.address(), count.address());
      long array = names.get(JAVA_LONG, 0);
      int length = count.get(JAVA_INT, 0);
      MemorySegment pointers =
          MemorySegment.ofAddress(array).reinterpret((long) length * Long.BYTES);
      List<String> providers = new ArrayList<>();
      for (int i = 0; i < length; i++) {
        providers.add(OrtApi.text(pointers.getAtIndex(JAVA_LONG, i)));
      }
      OrtApi.call(OrtApi.RELEASE_AVAILABLE_PROVIDERS, array, length);
      return List.copyOf(providers);
    } catch (OrtFailure e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * @param options address of the session options
   * @throws SlipwayException DEVICE_UNAVAILABLE, naming what is missing and how to mend it
   */
  static void append(ExecutionProvider provider, long options) {
    if (provider == ExecutionProvider.CPU) {
      return;
    }
    List<String> available = available();
    if (!available.contains(ortName(provider))) {
      throw new SlipwayException(
          ErrorCode.DEVICE_UNAVAILABLE,
          "provider: %s (expected: one of %s, which this build of ONNX Runtime has). %s"
              .formatted(name(provider), available, mend(provider)));
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_LONG);
      switch (provider) {
        case CPU -> {}
        case CUDA ->
            append(
                options,
                out,
                OrtApi.CREATE_CUDA_OPTIONS,
                OrtApi.APPEND_CUDA,
                OrtApi.RELEASE_CUDA_OPTIONS);
        case TENSORRT ->
            append(
                options,
                out,
                OrtApi.CREATE_TENSORRT_OPTIONS,
                OrtApi.APPEND_TENSORRT,
                OrtApi.RELEASE_TENSORRT_OPTIONS);
        case OPENVINO -> OrtApi.call(OrtApi.APPEND_OPENVINO, options, 0, 0, 0);
      }
    } catch (OrtFailure e) {
      throw unavailable(provider, e);
    }
  }

  private static void append(
      long options, MemorySegment out, MethodHandle create, MethodHandle add, MethodHandle release)
      throws OrtFailure {
    OrtApi.call(create, out.address());
    long providerOptions = out.get(JAVA_LONG, 0);
    try {
      OrtApi.call(add, options, providerOptions);
    } finally {
      OrtApi.release(release, providerOptions);
    }
  }

  static SlipwayException unavailable(ExecutionProvider provider, OrtFailure failure) {
    return new SlipwayException(
        ErrorCode.DEVICE_UNAVAILABLE,
        "provider: %s cannot be used on this machine: %s. %s"
            .formatted(name(provider), OrtErrors.brief(failure), mend(provider)),
        failure);
  }

  private static String name(ExecutionProvider provider) {
    return provider.name().toLowerCase(Locale.ROOT);
  }

  private static String ortName(ExecutionProvider provider) {
    return switch (provider) {
      case CPU -> "CPUExecutionProvider";
      case CUDA -> "CUDAExecutionProvider";
      case TENSORRT -> "TensorrtExecutionProvider";
      case OPENVINO -> "OpenVINOExecutionProvider";
    };
  }

  private static String mend(ExecutionProvider provider) {
    String build =
        "Start the server with -D"
            + OrtLibrary.FOLDER_PROPERTY
            + "=FOLDER, a build of ONNX Runtime with ";
    return switch (provider) {
      case CPU -> "";
      case CUDA -> build + "CUDA, and install the NVIDIA driver, CUDA 12 and cuDNN 9";
      case TENSORRT ->
          build
              + "TensorRT, and install the NVIDIA driver, CUDA 12, cuDNN 9 and TensorRT 10;"
              + " or serve the model from a Triton server through a remote.yaml";
      case OPENVINO ->
          build
              + "OpenVINO, and install the OpenVINO runtime;"
              + " or serve the model from OpenVINO Model Server through a remote.yaml";
    };
  }
}
