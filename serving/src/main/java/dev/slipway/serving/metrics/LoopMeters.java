package dev.slipway.serving.metrics;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.ToLongFunction;

/**
 * The meters of one event loop. The loop's thread makes and retires them; any thread may take
 * snapshots. The meters of the last {@link #RETIRED_MAX} variants that are gone are kept, so that
 * their last counts are seen, and no more, so that many deployments do not fill the memory.
 */
public final class LoopMeters {
  static final int RETIRED_MAX = 64;

  private final ConcurrentMap<VariantKey, VariantMeter> meters = new ConcurrentHashMap<>();
  private final Deque<VariantKey> retired = new ArrayDeque<>();

  public VariantMeter meter(VariantKey key) {
    VariantMeter meter = meters.get(key);
    if (meter == null) {
      meter = new VariantMeter(key);
      meters.put(key, meter);
    } else if (!retired.isEmpty()) {
      retired.remove(key);
    }
    return meter;
  }

  /** The variant is no longer served. */
  public void retire(VariantKey key) {
    if (meters.containsKey(key) && !retired.contains(key)) {
      retired.addLast(key);
      if (retired.size() > RETIRED_MAX) {
        meters.remove(retired.removeFirst());
      }
    }
  }

  /**
   * @param loadedBytes what a variant's model occupies now
   */
  public List<VariantSnapshot> snapshots(ToLongFunction<VariantKey> loadedBytes) {
    List<VariantSnapshot> snapshots = new ArrayList<>();
    meters.forEach((key, meter) -> snapshots.add(meter.snapshot(loadedBytes.applyAsLong(key))));
    return snapshots;
  }
}
