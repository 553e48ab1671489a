package dev.slipway.http.tls;

import dev.slipway.core.error.SlipwayException;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks once a second whether the files say something else, and hands on what fits together. Files
 * that do not, such as half of a pair that is being replaced, change nothing. Looking at what is in
 * them, and not at their times, also finds what was put in place by a link.
 */
public final class TlsReload implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TlsReload.class);
  private static final Duration EVERY = Duration.ofSeconds(1);

  private final TlsFiles files;
  private final Consumer<TlsMaterial> changed;
  private final Thread looking;

  /**
   * @param current what is used now
   * @param changed is handed what is to be used from then on
   */
  public TlsReload(TlsFiles files, TlsMaterial current, Consumer<TlsMaterial> changed) {
    this.files = files;
    this.changed = changed;
    this.looking = Thread.ofVirtual().name("slipway-tls-files").start(() -> look(current));
  }

  private void look(TlsMaterial first) {
    TlsMaterial current = first;
    String problem = "";
    try {
      while (true) {
        Thread.sleep(EVERY);
        try {
          TlsMaterial read = TlsMaterial.read(files);
          if (!read.isSame(current)) {
            changed.accept(read);
            current = read;
            LOG.info("tls: {} was read again", files.certificate());
          }
          problem = "";
        } catch (SlipwayException e) {
          if (!problem.equals(e.getMessage())) {
            problem = e.getMessage();
            LOG.warn("tls: goes on with what was read before: {}", problem);
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // Closed.
    }
  }

  @Override
  public void close() {
    looking.interrupt();
  }
}
