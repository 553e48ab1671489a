package dev.slipway.platform.monitor;

import dev.slipway.core.drift.cell.DriftReport;
import dev.slipway.core.drift.cell.FieldPlace;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at every deployment each minute, and says in the log when drift begins and ends. */
public final class DriftWatch implements AutoCloseable {
  public static final Duration EVERY = Duration.ofMinutes(1);

  private static final Logger LOG = LoggerFactory.getLogger(DriftWatch.class);
  private static final WindowLength WINDOW = WindowLength.HOUR;

  private final DriftMonitor monitor;
  private final Duration every;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;
  private volatile List<DriftMonitor.Watched> latest = List.of();
  private Set<Alert> alerts = new HashSet<>();

  private record Alert(String deployment, FieldPlace place, String feature) {}

  private DriftWatch(DriftMonitor monitor, Duration every) {
    this.monitor = monitor;
    this.every = every;
    this.thread = Thread.ofPlatform().daemon().name("drift").unstarted(this::run);
  }

  /** Begins to look. */
  public static DriftWatch start(DriftMonitor monitor, Duration every) {
    DriftWatch watch = new DriftWatch(monitor, every);
    watch.thread.start();
    return watch;
  }

  /** What was seen last, one for each deployment that has a reference. */
  public List<DriftMonitor.Watched> latest() {
    return latest;
  }

  private void run() {
    try {
      while (!closing.await(every.toMillis(), TimeUnit.MILLISECONDS)) {
        look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    try {
      latest = monitor.watchAll(WINDOW);
    } catch (RuntimeException e) {
      LOG.warn("drift cannot be looked at, the next turn tries again", e);
      return;
    }
    Set<Alert> now = new HashSet<>();
    for (DriftMonitor.Watched watched : latest) {
      for (DriftReport.Field field : watched.report().alerts()) {
        Alert alert =
            new Alert(
                watched.deployment(), field.field().place(), field.field().reference().feature());
        now.add(alert);
        if (!alerts.contains(alert)) {
          LOG.warn(
              "{}: {} {} drifts (PSI {}, bound {}, {} rows in {})",
              watched.deployment(),
              alert.place().side().label(),
              alert.feature(),
              String.format(Locale.ROOT, "%.3f", field.latest().psi()),
              String.format(Locale.ROOT, "%.3f", field.latest().bound()),
              field.latest().rows(),
              WINDOW);
        }
      }
    }
    for (Alert alert : alerts) {
      if (!now.contains(alert)) {
        LOG.info("{}: {} no longer drifts", alert.deployment(), alert.feature());
      }
    }
    alerts = now;
  }

  @Override
  public void close() {
    closing.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
