package dev.slipway.engine.onnx;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.model.TensorSpec;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * What goes into a graph and comes out of it. Inputs with an initializer are left out: ONNX Runtime
 * gives them their value.
 */
record OnnxGraph(List<TensorSpec> inputs, List<OnnxNode> outputs) {
  private static final int TENSOR = 1;
  private static final int SEQUENCE = 2;
  private static final int MAP = 3;

  OnnxGraph {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /** Whether a run could tell no more than the declarations do. */
  boolean isComplete() {
    boolean batched = inputs.stream().allMatch(TensorSpec::isBatched);
    return outputs.stream().allMatch(node -> node.isComplete(batched));
  }

  ModelSignature signature() {
    return new ModelSignature(inputs, outputs.stream().map(OnnxNode::spec).toList());
  }

  /**
   * @param session address of the loaded session
   * @throws SlipwayException FORMAT_UNSUPPORTED if an input or output is of a kind that no protocol
   *     of ours has
   */
  static OnnxGraph of(long session) throws OrtFailure {
    try (Arena arena = Arena.ofConfined()) {
      Reader reader = new Reader(session, arena);
      List<TensorSpec> inputs = new ArrayList<>();
      for (long i = 0; i < reader.count(OrtApi.INPUT_COUNT); i++) {
        switch (reader.node("input", OrtApi.INPUT_NAME, OrtApi.INPUT_TYPE, i)) {
          case OnnxNode.OfTensor(TensorSpec spec) -> inputs.add(spec);
          case OnnxNode.OfScores(TensorSpec spec) ->
              throw unsupported("input", spec.name(), "a sequence of maps");
        }
      }
      List<OnnxNode> outputs = new ArrayList<>();
      for (long i = 0; i < reader.count(OrtApi.OUTPUT_COUNT); i++) {
        outputs.add(reader.node("output", OrtApi.OUTPUT_NAME, OrtApi.OUTPUT_TYPE, i));
      }
      if (inputs.isEmpty()) {
        throw new SlipwayException(
            ErrorCode.FORMAT_UNSUPPORTED, "the model has no input (expected: at least one)");
      }
      return new OnnxGraph(inputs, outputs);
    }
  }

  private static SlipwayException unsupported(String role, String name, String what) {
    return new SlipwayException(
        ErrorCode.FORMAT_UNSUPPORTED,
        "%s '%s' is %s (expected: a tensor, or for an output a sequence of maps from class to score)"
            .formatted(role, name, what));
  }

  /** Reads the declarations of one session. */
  private static final class Reader {
    private final long session;
    private final Arena arena;
    private final MemorySegment out;

    Reader(long session, Arena arena) {
      this.session = session;
      this.arena = arena;
      this.out = arena.allocate(JAVA_LONG);
    }

    long count(MethodHandle function) throws OrtFailure {
      OrtApi.call(function, session, out.address());
      return out.get(JAVA_LONG, 0);
    }

    OnnxNode node(String role, MethodHandle nameOf, MethodHandle typeOf, long index)
        throws OrtFailure {
      OrtApi.call(nameOf, session, index, OrtApi.ALLOCATOR, out.address());
      String name = OrtApi.takeText(out.get(JAVA_LONG, 0));
      OrtApi.call(typeOf, session, index, out.address());
      long type = out.get(JAVA_LONG, 0);
      try {
        return switch (number(OrtApi.TYPE_KIND, type)) {
          case TENSOR -> new OnnxNode.OfTensor(tensor(role, name, type));
          case SEQUENCE -> scores(role, name, type);
          case MAP -> throw unsupported(role, name, "a map");
          default -> throw unsupported(role, name, "an optional, sparse or opaque value");
        };
      } finally {
        OrtApi.release(OrtApi.RELEASE_TYPE_INFO, type);
      }
    }

    private TensorSpec tensor(String role, String name, long type) throws OrtFailure {
      // These casts return a part of what they are given, which is not to be released.
      long tensor = pointer(OrtApi.TYPE_AS_TENSOR, type);
      OrtApi.elementType(tensor, out);
      int element = out.get(JAVA_INT, 0);
      DataType datatype =
          ElementType.datatype(element)
              .orElseThrow(
                  () -> unsupported(role, name, "a tensor of ONNX element type " + element));
      OrtApi.rank(tensor, out);
      long rank = out.get(JAVA_LONG, 0);
      MemorySegment dimensions = arena.allocate(JAVA_LONG, Math.max(1, rank));
      OrtApi.dimensions(tensor, dimensions, rank);
      long[] shape = new long[Math.toIntExact(rank)];
      for (int i = 0; i < shape.length; i++) {
        shape[i] = Math.max(Shape.DYNAMIC, dimensions.getAtIndex(JAVA_LONG, i));
      }
      return TensorSpec.of(name, datatype, Shape.of(shape));
    }

    private OnnxNode scores(String role, String name, long type) throws OrtFailure {
      long sequence = pointer(OrtApi.TYPE_AS_SEQUENCE, type);
      long element = pointer(OrtApi.SEQUENCE_ELEMENT_TYPE, sequence);
      try {
        if (number(OrtApi.TYPE_KIND, element) != MAP) {
          throw unsupported(role, name, "a sequence of tensors");
        }
        long map = pointer(OrtApi.TYPE_AS_MAP, element);
        int key = number(OrtApi.MAP_KEY_TYPE, map);
        long value = pointer(OrtApi.MAP_VALUE_TYPE, map);
        try {
          OrtApi.elementType(pointer(OrtApi.TYPE_AS_TENSOR, value), out);
        } finally {
          OrtApi.release(OrtApi.RELEASE_TYPE_INFO, value);
        }
        int score = out.get(JAVA_INT, 0);
        if (score != ElementType.FLOAT || (key != ElementType.INT64 && key != ElementType.STRING)) {
          throw unsupported(
              role, name, "a sequence of maps from element type %d to %d".formatted(key, score));
        }
        return new OnnxNode.OfScores(
            TensorSpec.of(name, DataType.FP32, Shape.of(Shape.DYNAMIC, Shape.DYNAMIC)));
      } finally {
        OrtApi.release(OrtApi.RELEASE_TYPE_INFO, element);
      }
    }

    private long pointer(MethodHandle function, long of) throws OrtFailure {
      OrtApi.call(function, of, out.address());
      return out.get(JAVA_LONG, 0);
    }

    private int number(MethodHandle function, long of) throws OrtFailure {
      OrtApi.call(function, of, out.address());
      return out.get(JAVA_INT, 0);
    }
  }
}
