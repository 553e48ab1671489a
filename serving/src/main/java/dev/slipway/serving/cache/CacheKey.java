package dev.slipway.serving.cache;

import dev.slipway.core.tensor.Shape;
import dev.slipway.core.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything an answer depends on: the model, each input's name, datatype, shape and bytes, and the
 * outputs wanted. Equality compares all of it; the hash only finds candidates.
 */
public final class CacheKey {
  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

  private final Object model;
  private final List<Tensor> inputs;
  private final int @Nullable [] outputs;
  private final int hash;

  private CacheKey(Object model, List<Tensor> inputs, int @Nullable [] outputs, int hash) {
    this.model = model;
    this.inputs = inputs;
    this.outputs = outputs;
    this.hash = hash;
  }

  /**
   * A key over tensors that somebody else owns; valid as long as they are.
   *
   * @param model names the bytes and settings that answer; compared by equality
   * @param inputs in the signature's order
   * @param outputs places of the outputs wanted; null means all
   */
  public static CacheKey over(Object model, List<Tensor> inputs, int @Nullable [] outputs) {
    long hash = model.hashCode() * MULTIPLIER + Arrays.hashCode(outputs);
    for (int i = 0; i < inputs.size(); i++) {
      hash = mix(hash, inputs.get(i));
    }
    return new CacheKey(model, inputs, outputs, (int) (hash ^ hash >>> 32));
  }

  /** This key with copies of its tensors, for keeping. */
  CacheKey frozen() {
    return new CacheKey(model, copies(inputs), outputs, hash);
  }

  long bytes() {
    return bytesOf(inputs);
  }

  static long bytesOf(List<Tensor> tensors) {
    long bytes = 0;
    for (Tensor tensor : tensors) {
      bytes += tensor.byteLength();
    }
    return bytes;
  }

  static List<Tensor> copies(List<Tensor> tensors) {
    return tensors.stream()
        .map(
            tensor ->
                new Tensor(tensor.name(), tensor.datatype(), tensor.shape(), copy(tensor.data())))
        .toList();
  }

  private static ByteBuffer copy(ByteBuffer source) {
    ByteBuffer copy = ByteBuffer.allocate(source.limit()).order(ByteOrder.LITTLE_ENDIAN);
    return copy.put(0, source, 0, source.limit());
  }

  private static long mix(long start, Tensor tensor) {
    ByteBuffer data = tensor.data();
    int length = data.limit();
    long hash = start * MULTIPLIER + length;
    Shape shape = tensor.shape();
    for (int i = 0; i < shape.rank(); i++) {
      hash = hash * 31 + shape.dimension(i);
    }
    int at = 0;
    for (; at <= length - Long.BYTES; at += Long.BYTES) {
      hash = (hash ^ data.getLong(at)) * MULTIPLIER;
      hash ^= hash >>> 29;
    }
    for (; at < length; at++) {
      hash = (hash ^ data.get(at)) * MULTIPLIER;
    }
    return hash ^ hash >>> 32;
  }

  @Override
  public boolean equals(Object object) {
    if (!(object instanceof CacheKey other)
        || hash != other.hash
        || inputs.size() != other.inputs.size()
        || !model.equals(other.model)
        || !Arrays.equals(outputs, other.outputs)) {
      return false;
    }
    for (int i = 0; i < inputs.size(); i++) {
      Tensor own = inputs.get(i);
      Tensor theirs = other.inputs.get(i);
      if (own.datatype() != theirs.datatype()
          || !own.shape().equals(theirs.shape())
          || !own.name().equals(theirs.name())
          || !fromStart(own).equals(fromStart(theirs))) {
        return false;
      }
    }
    return true;
  }

  private static ByteBuffer fromStart(Tensor tensor) {
    return tensor.data().duplicate().position(0);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
