package dev.slipway.serving.cache;

import dev.slipway.core.tensor.Tensor;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers by {@link CacheKey}, least recently used first out once the byte budget is spent. One
 * thread owns it; {@link #bytes} may be read by any.
 */
public final class ResponseCache {
  /** Rough cost of an entry beside its bytes: key, tensors, shapes, links. */
  private static final long ENTRY_OVERHEAD_BYTES = 400;

  private final LongSupplier bytesMax;
  private final Map<CacheKey, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
  private final AtomicLong bytes = new AtomicLong();

  private record Entry(List<Tensor> outputs, long bytes) {}

  /**
   * @param bytesMax budget of this cache now; it shrinks when another loop opens
   */
  public ResponseCache(LongSupplier bytesMax) {
    this.bytesMax = bytesMax;
  }

  /** The answer's outputs, or null; they stay valid after an eviction. */
  public @Nullable List<Tensor> get(CacheKey key) {
    Entry entry = entries.get(key);
    return entry == null ? null : entry.outputs();
  }

  /** Copies what is given; an answer of more than a quarter of the budget is not kept. */
  public void put(CacheKey key, List<Tensor> outputs) {
    long size = ENTRY_OVERHEAD_BYTES + key.bytes() + CacheKey.bytesOf(outputs);
    long budget = bytesMax.getAsLong();
    if (size > budget / 4 || entries.containsKey(key)) {
      return;
    }
    entries.put(key.frozen(), new Entry(CacheKey.copies(outputs), size));
    long total = bytes.getPlain() + size;
    Iterator<Entry> eldest = entries.values().iterator();
    while (total > budget) {
      total -= eldest.next().bytes();
      eldest.remove();
    }
    bytes.setOpaque(total);
  }

  /** Bytes held, with an estimate of each entry's overhead. */
  public long bytes() {
    return bytes.getOpaque();
  }
}
