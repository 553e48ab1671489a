package dev.slipway.example.fraud;

/**
 * What happened at one terminal in sliding windows that end a label delay ago, as far as it is
 * known now. Not thread-safe.
 */
final class TerminalHistory {
  private final int delaySeconds;
  private final int[] windowSeconds;
  private final EventQueue events = new EventQueue();

  /** The frauds alone, with the second at which each is reported. */
  private final EventQueue frauds = new EventQueue();

  private final long[] firstInWindow;

  /** First transaction that is too recent for every window. */
  private long firstRecent;

  private int nowSeconds;

  /**
   * @param windowDays lengths of the windows, ascending
   */
  TerminalHistory(int delayDays, int... windowDays) {
    delaySeconds = delayDays * WorldSettings.SECONDS_PER_DAY;
    windowSeconds = new int[windowDays.length];
    for (int w = 0; w < windowDays.length; w++) {
      windowSeconds[w] = windowDays[w] * WorldSettings.SECONDS_PER_DAY;
    }
    firstInWindow = new long[windowDays.length];
  }

  /** Moves the windows to {@code seconds}, not earlier than before. */
  void advance(int seconds) {
    nowSeconds = seconds;
    int recent = seconds - delaySeconds;
    firstRecent = firstLaterThan(firstRecent, recent);
    for (int w = 0; w < windowSeconds.length; w++) {
      firstInWindow[w] = firstLaterThan(firstInWindow[w], recent - windowSeconds[w]);
    }
    int widest = windowSeconds.length - 1;
    events.dropBefore(firstInWindow[widest]);
    while (frauds.begin() < frauds.end()
        && frauds.seconds(frauds.begin()) <= recent - windowSeconds[widest]) {
      frauds.dropBefore(frauds.begin() + 1);
    }
  }

  /** Adds what happened at the time of the last {@link #advance}. */
  void add(boolean fraud, int labelSeconds) {
    events.add(nowSeconds, 0);
    if (fraud) {
      frauds.add(nowSeconds, labelSeconds);
    }
  }

  /** Transactions in window {@code w}. */
  int count(int w) {
    return (int) (firstRecent - firstInWindow[w]);
  }

  /** Share of these that are known to be fraud, 0 if there are none. */
  double risk(int w) {
    int count = count(w);
    return count == 0 ? 0 : (double) knownFrauds(w) / count;
  }

  /** Frauds are rare, so counting them anew is cheap; and it cannot go wrong. */
  private int knownFrauds(int w) {
    int windowEnd = nowSeconds - delaySeconds;
    int windowBegin = windowEnd - windowSeconds[w];
    int known = 0;
    for (long i = frauds.begin(); i < frauds.end(); i++) {
      int seconds = frauds.seconds(i);
      if (seconds > windowBegin && seconds <= windowEnd && frauds.value(i) <= nowSeconds) {
        known++;
      }
    }
    return known;
  }

  private long firstLaterThan(long from, int seconds) {
    long index = from;
    while (index < events.end() && events.seconds(index) <= seconds) {
      index++;
    }
    return index;
  }
}
