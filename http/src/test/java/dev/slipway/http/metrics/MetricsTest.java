package dev.slipway.http.metrics;

import static dev.slipway.http.testing.RunningServer.rows;
import static dev.slipway.http.testing.RunningServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.http.testing.KnownModels;
import dev.slipway.http.testing.RunningServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class MetricsTest {
  private static final int REQUESTS = 50;
  private static RunningServer running;

  @BeforeAll
  static void start() {
    running = RunningServer.start();
    for (int i = 0; i < REQUESTS; i++) {
      running.post("/v2/models/sum/infer", rows(1, 2, 3, 4, 5, 6));
    }
    running.post("/v2/models/sum/infer", rows(KnownModels.FAILS, 0, 0));
    running.post("/v2/models/sum/infer", "{");
    running.post("/v2/models/no-such-model/infer", rows(1, 2, 3));
    running.get("/api/v1/nothing");
    running.post("/v1/models/sum:predict", "{\"instances\":[[1,2,3]]}");
  }

  @AfterAll
  static void stop() {
    running.close();
  }

  @Test
  void theTextFormNamesWhatTheContractAsksFor() {
    HttpResponse<byte[]> response = running.get("/metrics");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type").orElse(""))
        .startsWith("text/plain; version=0.0.4");
    assertThat(text(response).lines())
        .contains(
            "slipway_requests_total{model=\"sum\",outcome=\"success\",protocol=\"rest\",version=\"1\"}"
                + " 50.0",
            "slipway_requests_total{model=\"sum\",outcome=\"success\",protocol=\"v1\",version=\"1\"}"
                + " 1.0",
            "slipway_requests_total{model=\"sum\",outcome=\"failed\",protocol=\"rest\",version=\"1\"}"
                + " 1.0",
            "slipway_inferences_total{model=\"sum\",version=\"1\"} 101.0",
            "slipway_limit_hits_total{limit=\"body_bytes\"} 0.0",
            "slipway_control_requests_total{status=\"404\"} 1.0")
        .anyMatch(line -> line.startsWith("slipway_failures_total{") && line.contains("reason="))
        .anyMatch(
            line ->
                line.startsWith("slipway_stage_seconds_bucket{")
                    && line.contains("stage=\"infer\""))
        .anyMatch(line -> line.startsWith("slipway_batch_rows_bucket{"))
        .anyMatch(line -> line.startsWith("slipway_queue_depth{"))
        .anyMatch(line -> line.startsWith("slipway_model_loaded_bytes{"))
        .anyMatch(line -> line.startsWith("slipway_model_cold_starts_total{"))
        .anyMatch(line -> line.startsWith("slipway_cache_hits_total{"))
        .anyMatch(
            line ->
                line.startsWith("slipway_model_scheduling_info{")
                    && line.contains("engine=\"known\""))
        .anyMatch(line -> line.startsWith("slipway_connections "))
        .anyMatch(line -> line.startsWith("process_cpu_seconds_total "))
        .anyMatch(line -> line.startsWith("process_resident_memory_bytes "))
        .anyMatch(line -> line.startsWith("jvm_memory_used_bytes{"))
        .noneMatch(line -> line.contains("no-such-model"));
  }

  @Test
  void classicHistogramsAreCumulativeAndComplete() {
    Map<Double, Double> buckets = new TreeMap<>();
    text(running.get("/metrics"))
        .lines()
        .filter(line -> line.startsWith("slipway_request_seconds_bucket{model=\"sum\""))
        .forEach(
            line -> {
              String bound = line.replaceAll(".*le=\"([^\"]+)\".*", "$1");
              buckets.put(
                  bound.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(bound),
                  Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)));
            });
    assertThat(buckets).hasSizeGreaterThan(20);
    assertThat(List.copyOf(buckets.values())).isSorted();
    assertThat(buckets).containsEntry(Double.POSITIVE_INFINITY, REQUESTS + 1.0);
  }

  @Test
  void openMetricsAndCompressionAreNegotiated() throws IOException {
    HttpResponse<byte[]> response =
        running.send(
            running
                .request("/metrics")
                .header("Accept", "application/openmetrics-text; version=1.0.0")
                .header("Accept-Encoding", "gzip")
                .GET());
    assertThat(response.headers().firstValue("content-type").orElse(""))
        .startsWith("application/openmetrics-text");
    assertThat(response.headers().firstValue("content-encoding")).hasValue("gzip");
    String body =
        new String(
            new GZIPInputStream(new ByteArrayInputStream(response.body())).readAllBytes(),
            StandardCharsets.UTF_8);
    assertThat(body).endsWith("# EOF\n");
  }

  @Test
  void theProtobufFormHasNativeHistogramsThatAgreeWithTheClassicOnes() throws IOException {
    HttpResponse<byte[]> response =
        running.send(
            running
                .request("/metrics")
                .header(
                    "Accept",
                    "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily;"
                        + " encoding=delimited")
                .GET());
    assertThat(response.headers().firstValue("content-type").orElse(""))
        .startsWith("application/vnd.google.protobuf");
    assertThat(response.body().length).isPositive();
    assertThat(new String(response.body(), StandardCharsets.ISO_8859_1))
        .contains("slipway_request_seconds");
  }
}
