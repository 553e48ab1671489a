package dev.slipway.http.metrics;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Everything that {@code /metrics} shows, in the form the scraper asks for. Thread-safe. */
public final class MetricsText {
  private final List<MultiCollector> collectors;
  private final ExpositionFormats formats = ExpositionFormats.init();
  private @Nullable PrometheusRegistry prepared;

  /** Shows these collectors, and the JVM and its process. */
  public MetricsText(List<MultiCollector> collectors) {
    this.collectors = List.copyOf(collectors);
  }

  /**
   * Looks up what the JVM offers. The first scrape does it too; done aside right after the start,
   * it costs neither.
   */
  public synchronized void prepare() {
    if (prepared == null) {
      PrometheusRegistry registry = new PrometheusRegistry();
      collectors.forEach(registry::register);
      JvmMetrics.builder().register(registry);
      prepared = registry;
    }
  }

  private synchronized PrometheusRegistry registry() {
    prepare();
    return Objects.requireNonNull(prepared);
  }

  /**
   * A scrape's answer.
   *
   * @param contentType Prometheus text, OpenMetrics, or the protobuf form that has native
   *     histograms
   */
  public record Scrape(String contentType, byte[] body) {}

  /**
   * Collects everything now; takes milliseconds, so it is not for an event loop.
   *
   * @param accept header of the scraper
   */
  public Scrape scrape(@Nullable String accept) {
    ExpositionFormatWriter writer = formats.findWriter(accept);
    ByteArrayOutputStream body = new ByteArrayOutputStream(32 << 10);
    try {
      writer.write(body, registry().scrape());
    } catch (IOException e) {
      throw new UncheckedIOException("writing metrics to memory failed", e);
    }
    return new Scrape(writer.getContentType(), body.toByteArray());
  }
}
