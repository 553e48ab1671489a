package dev.slipway.engine.trees;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxMap;
import ai.onnxruntime.OnnxSequence;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.testkit.engine.TestTensors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** ONNX Runtime, one thread, as the reference for ONNX models. */
final class OrtReference implements AutoCloseable {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;

  OrtReference(byte[] model) throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      session = environment.createSession(model, options);
    }
  }

  /** The input as the model declares it, -1 for a dynamic dimension. */
  TensorInfo input() throws OrtException {
    NodeInfo info = session.getInputInfo().values().iterator().next();
    return (TensorInfo) info.getInfo();
  }

  List<String> outputNames() {
    return List.copyOf(session.getOutputNames());
  }

  /** All outputs; a sequence of maps becomes the FP32 tensor of its values. */
  List<Tensor> run(Tensor input) throws OrtException {
    List<Tensor> outputs = new ArrayList<>();
    try (OnnxTensor x = tensor(input);
        OrtSession.Result result = session.run(Map.of(input.name(), x))) {
      for (Map.Entry<String, OnnxValue> entry : result) {
        outputs.add(output(entry.getKey(), entry.getValue()));
      }
    }
    return outputs;
  }

  private OnnxTensor tensor(Tensor input) throws OrtException {
    ByteBuffer data = input.data().duplicate().order(ByteOrder.nativeOrder()).rewind();
    long[] shape = input.shape().toArray();
    return switch (input.datatype()) {
      case FP32 -> OnnxTensor.createTensor(environment, data.asFloatBuffer(), shape);
      case FP64 -> OnnxTensor.createTensor(environment, data.asDoubleBuffer(), shape);
      case INT64 -> OnnxTensor.createTensor(environment, data.asLongBuffer(), shape);
      case INT32 -> OnnxTensor.createTensor(environment, data.asIntBuffer(), shape);
      case BOOL, INT8, INT16, UINT8, UINT16, UINT32, UINT64, FP16, BF16, BYTES ->
          throw new IllegalArgumentException(input.datatype().name());
    };
  }

  private static Tensor output(String name, OnnxValue value) throws OrtException {
    if (value instanceof OnnxSequence sequence) {
      return mapScores(name, sequence);
    }
    OnnxTensor tensor = (OnnxTensor) value;
    Shape shape = Shape.of(tensor.getInfo().getShape());
    return switch (tensor.getInfo().type) {
      case FLOAT -> {
        float[] values = new float[(int) shape.elementCount()];
        tensor.getFloatBuffer().get(values);
        yield TestTensors.fp32(name, shape, values);
      }
      case DOUBLE -> {
        double[] values = new double[(int) shape.elementCount()];
        tensor.getDoubleBuffer().get(values);
        yield TestTensors.of(name, DataType.FP64, shape, values);
      }
      case INT64 -> {
        long[] values = new long[(int) shape.elementCount()];
        tensor.getLongBuffer().get(values);
        yield TestTensors.int64(name, shape, values);
      }
      case STRING -> TestTensors.strings(name, shape, (String[]) tensor.getValue());
      case INT32, INT16, INT8, UINT8, BOOL, FLOAT16, BFLOAT16, UNKNOWN ->
          throw new IllegalArgumentException(String.valueOf(tensor.getInfo().type));
    };
  }

  private static Tensor mapScores(String name, OnnxSequence sequence) throws OrtException {
    List<Float> values = new ArrayList<>();
    int rows = 0;
    for (OnnxValue row : sequence.getValue()) {
      // A hash map in Java; the labels of these models are in their natural order.
      new TreeMap<Object, Object>(((OnnxMap) row).getValue())
          .values()
          .forEach(score -> values.add((Float) score));
      rows++;
    }
    float[] flat = new float[values.size()];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = values.get(i);
    }
    return TestTensors.fp32(name, Shape.of(rows, flat.length / rows), flat);
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }
}
