package dev.slipway.protocol.metadata;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.core.model.ArtifactDigest;
import dev.slipway.core.model.ArtifactFormat;
import dev.slipway.core.model.BatchSettings;
import dev.slipway.core.model.EngineSettings;
import dev.slipway.core.model.ModelRef;
import dev.slipway.core.model.ModelSettings;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.core.model.TensorSpec;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import dev.slipway.protocol.grpc.proto.ModelConfig;
import dev.slipway.protocol.grpc.proto.ModelStatistics;
import dev.slipway.protocol.json.ByteSink;
import dev.slipway.protocol.metadata.ModelStatisticsEntry.BatchEntry;
import dev.slipway.protocol.metadata.ModelStatisticsEntry.Stages;
import dev.slipway.protocol.metadata.ModelStatisticsEntry.Total;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class MetadataTest {
  private static final ModelSignature SIGNATURE =
      new ModelSignature(
          List.of(TensorSpec.of("x", DataType.FP32, Shape.of(Shape.DYNAMIC, 30))),
          List.of(TensorSpec.of("label", DataType.BYTES, Shape.of(Shape.DYNAMIC))));

  private static String text(Consumer<ByteSink> encoding) {
    ByteSink sink = new ByteSink();
    encoding.accept(sink);
    return new String(sink.toByteArray(), UTF_8);
  }

  private static JsonNode json(Consumer<ByteSink> encoding) throws IOException {
    return new ObjectMapper().readTree(text(encoding));
  }

  private static ModelConfiguration configuration(int maxBatchSize) {
    BatchSettings batch =
        new BatchSettings(
            maxBatchSize, 100, 9, 3, 2, 5000, true, BatchSettings.TimeoutAction.DELAY);
    ModelVersion version =
        new ModelVersion(
            new ModelRef("m", 4),
            new ArtifactDigest("sha256:" + "0".repeat(64)),
            ArtifactFormat.ONNX,
            "model.onnx",
            SIGNATURE,
            new ModelSettings(EngineSettings.DEFAULT, batch, true),
            "",
            "",
            1,
            Instant.EPOCH);
    return new ModelConfiguration("fraud", version, "onnxruntime_onnx", "onnxruntime", false, 2);
  }

  @Test
  void healthBodiesHoldTheKeysThatClientsRead() {
    assertThat(text(sink -> MetadataJson.encodeLive(true, sink))).isEqualTo("{\"live\":true}");
    assertThat(text(sink -> MetadataJson.encodeReady(true, false, sink)))
        .isEqualTo("{\"live\":true,\"ready\":false}");
    assertThat(text(sink -> MetadataJson.encodeModelReady("m", true, sink)))
        .isEqualTo("{\"name\":\"m\",\"ready\":true}");
  }

  @Test
  void serverAndModelMetadataAreTheProtocols() {
    ServerMetadata server = new ServerMetadata("slipway", "0.1", List.of("statistics"));
    assertThat(text(sink -> MetadataJson.encode(server, sink)))
        .isEqualTo("{\"name\":\"slipway\",\"version\":\"0.1\",\"extensions\":[\"statistics\"]}");
    assertThat(MetadataMessages.of(server).getExtensionsList()).containsExactly("statistics");
    ModelMetadata model =
        new ModelMetadata("fraud", List.of("4"), "onnxruntime_onnx", SIGNATURE, Map.of("a", "b"));
    assertThat(text(sink -> MetadataJson.encode(model, sink)))
        .isEqualTo(
            """
            {"name":"fraud","versions":["4"],"platform":"onnxruntime_onnx",\
            "inputs":[{"name":"x","datatype":"FP32","shape":[-1,30]}],\
            "outputs":[{"name":"label","datatype":"BYTES","shape":[-1]}],\
            "properties":{"a":"b"}}\
            """);
    assertThat(MetadataMessages.of(model).getInputs(0).getShapeList()).containsExactly(-1L, 30L);
    assertThat(MetadataMessages.of(model).getPropertiesMap()).isEmpty();
  }

  @Test
  void configurationSpeaksTritonsTerms() throws IOException {
    JsonNode config = json(sink -> MetadataJson.encode(configuration(64), sink));
    assertThat(config.get("max_batch_size").intValue()).isEqualTo(64);
    assertThat(config.get("input").get(0).get("data_type").textValue()).isEqualTo("TYPE_FP32");
    assertThat(config.get("input").get(0).get("dims").toString()).isEqualTo("[30]");
    assertThat(config.get("output").get(0).get("data_type").textValue()).isEqualTo("TYPE_STRING");
    assertThat(config.at("/version_policy/specific/versions/0").intValue()).isEqualTo(4);
    assertThat(config.at("/dynamic_batching/max_queue_delay_microseconds").intValue())
        .isEqualTo(100);
    assertThat(config.at("/dynamic_batching/default_queue_policy/timeout_action").textValue())
        .isEqualTo("DELAY");
    assertThat(config.at("/response_cache/enable").booleanValue()).isTrue();
    assertThat(
            json(sink -> MetadataJson.encode(configuration(0), sink))
                .get("max_batch_size")
                .intValue())
        .isEqualTo(Integer.MAX_VALUE);
    ModelConfig message = MetadataMessages.of(configuration(64)).getConfig();
    assertThat(message.getMaxBatchSize()).isEqualTo(64);
    assertThat(message.getInput(0).getDimsList()).containsExactly(30L);
    assertThat(message.getDynamicBatching().getDefaultQueuePolicy().getMaxQueueSize()).isEqualTo(9);
    assertThat(message.getInstanceGroup(0).getCount()).isEqualTo(2);
  }

  @Test
  void indexAndStatisticsAreTritons() throws IOException {
    List<ModelIndexEntry> index = List.of(new ModelIndexEntry("m", "1", "READY", ""));
    assertThat(text(sink -> MetadataJson.encodeIndex(index, sink)))
        .isEqualTo("[{\"name\":\"m\",\"version\":\"1\",\"state\":\"READY\",\"reason\":\"\"}]");
    assertThat(MetadataMessages.ofIndex(index).getModels(0).getState()).isEqualTo("READY");
    Stages stages =
        new Stages(
            new Total(1, 10),
            new Total(2, 20),
            new Total(3, 30),
            new Total(4, 40),
            new Total(5, 50),
            new Total(6, 60),
            new Total(7, 70),
            new Total(8, 80));
    List<ModelStatisticsEntry> entries =
        List.of(
            new ModelStatisticsEntry(
                "m",
                "1",
                99,
                12,
                11,
                stages,
                List.of(new BatchEntry(32, Total.NONE, new Total(2, 5), Total.NONE))));
    JsonNode stats =
        json(sink -> MetadataJson.encodeStatistics(entries, sink)).at("/model_stats/0");
    assertThat(stats.get("inference_count").intValue()).isEqualTo(12);
    assertThat(stats.at("/inference_stats/fail").toString()).isEqualTo("{\"count\":2,\"ns\":20}");
    assertThat(stats.at("/inference_stats/cache_miss/ns").intValue()).isEqualTo(80);
    assertThat(stats.at("/batch_stats/0/compute_infer/ns").intValue()).isEqualTo(5);
    ModelStatistics message = MetadataMessages.ofStatistics(entries).getModelStats(0);
    assertThat(message.getLastInference()).isEqualTo(99);
    assertThat(message.getInferenceStats().getComputeInfer().getNs()).isEqualTo(50);
    assertThat(message.getBatchStats(0).getBatchSize()).isEqualTo(32);
  }
}
