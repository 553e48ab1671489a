package dev.slipway.http.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Exports spans over OTLP/HTTP. A request whose caller has decided is recorded as the caller says;
 * of the others, the given share is. Spans leave in batches off the event loop, through a bounded
 * queue that drops what does not fit. Thread-safe.
 */
public final class OtlpTracing implements Tracing {
  private static final AttributeKey<String> SERVICE_NAME = AttributeKey.stringKey("service.name");
  private static final AttributeKey<String> SERVICE_VERSION =
      AttributeKey.stringKey("service.version");
  private static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");
  private static final int QUEUE_SPANS_MAX = 8_192;
  private static final int BATCH_SPANS_MAX = 512;
  private static final Duration BATCH_DELAY = Duration.ofSeconds(1);
  private static final Duration EXPORT_TIMEOUT = Duration.ofSeconds(10);
  private static final long FLUSH_SECONDS_MAX = 5;

  private final SdkTracerProvider provider;
  private final Tracer tracer;

  /**
   * @param endpoint where traces are sent, for example {@code http://localhost:4318/v1/traces}
   * @param share of the requests without a caller's decision that are recorded, {@code 0..1}
   */
  public OtlpTracing(URI endpoint, double share, String serverVersion) {
    provider =
        SdkTracerProvider.builder()
            .setResource(
                Resource.getDefault()
                    .merge(
                        Resource.create(
                            Attributes.of(
                                SERVICE_NAME, "slipway", SERVICE_VERSION, serverVersion))))
            .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(share)))
            .addSpanProcessor(
                BatchSpanProcessor.builder(
                        OtlpHttpSpanExporter.builder()
                            .setEndpoint(endpoint.toString())
                            .setTimeout(EXPORT_TIMEOUT)
                            .build())
                    .setMaxQueueSize(QUEUE_SPANS_MAX)
                    .setMaxExportBatchSize(BATCH_SPANS_MAX)
                    .setScheduleDelay(BATCH_DELAY)
                    .build())
            .build();
    tracer = provider.get("dev.slipway.http", serverVersion);
  }

  @Override
  public @Nullable RequestSpan begin(@Nullable TraceContext parent, String name) {
    SpanBuilder builder = tracer.spanBuilder(name).setSpanKind(SpanKind.SERVER);
    if (parent == null) {
      builder.setNoParent();
    } else {
      SpanContext remote =
          SpanContext.createFromRemoteParent(
              parent.traceId(),
              parent.spanId(),
              parent.isSampled() ? TraceFlags.getSampled() : TraceFlags.getDefault(),
              TraceState.getDefault());
      builder.setParent(Context.root().with(Span.wrap(remote)));
    }
    Span span = builder.startSpan();
    return span.isRecording() ? new ExportedSpan(span) : null;
  }

  @Override
  public void close() {
    provider.shutdown().join(FLUSH_SECONDS_MAX, TimeUnit.SECONDS);
  }

  private final class ExportedSpan implements RequestSpan {
    private final Span span;
    private final Context context;

    /** Turns {@link System#nanoTime()} into nanoseconds since the epoch. */
    private final long epochOffsetNanos =
        TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()) - System.nanoTime();

    ExportedSpan(Span span) {
      this.span = span;
      this.context = Context.root().with(span);
    }

    @Override
    public TraceContext context() {
      SpanContext own = span.getSpanContext();
      return new TraceContext(
          own.getTraceId(), own.getSpanId(), Byte.toUnsignedInt(own.getTraceFlags().asByte()));
    }

    @Override
    public RequestSpan attribute(String key, String value) {
      span.setAttribute(key, value);
      return this;
    }

    @Override
    public void stage(String name, long startNanos, long endNanos) {
      tracer
          .spanBuilder(name)
          .setParent(context)
          .setStartTimestamp(epochOffsetNanos + startNanos, TimeUnit.NANOSECONDS)
          .startSpan()
          .end(epochOffsetNanos + endNanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void failed(String code, String message) {
      span.setAttribute(ERROR_TYPE, code);
      span.setStatus(StatusCode.ERROR, message);
    }

    @Override
    public void end() {
      span.end();
    }
  }
}
