package dev.slipway.engine.onnx;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The C interface of ONNX Runtime.
 *
 * <p>Functions are reached through the table that {@code OrtGetApiBase} returns. Its order is fixed
 * for ever: versions only append to it. Every parameter is declared as a 64-bit integer: pointers
 * and sizes are, and the few enumerations travel in a register or stack slot of 64 bits whose upper
 * half the callee ignores, in the calling conventions of all platforms that ONNX Runtime is
 * published for. Plain numbers instead of segments also spare an object per argument on the hot
 * path.
 *
 * <p>Handles are addresses; 0 is none. Whoever created one releases it.
 */
final class OrtApi {
  /** The oldest table that has every function used here. */
  private static final int API_VERSION = 17;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final MemorySegment TABLE = table();

  private static final MethodHandle GET_ERROR_CODE = function(1, 1);
  private static final MethodHandle GET_ERROR_MESSAGE = function(2, 1);
  private static final MethodHandle RELEASE_STATUS = procedure(93);
  private static final MethodHandle RUN = function(9, 8);
  private static final MethodHandle RELEASE_VALUE = procedure(96);
  private static final MethodHandle CREATE_TENSOR_WITH_DATA = function(49, 7);
  private static final MethodHandle GET_TENSOR_MUTABLE_DATA = function(51, 2);
  private static final MethodHandle GET_TENSOR_TYPE_AND_SHAPE = function(65, 2);
  private static final MethodHandle GET_DIMENSIONS_COUNT = function(61, 2);
  private static final MethodHandle GET_DIMENSIONS = function(62, 3);
  private static final MethodHandle GET_TENSOR_ELEMENT_TYPE = function(60, 2);
  private static final MethodHandle RELEASE_TENSOR_TYPE_AND_SHAPE = procedure(99);
  private static final MethodHandle CREATE_TENSOR = function(48, 5);
  private static final MethodHandle GET_RESIZED_STRING = function(252, 4);
  private static final MethodHandle GET_STRING_DATA_LENGTH = function(53, 2);
  private static final MethodHandle GET_STRING_CONTENT = function(54, 5);
  private static final MethodHandle GET_VALUE = function(80, 4);
  private static final MethodHandle GET_VALUE_COUNT = function(81, 2);

  static final MethodHandle CREATE_SESSION = function(7, 4);
  static final MethodHandle RELEASE_SESSION = procedure(95);
  static final MethodHandle CREATE_SESSION_OPTIONS = function(10, 1);
  static final MethodHandle RELEASE_SESSION_OPTIONS = procedure(100);
  static final MethodHandle SET_EXECUTION_MODE = function(13, 2);
  static final MethodHandle SET_OPTIMIZATION_LEVEL = function(23, 2);
  static final MethodHandle SET_INTRA_OP_THREADS = function(24, 2);
  static final MethodHandle SET_INTER_OP_THREADS = function(25, 2);
  static final MethodHandle ADD_SESSION_CONFIG_ENTRY = function(130, 3);
  static final MethodHandle INPUT_COUNT = function(30, 2);
  static final MethodHandle OUTPUT_COUNT = function(31, 2);
  static final MethodHandle INPUT_TYPE = function(33, 3);
  static final MethodHandle OUTPUT_TYPE = function(34, 3);
  static final MethodHandle INPUT_NAME = function(36, 4);
  static final MethodHandle OUTPUT_NAME = function(37, 4);
  static final MethodHandle RELEASE_TYPE_INFO = procedure(98);
  static final MethodHandle TYPE_KIND = function(56, 2);
  static final MethodHandle TYPE_AS_TENSOR = function(55, 2);
  static final MethodHandle TYPE_AS_MAP = function(103, 2);
  static final MethodHandle TYPE_AS_SEQUENCE = function(104, 2);
  static final MethodHandle MAP_KEY_TYPE = function(105, 2);
  static final MethodHandle MAP_VALUE_TYPE = function(106, 2);
  static final MethodHandle SEQUENCE_ELEMENT_TYPE = function(107, 2);
  static final MethodHandle CREATE_RUN_OPTIONS = function(39, 1);
  static final MethodHandle RELEASE_RUN_OPTIONS = procedure(97);
  static final MethodHandle SET_TERMINATE = function(46, 1);
  static final MethodHandle UNSET_TERMINATE = function(47, 1);
  static final MethodHandle AVAILABLE_PROVIDERS = function(125, 2);
  static final MethodHandle RELEASE_AVAILABLE_PROVIDERS = function(126, 2);
  static final MethodHandle CREATE_CUDA_OPTIONS = function(205, 1);
  static final MethodHandle APPEND_CUDA = function(204, 2);
  static final MethodHandle RELEASE_CUDA_OPTIONS = procedure(208);
  static final MethodHandle CREATE_TENSORRT_OPTIONS = function(171, 1);
  static final MethodHandle APPEND_TENSORRT = function(170, 2);
  static final MethodHandle RELEASE_TENSORRT_OPTIONS = procedure(174);
  static final MethodHandle APPEND_OPENVINO = function(275, 4);

  private static final MethodHandle CREATE_ENVIRONMENT = function(3, 3);
  private static final MethodHandle DISABLE_TELEMETRY = function(6, 1);
  private static final MethodHandle CREATE_CPU_MEMORY_INFO = function(69, 3);
  private static final MethodHandle DEFAULT_ALLOCATOR = function(78, 1);
  private static final MethodHandle FREE = function(76, 2);

  /** Errors come back as statuses; the log would only repeat them on the standard error output. */
  private static final int LOG_FATAL = 4;

  static final long ENVIRONMENT = environment();
  static final long CPU_MEMORY = cpuMemory();
  static final long ALLOCATOR = allocator();

  private OrtApi() {}

  /**
   * Loads the library if that has not happened yet.
   *
   * @throws SlipwayException DEVICE_UNAVAILABLE if this machine cannot
   */
  static void require() {
    try {
      if (ENVIRONMENT == 0) {
        throw new IllegalStateException("no environment");
      }
    } catch (ExceptionInInitializerError e) {
      if (e.getCause() instanceof SlipwayException reason) {
        throw reason;
      }
      throw unavailable(e.getCause() == null ? e : e.getCause());
    } catch (NoClassDefFoundError e) {
      throw unavailable(e);
    }
  }

  private static SlipwayException unavailable(Throwable cause) {
    return new SlipwayException(
        ErrorCode.DEVICE_UNAVAILABLE,
        "ONNX Runtime cannot be loaded: " + cause.getMessage(),
        cause);
  }

  // Off the hot path.

  static void call(MethodHandle function, long a) throws OrtFailure {
    try {
      check((long) function.invokeExact(a));
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  static void call(MethodHandle function, long a, long b) throws OrtFailure {
    try {
      check((long) function.invokeExact(a, b));
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  static void call(MethodHandle function, long a, long b, long c) throws OrtFailure {
    try {
      check((long) function.invokeExact(a, b, c));
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  static void call(MethodHandle function, long a, long b, long c, long d) throws OrtFailure {
    try {
      check((long) function.invokeExact(a, b, c, d));
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  static void release(MethodHandle procedure, long handle) {
    try {
      procedure.invokeExact(handle);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** The string at that address. */
  static String text(long address) {
    return MemorySegment.ofAddress(address).reinterpret(Long.MAX_VALUE).getString(0);
  }

  /** The string that ONNX Runtime allocated at that address, which is freed. */
  static String takeText(long address) throws OrtFailure {
    String text = text(address);
    call(FREE, ALLOCATOR, address);
    return text;
  }

  // The hot path.

  static void run(
      long session,
      long options,
      long inputNames,
      long inputs,
      long inputCount,
      long outputNames,
      long outputCount,
      long outputs)
      throws OrtFailure {
    try {
      check(
          (long)
              RUN.invokeExact(
                  session,
                  options,
                  inputNames,
                  inputs,
                  inputCount,
                  outputNames,
                  outputCount,
                  outputs));
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /** Writes to {@code out} a tensor over memory of the caller's, which must outlive it. */
  static void createTensorOver(
      long data, long bytes, long shape, long rank, int type, MemorySegment out) throws OrtFailure {
    try {
      check(
          (long)
              CREATE_TENSOR_WITH_DATA.invokeExact(
                  CPU_MEMORY, data, bytes, shape, rank, (long) type, out.address()));
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /** Writes to {@code out} a tensor in memory of its own. */
  static void createTensor(long shape, long rank, int type, MemorySegment out) throws OrtFailure {
    try {
      check((long) CREATE_TENSOR.invokeExact(ALLOCATOR, shape, rank, (long) type, out.address()));
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  static void releaseValue(long value) {
    try {
      RELEASE_VALUE.invokeExact(value);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  static void tensorData(long value, MemorySegment out) throws OrtFailure {
    call(GET_TENSOR_MUTABLE_DATA, value, out.address());
  }

  static void tensorTypeAndShape(long value, MemorySegment out) throws OrtFailure {
    call(GET_TENSOR_TYPE_AND_SHAPE, value, out.address());
  }

  static void releaseTypeAndShape(long info) {
    release(RELEASE_TENSOR_TYPE_AND_SHAPE, info);
  }

  static void elementType(long typeAndShape, MemorySegment out) throws OrtFailure {
    call(GET_TENSOR_ELEMENT_TYPE, typeAndShape, out.address());
  }

  static void rank(long typeAndShape, MemorySegment out) throws OrtFailure {
    call(GET_DIMENSIONS_COUNT, typeAndShape, out.address());
  }

  static void dimensions(long typeAndShape, MemorySegment out, long rank) throws OrtFailure {
    call(GET_DIMENSIONS, typeAndShape, out.address(), rank);
  }

  /** Makes room for element {@code index} of a string tensor and writes its address to out. */
  static void resizeString(long value, long index, long bytes, MemorySegment out)
      throws OrtFailure {
    call(GET_RESIZED_STRING, value, index, bytes, out.address());
  }

  static void stringBytes(long value, MemorySegment out) throws OrtFailure {
    call(GET_STRING_DATA_LENGTH, value, out.address());
  }

  /** Copies all elements behind one another, and where each begins. */
  static void stringContent(long value, long target, long bytes, long offsets, long count)
      throws OrtFailure {
    try {
      check((long) GET_STRING_CONTENT.invokeExact(value, target, bytes, offsets, count));
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /** Element of a sequence, or keys (0) and values (1) of a map. */
  static void part(long value, long index, MemorySegment out) throws OrtFailure {
    call(GET_VALUE, value, index, ALLOCATOR, out.address());
  }

  static void partCount(long value, MemorySegment out) throws OrtFailure {
    call(GET_VALUE_COUNT, value, out.address());
  }

  private static void check(long status) throws OrtFailure {
    if (status != 0) {
      throw failure(status);
    }
  }

  private static OrtFailure failure(long status) {
    try {
      // The code is a 32-bit enumeration, whose upper half the register does not define.
      int code = (int) (long) GET_ERROR_CODE.invokeExact(status);
      String message = text((long) GET_ERROR_MESSAGE.invokeExact(status));
      RELEASE_STATUS.invokeExact(status);
      return new OrtFailure(code, message);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static OrtFailure rethrown(Throwable e) {
    if (e instanceof OrtFailure failure) {
      return failure;
    }
    if (e instanceof Error error) {
      throw error;
    }
    throw new IllegalStateException(e);
  }

  private static MemorySegment table() {
    SymbolLookup library = SymbolLookup.libraryLookup(OrtLibrary.locate(), Arena.global());
    MethodHandle getApiBase =
        LINKER.downcallHandle(
            library.findOrThrow("OrtGetApiBase"), FunctionDescriptor.of(ValueLayout.JAVA_LONG));
    try {
      long base = (long) getApiBase.invokeExact();
      long getApi = pointers(base, 1).get(ValueLayout.JAVA_LONG, 0);
      MethodHandle get =
          LINKER.downcallHandle(
              MemorySegment.ofAddress(getApi),
              FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));
      long api = (long) get.invokeExact(API_VERSION);
      if (api == 0) {
        throw new SlipwayException(
            ErrorCode.DEVICE_UNAVAILABLE,
            "the ONNX Runtime found is too old (expected: 1.%d or newer)".formatted(API_VERSION));
      }
      return pointers(api, 276);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static MemorySegment pointers(long address, long count) {
    return MemorySegment.ofAddress(address).reinterpret(count * Long.BYTES);
  }

  private static MethodHandle function(int index, int parameters) {
    return LINKER.downcallHandle(
        address(index), FunctionDescriptor.of(ValueLayout.JAVA_LONG, longs(parameters)));
  }

  private static MethodHandle procedure(int index) {
    return LINKER.downcallHandle(address(index), FunctionDescriptor.ofVoid(longs(1)));
  }

  private static MemorySegment address(int index) {
    return MemorySegment.ofAddress(TABLE.get(ValueLayout.JAVA_LONG, (long) index * Long.BYTES));
  }

  private static MemoryLayout[] longs(int count) {
    MemoryLayout[] layouts = new MemoryLayout[count];
    Arrays.fill(layouts, ValueLayout.JAVA_LONG);
    return layouts;
  }

  private static long environment() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
      MemorySegment name = arena.allocateFrom("slipway", StandardCharsets.UTF_8);
      call(CREATE_ENVIRONMENT, LOG_FATAL, name.address(), out.address());
      long environment = out.get(ValueLayout.JAVA_LONG, 0);
      call(DISABLE_TELEMETRY, environment);
      return environment;
    } catch (OrtFailure e) {
      throw new IllegalStateException(e);
    }
  }

  private static long cpuMemory() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
      int deviceAllocator = 0;
      int defaultMemory = 0;
      call(CREATE_CPU_MEMORY_INFO, deviceAllocator, defaultMemory, out.address());
      return out.get(ValueLayout.JAVA_LONG, 0);
    } catch (OrtFailure e) {
      throw new IllegalStateException(e);
    }
  }

  private static long allocator() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
      call(DEFAULT_ALLOCATOR, out.address());
      return out.get(ValueLayout.JAVA_LONG, 0);
    } catch (OrtFailure e) {
      throw new IllegalStateException(e);
    }
  }
}
