package dev.slipway.serving.batching;

import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.inference.InferenceRequest;
import dev.slipway.core.inference.InferenceResponse;
import dev.slipway.core.inference.Protocol;
import dev.slipway.core.inference.RequestParameters;
import dev.slipway.core.model.BatchSettings;
import dev.slipway.core.model.EngineSettings.Scheduling;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.serving.CallContext;
import dev.slipway.serving.InferenceListener;
import dev.slipway.serving.cache.ResponseCache;
import dev.slipway.serving.cells.Monitoring;
import dev.slipway.serving.cells.VariantCells;
import dev.slipway.serving.metrics.VariantKey;
import dev.slipway.serving.metrics.VariantMeter;
import dev.slipway.serving.metrics.VariantSnapshot;
import dev.slipway.serving.testing.Answer;
import dev.slipway.serving.testing.ManualLoop;
import dev.slipway.serving.testing.ManualResidency;
import dev.slipway.serving.testing.RowEngine;
import dev.slipway.serving.testing.RowRequests;
import dev.slipway.serving.testing.Versions;
import dev.slipway.serving.validation.RequestValidator;

/** A scheduler on a manual loop, with the real validator, queue and buffers around it. */
final class Rig {
  final ManualLoop loop;
  final RowEngine engine;
  final ManualResidency residency;
  final VariantMeter meter = new VariantMeter(new VariantKey("m", 1));
  final VariantScheduler scheduler;
  private final RequestValidator validator = new RequestValidator(RowEngine.SIGNATURE);
  private final ModelVersion version;
  private int requests;

  Rig(Scheduling scheduling, BatchSettings settings) {
    this(new ManualLoop(), new RowEngine(), 7, scheduling, settings, 2);
  }

  Rig(
      ManualLoop loop,
      RowEngine engine,
      int tag,
      Scheduling scheduling,
      BatchSettings settings,
      int instances) {
    this.loop = loop;
    this.engine = engine;
    this.version = Versions.version("m", tag, Versions.settings(scheduling, settings));
    this.residency = new ManualResidency(() -> engine.open(tag), scheduling);
    this.scheduler =
        new VariantScheduler(
            loop.runtime,
            new QueuePolicy(settings, true, 100, instances),
            residency,
            new Delivery(
                loop.runtime,
                "m",
                version,
                meter,
                new ResponseCache(() -> 0),
                new VariantCells(Monitoring.OFF, "rig", "m", version)));
  }

  private static final class Listened extends PendingRequest {
    private final String id;
    private final InferenceListener listener;

    Listened(
        InferenceRequest request,
        String id,
        InferenceListener listener,
        long nowNanos,
        long deadlineNanos) {
      super(request, nowNanos, deadlineNanos);
      this.id = id;
      this.listener = listener;
    }

    @Override
    protected String requestId() {
      return id;
    }

    @Override
    protected Protocol protocol() {
      return Protocol.INTERNAL;
    }

    @Override
    protected long arrivalNanos() {
      return submittedNanos();
    }

    @Override
    protected void succeed(InferenceResponse response) {
      listener.onResponse(response);
    }

    @Override
    protected void fail(SlipwayException failure) {
      listener.onFailure(failure);
    }
  }

  record Sent(PendingRequest pending, Answer answer) {}

  Sent send(int rows, double first) {
    return send(rows, first, 0.5);
  }

  Sent send(int rows, double first, double b) {
    return send(rows, first, b, RequestParameters.DEFAULT, CallContext.NO_DEADLINE);
  }

  Sent send(int rows, double first, double b, RequestParameters parameters, long deadlineNanos) {
    Answer answer = new Answer();
    return new Sent(send(rows, first, b, parameters, deadlineNanos, answer), answer);
  }

  PendingRequest send(
      int rows,
      double first,
      double b,
      RequestParameters parameters,
      long deadlineNanos,
      InferenceListener listener) {
    long now = loop.nowNanos();
    InferenceRequest request = RowRequests.request(loop.buffers, "m", rows, first, b, parameters);
    PendingRequest pending = new Listened(request, "r" + requests++, listener, now, deadlineNanos);
    try {
      pending.validated(validator.check(request.inputs()), rows, null);
      scheduler.submit(pending);
    } catch (SlipwayException e) {
      loop.runtime.refuse(pending, meter, e);
    }
    return pending;
  }

  VariantSnapshot counts() {
    return meter.snapshot(0);
  }
}
