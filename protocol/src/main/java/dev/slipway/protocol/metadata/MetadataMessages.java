package dev.slipway.protocol.metadata;

import dev.slipway.core.model.BatchSettings;
import dev.slipway.core.model.TensorSpec;
import dev.slipway.protocol.grpc.proto.DataType;
import dev.slipway.protocol.grpc.proto.InferBatchStatistics;
import dev.slipway.protocol.grpc.proto.InferStatistics;
import dev.slipway.protocol.grpc.proto.ModelConfig;
import dev.slipway.protocol.grpc.proto.ModelConfigResponse;
import dev.slipway.protocol.grpc.proto.ModelDynamicBatching;
import dev.slipway.protocol.grpc.proto.ModelInput;
import dev.slipway.protocol.grpc.proto.ModelInstanceGroup;
import dev.slipway.protocol.grpc.proto.ModelMetadataResponse;
import dev.slipway.protocol.grpc.proto.ModelMetadataResponse.TensorMetadata;
import dev.slipway.protocol.grpc.proto.ModelOutput;
import dev.slipway.protocol.grpc.proto.ModelQueuePolicy;
import dev.slipway.protocol.grpc.proto.ModelQueuePolicy.TimeoutAction;
import dev.slipway.protocol.grpc.proto.ModelResponseCache;
import dev.slipway.protocol.grpc.proto.ModelStatistics;
import dev.slipway.protocol.grpc.proto.ModelStatisticsResponse;
import dev.slipway.protocol.grpc.proto.ModelTransactionPolicy;
import dev.slipway.protocol.grpc.proto.ModelVersionPolicy;
import dev.slipway.protocol.grpc.proto.RepositoryIndexResponse;
import dev.slipway.protocol.grpc.proto.RepositoryIndexResponse.ModelIndex;
import dev.slipway.protocol.grpc.proto.ServerMetadataResponse;
import dev.slipway.protocol.grpc.proto.StatisticDuration;
import java.util.List;

/** The gRPC messages of the same records that {@link MetadataJson} writes. */
public final class MetadataMessages {
  private MetadataMessages() {}

  public static ServerMetadataResponse of(ServerMetadata server) {
    return ServerMetadataResponse.newBuilder()
        .setName(server.name())
        .setVersion(server.version())
        .addAllExtensions(server.extensions())
        .build();
  }

  /**
   * Without the properties, which only REST carries: field 6 is a map of strings in the
   * specification but a map of parameters in MLServer, whose client cannot read the former.
   */
  public static ModelMetadataResponse of(ModelMetadata model) {
    return ModelMetadataResponse.newBuilder()
        .setName(model.name())
        .addAllVersions(model.versions())
        .setPlatform(model.platform())
        .addAllInputs(model.signature().inputs().stream().map(MetadataMessages::tensor).toList())
        .addAllOutputs(model.signature().outputs().stream().map(MetadataMessages::tensor).toList())
        .build();
  }

  private static TensorMetadata tensor(TensorSpec spec) {
    TensorMetadata.Builder tensor =
        TensorMetadata.newBuilder().setName(spec.name()).setDatatype(spec.datatype().name());
    for (long dimension : spec.shape().toArray()) {
      tensor.addShape(dimension);
    }
    return tensor.build();
  }

  public static RepositoryIndexResponse ofIndex(List<ModelIndexEntry> entries) {
    RepositoryIndexResponse.Builder index = RepositoryIndexResponse.newBuilder();
    for (ModelIndexEntry entry : entries) {
      index.addModels(
          ModelIndex.newBuilder()
              .setName(entry.name())
              .setVersion(entry.version())
              .setState(entry.state())
              .setReason(entry.reason()));
    }
    return index.build();
  }

  public static ModelConfigResponse of(ModelConfiguration model) {
    ModelConfig.Builder config =
        ModelConfig.newBuilder()
            .setName(model.name())
            .setPlatform(model.platform())
            .setBackend(model.backend())
            .setVersionPolicy(
                ModelVersionPolicy.newBuilder()
                    .setSpecific(
                        ModelVersionPolicy.Specific.newBuilder()
                            .addVersions(model.version().ref().version())))
            .setMaxBatchSize(model.maxBatchSize())
            .addInstanceGroup(
                ModelInstanceGroup.newBuilder()
                    .setName(model.name())
                    .setCount(model.instances())
                    .setKind(
                        model.onGpu()
                            ? ModelInstanceGroup.Kind.KIND_GPU
                            : ModelInstanceGroup.Kind.KIND_CPU))
            .setDefaultModelFilename(model.version().primaryFile())
            .setModelTransactionPolicy(ModelTransactionPolicy.getDefaultInstance())
            .setResponseCache(
                ModelResponseCache.newBuilder()
                    .setEnable(model.version().settings().cacheEnabled()));
    for (TensorSpec spec : model.signature().inputs()) {
      ModelInput.Builder input =
          ModelInput.newBuilder()
              .setName(spec.name())
              .setDataType(type(spec))
              .setOptional(spec.optional());
      for (long dimension : model.dimensions(spec)) {
        input.addDims(dimension);
      }
      config.addInput(input);
    }
    for (TensorSpec spec : model.signature().outputs()) {
      ModelOutput.Builder output =
          ModelOutput.newBuilder().setName(spec.name()).setDataType(type(spec));
      for (long dimension : model.dimensions(spec)) {
        output.addDims(dimension);
      }
      config.addOutput(output);
    }
    if (model.signature().isBatched()) {
      config.setDynamicBatching(dynamicBatching(model.batch()));
    }
    return ModelConfigResponse.newBuilder().setConfig(config).build();
  }

  private static DataType type(TensorSpec spec) {
    return DataType.valueOf(ModelConfiguration.typeName(spec.datatype()));
  }

  private static ModelDynamicBatching dynamicBatching(BatchSettings batch) {
    return ModelDynamicBatching.newBuilder()
        .setMaxQueueDelayMicroseconds(batch.maxQueueDelayMicros())
        .setPriorityLevels(batch.priorityLevels())
        .setDefaultPriorityLevel(batch.defaultPriority())
        .setDefaultQueuePolicy(
            ModelQueuePolicy.newBuilder()
                .setTimeoutAction(
                    switch (batch.timeoutAction()) {
                      case REJECT -> TimeoutAction.REJECT;
                      case DELAY -> TimeoutAction.DELAY;
                    })
                .setDefaultTimeoutMicroseconds(batch.defaultTimeoutMicros())
                .setAllowTimeoutOverride(batch.allowTimeoutOverride())
                .setMaxQueueSize(batch.queueCapacity()))
        .build();
  }

  public static ModelStatisticsResponse ofStatistics(List<ModelStatisticsEntry> entries) {
    ModelStatisticsResponse.Builder response = ModelStatisticsResponse.newBuilder();
    for (ModelStatisticsEntry entry : entries) {
      ModelStatistics.Builder model =
          ModelStatistics.newBuilder()
              .setName(entry.name())
              .setVersion(entry.version())
              .setLastInference(entry.lastInferenceMillis())
              .setInferenceCount(entry.inferenceCount())
              .setExecutionCount(entry.executionCount())
              .setInferenceStats(stages(entry.stages()));
      for (ModelStatisticsEntry.BatchEntry batch : entry.batches()) {
        model.addBatchStats(
            InferBatchStatistics.newBuilder()
                .setBatchSize(batch.batchSize())
                .setComputeInput(total(batch.computeInput()))
                .setComputeInfer(total(batch.computeInfer()))
                .setComputeOutput(total(batch.computeOutput())));
      }
      response.addModelStats(model);
    }
    return response.build();
  }

  private static InferStatistics stages(ModelStatisticsEntry.Stages stages) {
    return InferStatistics.newBuilder()
        .setSuccess(total(stages.success()))
        .setFail(total(stages.failure()))
        .setQueue(total(stages.queue()))
        .setComputeInput(total(stages.computeInput()))
        .setComputeInfer(total(stages.computeInfer()))
        .setComputeOutput(total(stages.computeOutput()))
        .setCacheHit(total(stages.cacheHit()))
        .setCacheMiss(total(stages.cacheMiss()))
        .build();
  }

  private static StatisticDuration total(ModelStatisticsEntry.Total total) {
    return StatisticDuration.newBuilder().setCount(total.count()).setNs(total.nanos()).build();
  }
}
