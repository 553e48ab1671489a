package dev.slipway.cli.output;

import java.io.PrintStream;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Progress of long work on stderr: a bar that is redrawn on a terminal, elsewhere a line now and
 * then. Safe for several threads.
 */
public final class Progress {
  private static final int BAR_WIDTH = 30;
  private static final long REDRAW_NANOS = Duration.ofMillis(100).toNanos();
  private static final long LINE_NANOS = Duration.ofSeconds(10).toNanos();

  private final PrintStream err;
  private final boolean terminal;
  private final boolean quiet;
  private final LongSupplier nanoClock;
  private long lastNanos;
  private boolean drawn;

  /**
   * @param terminal whether {@code err} is a terminal
   * @param quiet whether nothing is to be shown at all
   * @param nanoClock such as {@link System#nanoTime}
   */
  public Progress(PrintStream err, boolean terminal, boolean quiet, LongSupplier nanoClock) {
    this.err = err;
    this.terminal = terminal;
    this.quiet = quiet;
    this.nanoClock = nanoClock;
    this.lastNanos = nanoClock.getAsLong();
  }

  /** A remark on a line of its own. */
  public synchronized void note(String text) {
    if (!quiet) {
      end();
      err.println(text);
    }
  }

  /**
   * How far work on a known number of bytes has come.
   *
   * @param total {@code >= 0}
   */
  public synchronized void bytes(String activity, long done, long total) {
    share(activity, done, total, JsonText.bytes(total));
  }

  /**
   * How far work on a known number of things has come.
   *
   * @param things what they are called
   * @param total {@code >= 0}
   */
  public synchronized void count(String activity, String things, long done, long total) {
    share(activity, done, total, "%,d %s".formatted(total, things));
  }

  private void share(String activity, long done, long total, String all) {
    if (quiet || !isDue(done >= total)) {
      return;
    }
    long percent = total == 0 ? 100 : Math.min(100, done * 100 / total);
    if (terminal) {
      int filled = (int) (percent * BAR_WIDTH / 100);
      draw(
          "%s [%s%s] %3d%% of %s"
              .formatted(
                  activity, "#".repeat(filled), "-".repeat(BAR_WIDTH - filled), percent, all));
    } else if (done < total) {
      err.println("%s: %d%% of %s".formatted(activity, percent, all));
    }
  }

  /** What is being waited for, and for how long already. */
  public synchronized void waiting(String activity, Duration elapsed) {
    if (quiet || !isDue(false)) {
      return;
    }
    String text = "%s (%d s)".formatted(activity, elapsed.toSeconds());
    if (terminal) {
      draw(text);
    } else {
      err.println(text);
    }
  }

  /** Removes what is drawn, so that other output starts on a clean line. */
  public synchronized void end() {
    if (drawn) {
      err.print("\r\u001b[K");
      err.flush();
      drawn = false;
    }
  }

  private boolean isDue(boolean last) {
    long now = nanoClock.getAsLong();
    if (!(last && terminal) && now - lastNanos < (terminal ? REDRAW_NANOS : LINE_NANOS)) {
      return false;
    }
    lastNanos = now;
    return true;
  }

  private void draw(String text) {
    err.print("\r" + text + "\u001b[K");
    err.flush();
    drawn = true;
  }
}
