package dev.slipway.http.rest;

import dev.slipway.http.call.Bytes;
import dev.slipway.http.call.CallScope;
import dev.slipway.http.call.ContentCoding;
import dev.slipway.http.call.Headers;
import dev.slipway.http.metrics.MetricsText;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

/** Answers a scrape, collected and compressed off the event loop. */
final class MetricsCall extends RestCall {
  private final MetricsText metrics;

  MetricsCall(CallScope scope, HttpServerRequest request, MetricsText metrics) {
    super(scope, request, "METRICS");
    this.metrics = metrics;
  }

  void start() {
    String accept = request().getHeader(HttpHeaders.ACCEPT);
    ContentCoding coding = ContentCoding.accepted(request().getHeader(Headers.ACCEPT_ENCODING));
    scope()
        .blocking()
        .execute(
            () -> {
              try {
                MetricsText.Scrape scrape = metrics.scrape(accept);
                byte[] plain = scrape.body();
                byte[] body =
                    coding == ContentCoding.IDENTITY
                        ? plain
                        : coding.encode(plain, 0, plain.length);
                scope().context().runOnContext(ignored -> send(scrape, coding, body));
              } catch (RuntimeException e) {
                scope().context().runOnContext(ignored -> fail(e));
              }
            });
  }

  private void send(MetricsText.Scrape scrape, ContentCoding coding, byte[] body) {
    if (coding != ContentCoding.IDENTITY) {
      request().response().headers().set(Headers.CONTENT_ENCODING, coding.token());
    }
    answer(200, scrape.contentType(), Bytes.buffer(body));
  }
}
