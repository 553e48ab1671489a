package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.cli.output.Progress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Progress on a terminal, off it, and when nothing is wanted. */
class ProgressTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final AtomicLong nanos = new AtomicLong();

  @Test
  void terminalSeesABarThatIsRedrawnAndRemoved() {
    Progress progress = progress(true, false);

    progress.bytes("uploading", 10, 100); // Too early.
    nanos.addAndGet(Duration.ofMillis(150).toNanos());
    progress.bytes("uploading", 50, 100);
    progress.bytes("uploading", 100, 100); // The last one is always drawn.
    progress.end();

    assertThat(text())
        .isEqualTo(
            "\ruploading [%s%s]  50%% of 100 B\u001b[K\ruploading [%s] 100%% of 100 B\u001b[K\r\u001b[K"
                .formatted("#".repeat(15), "-".repeat(15), "#".repeat(30)));
  }

  @Test
  void pipeSeesALineNowAndThen() {
    Progress progress = progress(false, false);

    for (int second = 1; second <= 25; second++) {
      nanos.addAndGet(Duration.ofSeconds(1).toNanos());
      progress.bytes("uploading", second * 1024L, 30 * 1024L);
    }
    progress.end();

    assertThat(text()).isEqualTo("uploading: 33% of 30.0 KiB\nuploading: 66% of 30.0 KiB\n");
  }

  @Test
  void quietSeesNothing() {
    Progress progress = progress(true, true);

    nanos.addAndGet(Duration.ofMinutes(1).toNanos());
    progress.bytes("uploading", 1, 2);
    progress.waiting("deploying", Duration.ofSeconds(3));
    progress.note("done");
    progress.end();

    assertThat(text()).isEmpty();
  }

  private Progress progress(boolean terminal, boolean quiet) {
    return new Progress(
        new PrintStream(bytes, true, StandardCharsets.UTF_8), terminal, quiet, nanos::get);
  }

  private String text() {
    return bytes.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
  }
}
