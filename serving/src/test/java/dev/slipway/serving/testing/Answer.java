package dev.slipway.serving.testing;

import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.inference.InferenceResponse;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.serving.InferenceListener;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Remembers how a request was answered, and insists that it is answered once. */
public final class Answer implements InferenceListener {
  private final AtomicInteger calls = new AtomicInteger();
  private final CompletableFuture<InferenceResponse> future = new CompletableFuture<>();
  private final List<Double> sums = new ArrayList<>();
  private final List<Double> tags = new ArrayList<>();

  @Override
  public void onResponse(InferenceResponse response) {
    calls.incrementAndGet();
    if (!response.outputs().isEmpty()) {
      Tensor y = response.outputs().get(0);
      for (int at = 0; at < y.byteLength(); at += 16) {
        sums.add(y.data().getDouble(at));
        tags.add(y.data().getDouble(at + 8));
      }
    }
    future.complete(response);
  }

  @Override
  public void onFailure(SlipwayException failure) {
    calls.incrementAndGet();
    future.completeExceptionally(failure);
  }

  public int calls() {
    return calls.get();
  }

  public boolean isDone() {
    return future.isDone();
  }

  public boolean isSuccess() {
    return future.isDone() && !future.isCompletedExceptionally();
  }

  /** The response, within 10 s; fails with the request's own failure. */
  public InferenceResponse response() {
    try {
      return future.get(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("no response", e.getCause() == null ? e : e.getCause());
    }
  }

  /** The failure, within 10 s. */
  public SlipwayException failure() {
    try {
      return (SlipwayException)
          future.handle((response, failure) -> failure).get(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("no failure", e);
    }
  }

  /** First column of the answer: sums of the rows. */
  public List<Double> sums() {
    response();
    return sums;
  }

  /** Second column: the tag of the model that answered. */
  public List<Double> tags() {
    response();
    return tags;
  }
}
