package dev.slipway.protocol.metadata;

import dev.slipway.core.model.BatchSettings;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.core.model.TensorSpec;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;

/**
 * How a version is served, in Triton's terms, for {@code GET /v2/models/{m}/config}.
 *
 * @param name deployment's name
 * @param platform as in {@link ModelMetadata}
 * @param backend engine that runs it
 * @param onGpu whether it runs on a GPU
 * @param instances runs that may go on at the same time, {@code >= 1}
 */
public record ModelConfiguration(
    String name,
    ModelVersion version,
    String platform,
    String backend,
    boolean onGpu,
    int instances) {
  ModelSignature signature() {
    return version.signature();
  }

  BatchSettings batch() {
    return version.settings().batch();
  }

  /**
   * Most rows of one request. A model that joins rows and has no limit set takes any number; one
   * that does not join rows has 0, which in this vocabulary means that its shapes are complete.
   */
  int maxBatchSize() {
    if (!signature().isBatched()) {
      return 0;
    }
    int limit = batch().maxBatchSize();
    return limit == 0 ? Integer.MAX_VALUE : limit;
  }

  /** A tensor's dimensions, without that of the batch where {@link #maxBatchSize} speaks of it. */
  long[] dimensions(TensorSpec spec) {
    Shape shape = spec.shape();
    long[] all = shape.toArray();
    if (!signature().isBatched()) {
      return all;
    }
    long[] row = new long[all.length - 1];
    System.arraycopy(all, 1, row, 0, row.length);
    return row;
  }

  /** {@code TYPE_FP32} and the like. */
  static String typeName(DataType datatype) {
    return datatype == DataType.BYTES ? "TYPE_STRING" : "TYPE_" + datatype.name();
  }
}
