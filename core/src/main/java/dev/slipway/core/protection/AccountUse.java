package dev.slipway.core.protection;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.inference.InferenceRequest;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What one account asks of one deployment. Days go from midnight to midnight, UTC. Thread-safe;
 * threads that serve wait for each other for microseconds only.
 */
public final class AccountUse {
  static final long DAY_MILLIS = 86_400_000;

  /** Every so many requests are examined, and every one that has as many rows as a sample. */
  private static final int EXAMINED_EVERY = 4;

  private static final int SAMPLE_ROWS = 16;
  private static final long[][] NO_SAMPLE = {};

  private final AtomicLong requests = new AtomicLong();
  private final ReentrantLock detecting = new ReentrantLock();
  private final @Nullable ExtractionDetector detector;
  private volatile Day day;

  /** The rows of one day. */
  private record Day(long number, AtomicLong rows) {}

  AccountUse(ExtractionRules rules, long nowMillis, long rows) {
    this.detector = rules.isWatching() ? new ExtractionDetector(rules) : null;
    this.day = new Day(nowMillis / DAY_MILLIS, new AtomicLong(rows));
  }

  /**
   * Takes rows from the day's budget, all or none.
   *
   * @param rowsPerDay the budget; 0 for none
   * @throws SlipwayException BUDGET_EXHAUSTED if fewer are left
   */
  void take(long rows, long rowsPerDay, long nowMillis) {
    AtomicLong used = today(nowMillis).rows();
    long after = used.addAndGet(rows);
    if (rowsPerDay > 0 && after > rowsPerDay) {
      long left = Math.max(0, rowsPerDay - used.addAndGet(-rows));
      long seconds = (DAY_MILLIS - nowMillis % DAY_MILLIS) / 1000 + 1;
      throw new SlipwayException(
          ErrorCode.BUDGET_EXHAUSTED,
          ("rows: %d more of this deployment today (expected: at most %d, which are left of %d a"
                  + " day; %d hours %d minutes until there are new ones)")
              .formatted(rows, left, rowsPerDay, seconds / 3600, seconds / 60 % 60));
    }
  }

  /**
   * Shows a sample of a request's rows to the detector.
   *
   * @return what this request completed
   */
  @Nullable ExtractionFinding examine(InferenceRequest request, long rows, long nowMillis) {
    ExtractionDetector watching = detector;
    if (watching == null || rows < 1) {
      return null;
    }
    boolean sampled = requests.getAndIncrement() % EXAMINED_EVERY == 0 || rows >= SAMPLE_ROWS;
    long[][] sample = sampled ? QuestionRows.first(request, rows, SAMPLE_ROWS) : NO_SAMPLE;
    detecting.lock();
    try {
      return watching.observe(rows, sample, nowMillis);
    } finally {
      detecting.unlock();
    }
  }

  /** Rows of the day that it is. */
  public long rowsToday(long nowMillis) {
    Day known = day;
    return known.number() == nowMillis / DAY_MILLIS ? known.rows().get() : 0;
  }

  private Day today(long nowMillis) {
    long number = nowMillis / DAY_MILLIS;
    Day known = day;
    return known.number() == number ? known : begin(number);
  }

  private synchronized Day begin(long number) {
    if (day.number() < number) {
      day = new Day(number, new AtomicLong());
    }
    return day;
  }
}
