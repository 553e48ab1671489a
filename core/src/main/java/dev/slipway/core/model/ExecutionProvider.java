package dev.slipway.core.model;

/** The execution providers of ONNX Runtime that a model can ask for. */
public enum ExecutionProvider {
  CPU,
  CUDA,
  TENSORRT,
  OPENVINO
}
