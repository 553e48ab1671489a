package dev.slipway.serving.batching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.inference.InferenceResponse;
import dev.slipway.core.inference.RequestParameters;
import dev.slipway.core.model.BatchSettings;
import dev.slipway.core.model.BatchSettings.TimeoutAction;
import dev.slipway.core.model.EngineSettings.Scheduling;
import dev.slipway.serving.CallContext;
import dev.slipway.serving.InferenceListener;
import dev.slipway.serving.batching.Rig.Sent;
import dev.slipway.serving.metrics.Outcome;
import dev.slipway.serving.testing.Answer;
import dev.slipway.serving.testing.RowEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class VariantSchedulerTest {
  private static final BatchSettings PLAIN = BatchSettings.DEFAULT;

  @Test
  void inlineAnswersBeforeSubmitReturns() {
    Rig rig = new Rig(Scheduling.INLINE, PLAIN);
    Sent sent = rig.send(2, 10);
    assertThat(sent.answer().sums()).containsExactly(10.5, 11.5);
    assertThat(sent.answer().tags()).containsOnly(7.0);
    assertThat(rig.loop.buffers.taken()).isZero();
  }

  @Test
  void aPassOfTheLoopBecomesOneBatchAndEachGetsItsOwnRows() {
    Rig rig = new Rig(Scheduling.TURN, PLAIN);
    Sent first = rig.send(1, 1);
    Sent second = rig.send(3, 20);
    Sent third = rig.send(2, 300);
    assertThat(rig.engine.runs).hasValue(0);
    rig.loop.pass();
    assertThat(rig.engine.runs).hasValue(1);
    assertThat(first.answer().sums()).containsExactly(1.5);
    assertThat(second.answer().sums()).containsExactly(20.5, 21.5, 22.5);
    assertThat(third.answer().sums()).containsExactly(300.5, 301.5);
    assertThat(third.answer().response().batchRows()).isEqualTo(6);
    assertThat(rig.loop.buffers.taken()).isZero();
    assertThat(rig.counts().batches()).isEqualTo(1);
    assertThat(rig.counts().rows()).isEqualTo(6);
  }

  @Test
  void aLargerRequestThanTheAutomaticBatchRunsAloneAndIsNotRefused() {
    Rig rig = new Rig(Scheduling.TURN, PLAIN);
    Sent large = rig.send(5_000, 0);
    Sent small = rig.send(1, 9);
    rig.loop.pass();
    assertThat(large.answer().sums()).hasSize(5_000);
    assertThat(small.answer().sums()).containsExactly(9.5);
    assertThat(rig.engine.runs).hasValue(2);
  }

  @Test
  void anExplicitMaximumCutsBatches() {
    Rig rig = new Rig(Scheduling.TURN, settings(4, 0, 0, 0, TimeoutAction.REJECT));
    List<Sent> sent = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      sent.add(rig.send(1, i));
    }
    rig.loop.pass();
    assertThat(rig.engine.runs).hasValue(3);
    assertThat(rig.engine.largestBatch).hasValue(4);
    assertThat(sent).allMatch(each -> each.answer().isSuccess());
  }

  @Test
  void workersTakeWhatWaitsWhileTheyWereBusy() {
    Rig rig = new Rig(Scheduling.WORKER, PLAIN);
    Sent first = rig.send(1, 1);
    rig.loop.pass();
    Sent second = rig.send(1, 2);
    rig.loop.pass();
    List<Sent> waiting = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      waiting.add(rig.send(1, 10 + i));
    }
    rig.loop.pass();
    assertThat(rig.loop.workerTasks()).isEqualTo(2);
    assertThat(first.answer().isDone() || second.answer().isDone()).isFalse();
    rig.loop.settle();
    assertThat(rig.engine.runs).hasValue(3);
    assertThat(waiting).allMatch(each -> each.answer().response().batchRows() == 5);
    assertThat(waiting.get(3).answer().sums()).containsExactly(13.5);
    assertThat(rig.loop.buffers.taken()).isZero();
  }

  @Test
  void higherPrioritiesRunFirst() {
    Rig rig = new Rig(Scheduling.TURN, settings(1, 0, 3, 0, TimeoutAction.REJECT));
    List<String> order = new ArrayList<>();
    for (int priority : new int[] {3, 0, 1, 2}) {
      rig.send(
          1,
          priority,
          0,
          new RequestParameters(priority, 0, false),
          CallContext.NO_DEADLINE,
          noting(order, "p" + priority));
    }
    rig.loop.pass();
    assertThat(order).containsExactly("p1", "p0", "p2", "p3");
  }

  @Test
  void aFullQueueIsAnAnswerAtOnce() {
    Rig rig = new Rig(Scheduling.WORKER, settings(1, 3, 0, 0, TimeoutAction.REJECT));
    List<Sent> accepted = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      accepted.add(rig.send(1, i));
      rig.loop.pass();
    }
    for (int i = 0; i < 3; i++) {
      accepted.add(rig.send(1, i));
    }
    Sent refused = rig.send(1, 99);
    assertThat(refused.answer().failure().code()).isEqualTo(ErrorCode.QUEUE_FULL);
    assertThat(refused.answer().failure()).hasMessage("queue: 3 requests waiting (expected: < 3)");
    rig.loop.settle();
    assertThat(accepted).allMatch(each -> each.answer().isSuccess());
    assertThat(rig.counts().rejections()).containsEntry(ErrorCode.QUEUE_FULL, 1L);
  }

  @Test
  void aSlowModelMayHaveTenRunsWaiting() {
    Rig rig = new Rig(Scheduling.WORKER, settings(1, 0, 0, 0, TimeoutAction.REJECT));
    rig.engine.beforeRun = rows -> rig.loop.advance(TimeUnit.MILLISECONDS.toNanos(100));
    for (int i = 0; i < 200; i++) {
      rig.send(1, i);
      rig.loop.settle();
    }
    List<Sent> sent = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      sent.add(rig.send(1, i));
      rig.loop.pass();
    }
    rig.loop.settle();
    assertThat(sent).allMatch(each -> each.answer().isSuccess());
  }

  @Test
  void withoutACapacityTheEstimatedWaitBoundsTheQueue() {
    Rig rig = new Rig(Scheduling.WORKER, settings(1, 0, 0, 0, TimeoutAction.REJECT));
    rig.engine.beforeRun = rows -> rig.loop.advance(TimeUnit.MILLISECONDS.toNanos(2));
    for (int i = 0; i < 200; i++) {
      rig.send(1, i);
      rig.loop.settle();
    }
    List<Sent> sent = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      sent.add(rig.send(1, i));
      rig.loop.pass();
    }
    long refused = sent.stream().filter(each -> each.answer().isDone()).count();
    // Two run, and about 20 ms of runs of 2 ms on two instances may wait: 20 of them.
    assertThat(100 - refused).isBetween(16L, 32L);
    rig.loop.settle();
    assertThat(sent).allMatch(each -> each.answer().isDone());
  }

  @Test
  void aRequestThatCannotMeetItsDeadlineIsRefusedAtOnce() {
    Rig rig = new Rig(Scheduling.WORKER, settings(1, 0, 0, 0, TimeoutAction.REJECT));
    rig.engine.beforeRun = rows -> rig.loop.advance(TimeUnit.MILLISECONDS.toNanos(2));
    for (int i = 0; i < 200; i++) {
      rig.send(1, i);
      rig.loop.settle();
    }
    for (int i = 0; i < 12; i++) {
      rig.send(1, i);
      rig.loop.pass();
    }
    long deadline = rig.loop.nowNanos() + TimeUnit.MILLISECONDS.toNanos(3);
    Sent hopeless = rig.send(1, 1, 0, RequestParameters.DEFAULT, deadline);
    assertThat(hopeless.answer().failure().code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
    rig.loop.settle();
  }

  @Test
  void aDeadlineThatPassesInTheQueueIsNeverRun() {
    Rig rig = new Rig(Scheduling.TURN, PLAIN);
    Sent late = rig.send(1, 1, 0, RequestParameters.DEFAULT, rig.loop.nowNanos() + 1_000);
    rig.loop.advance(2_000);
    rig.loop.pass();
    assertThat(late.answer().failure().code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
    assertThat(rig.engine.runs).hasValue(0);
    assertThat(rig.loop.buffers.taken()).isZero();
  }

  @Test
  void aDeadlineIsKeptEvenIfTheEngineHangs() {
    Rig rig = new Rig(Scheduling.WORKER, PLAIN);
    Sent running = rig.send(1, 1, 0, RequestParameters.DEFAULT, rig.loop.nowNanos() + 1_000_000);
    rig.loop.pass();
    assertThat(rig.loop.workerTasks()).isEqualTo(1);
    rig.loop.advance(TimeUnit.MILLISECONDS.toNanos(20));
    rig.loop.pass();
    assertThat(running.answer().failure().code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
    assertThat(rig.loop.buffers.taken()).as("the run still reads its input").isEqualTo(1);
    rig.loop.settle();
    assertThat(running.answer().calls()).isEqualTo(1);
    assertThat(rig.loop.buffers.taken()).isZero();
  }

  @Test
  void aQueueTimeoutRejectsOrDelaysAsItsModelSays() {
    Rig rejecting = new Rig(Scheduling.TURN, settings(1, 0, 0, 500, TimeoutAction.REJECT));
    Sent rejected = rejecting.send(1, 1);
    rejecting.loop.advance(TimeUnit.MICROSECONDS.toNanos(501));
    rejecting.loop.pass();
    assertThat(rejected.answer().failure().code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);

    Rig delaying = new Rig(Scheduling.TURN, settings(1, 0, 0, 500, TimeoutAction.DELAY));
    List<String> order = new ArrayList<>();
    RequestParameters none = RequestParameters.DEFAULT;
    delaying.send(1, 1, 0, none, CallContext.NO_DEADLINE, noting(order, "late"));
    delaying.loop.advance(TimeUnit.MICROSECONDS.toNanos(501));
    delaying.send(1, 2, 0, none, CallContext.NO_DEADLINE, noting(order, "in time"));
    delaying.loop.pass();
    assertThat(order).containsExactly("in time", "late");
  }

  @Test
  void aRequestMayShortenTheTimeoutButNotLengthenIt() {
    Rig rig = new Rig(Scheduling.TURN, settings(1, 0, 0, 500, TimeoutAction.REJECT));
    Sent longer = rig.send(1, 1, 0, new RequestParameters(0, 900, false), CallContext.NO_DEADLINE);
    Sent shorter = rig.send(1, 1, 0, new RequestParameters(0, 100, false), CallContext.NO_DEADLINE);
    rig.loop.advance(TimeUnit.MICROSECONDS.toNanos(101));
    rig.loop.pass();
    assertThat(shorter.answer().failure().code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
    assertThat(longer.answer().isSuccess()).isTrue();
  }

  @Test
  void anExplicitDelayWaitsForCompanyAndNoLonger() {
    BatchSettings delayed = new BatchSettings(4, 1_000, 0, 0, 0, 0, true, TimeoutAction.REJECT);
    Rig rig = new Rig(Scheduling.INLINE, delayed);
    Sent first = rig.send(1, 1);
    rig.loop.pass();
    assertThat(first.answer().isDone()).isFalse();
    Sent second = rig.send(1, 2);
    rig.loop.advance(TimeUnit.MICROSECONDS.toNanos(1_000));
    rig.loop.pass();
    assertThat(first.answer().response().batchRows()).isEqualTo(2);
    assertThat(second.answer().isSuccess()).isTrue();

    for (int i = 0; i < 4; i++) {
      rig.send(1, i);
    }
    rig.loop.pass();
    assertThat(rig.engine.runs).as("a full batch does not wait").hasValue(2);
  }

  @Test
  void cancellingTakesARequestOutOfTheQueue() {
    Rig rig = new Rig(Scheduling.TURN, PLAIN);
    Sent cancelled = rig.send(1, 1);
    Sent kept = rig.send(1, 2);
    cancelled.pending().cancel();
    cancelled.pending().cancel();
    rig.loop.pass();
    assertThat(cancelled.answer().calls()).isZero();
    assertThat(kept.answer().response().batchRows()).isEqualTo(1);
    assertThat(rig.counts().requests().count(Outcome.CANCELLED)).isEqualTo(1);
    assertThat(rig.loop.buffers.taken()).isZero();
    assertThat(rig.loop.runtime.inFlight()).isZero();
  }

  @Test
  void cancellingARunningRequestKeepsItsBufferUntilTheRunEnds() {
    Rig rig = new Rig(Scheduling.WORKER, PLAIN);
    Sent sent = rig.send(1, 1);
    rig.loop.pass();
    sent.pending().cancel();
    assertThat(rig.loop.buffers.taken()).isEqualTo(1);
    rig.loop.settle();
    assertThat(sent.answer().calls()).isZero();
    assertThat(rig.loop.buffers.taken()).isZero();
  }

  @Test
  void oneBadRequestDoesNotFailTheOthersOfItsBatch() {
    for (Scheduling scheduling : List.of(Scheduling.TURN, Scheduling.WORKER)) {
      Rig rig = new Rig(scheduling, PLAIN);
      Sent good = rig.send(1, 1);
      Sent bad = rig.send(1, 2, RowEngine.REJECTS);
      Sent crashing = rig.send(1, 3, RowEngine.CRASHES);
      Sent overflowing = rig.send(1, 4, RowEngine.OVERFLOWS_THE_STACK);
      Sent alsoGood = rig.send(2, 5);
      rig.loop.settle();
      assertThat(good.answer().sums()).containsExactly(1.5);
      assertThat(bad.answer().failure().code()).isEqualTo(ErrorCode.VALUE_REJECTED);
      assertThat(crashing.answer().failure().code()).isEqualTo(ErrorCode.INTERNAL);
      assertThat(crashing.answer().failure())
          .hasMessage("unexpected error while running the model");
      assertThat(overflowing.answer().failure().code()).isEqualTo(ErrorCode.INTERNAL);
      assertThat(alsoGood.answer().sums()).containsExactly(5.5, 6.5);
      assertThat(rig.loop.buffers.taken()).isZero();
      assertThat(rig.engine.sessionsOpen.get()).isLessThanOrEqualTo(2);
    }
  }

  @Test
  void aListenerThatSubmitsFromWithinReadsItsOwnAnswerUndisturbed() {
    for (Scheduling scheduling : List.of(Scheduling.INLINE, Scheduling.TURN)) {
      Rig rig = new Rig(scheduling, PLAIN);
      Answer outer = new Answer();
      List<Sent> inner = new ArrayList<>();
      InferenceListener chaining =
          new InferenceListener() {
            @Override
            public void onResponse(InferenceResponse response) {
              inner.add(rig.send(1, 70));
              outer.onResponse(response);
            }

            @Override
            public void onFailure(SlipwayException failure) {
              outer.onFailure(failure);
            }
          };
      rig.send(1, 1, 0.5, RequestParameters.DEFAULT, CallContext.NO_DEADLINE, chaining);
      Sent neighbour = rig.send(1, 2);
      rig.loop.settle();
      assertThat(outer.sums()).containsExactly(1.5);
      assertThat(neighbour.answer().sums()).containsExactly(2.5);
      assertThat(inner).singleElement().matches(sent -> sent.answer().sums().equals(List.of(70.5)));
    }
  }

  @Test
  void aListenerThatThrowsHarmsNobodyElse() {
    Rig rig = new Rig(Scheduling.TURN, PLAIN);
    InferenceListener throwing =
        new InferenceListener() {
          @Override
          public void onResponse(InferenceResponse response) {
            throw new IllegalStateException("thrown by the test's listener");
          }

          @Override
          public void onFailure(SlipwayException failure) {}
        };
    rig.send(1, 1, 0, RequestParameters.DEFAULT, CallContext.NO_DEADLINE, throwing);
    Sent other = rig.send(1, 2);
    rig.loop.pass();
    assertThat(other.answer().isSuccess()).isTrue();
    assertThat(rig.loop.buffers.taken()).isZero();
  }

  @Test
  void aModelThatTurnsOutSlowMovesToTheWorkersAndAFastOneBack() {
    Rig rig = new Rig(Scheduling.TURN, PLAIN);
    rig.engine.beforeRun = rows -> rig.loop.advance(TimeUnit.MILLISECONDS.toNanos(1));
    for (int i = 0; i < 100; i++) {
      rig.send(1, i);
      rig.loop.settle();
    }
    assertThat(rig.residency.scheduling()).isEqualTo(Scheduling.WORKER);
    rig.engine.beforeRun = rows -> rig.loop.advance(TimeUnit.MICROSECONDS.toNanos(10));
    for (int i = 0; i < 300; i++) {
      assertThat(rig.send(1, i).answer()).satisfies(answer -> rig.loop.settle());
    }
    assertThat(rig.residency.scheduling()).isEqualTo(Scheduling.TURN);
  }

  @Test
  void oneSlowRunDoesNotMoveAModel() {
    Rig rig = new Rig(Scheduling.TURN, PLAIN);
    for (int i = 0; i < 200; i++) {
      long nanos = i == 100 ? TimeUnit.SECONDS.toNanos(3) : 5_000;
      rig.engine.beforeRun = rows -> rig.loop.advance(nanos);
      rig.send(1, i);
      rig.loop.settle();
    }
    assertThat(rig.residency.scheduling()).isEqualTo(Scheduling.TURN);
  }

  @Test
  void requestsForAnEvictedModelWaitUntilItIsBack() {
    Rig rig = new Rig(Scheduling.INLINE, PLAIN);
    rig.send(1, 1);
    rig.residency.evict();
    rig.loop.pass();
    assertThat(rig.residency.isLoaded()).isFalse();
    assertThat(rig.engine.sessionsOpen).hasValue(0);
    Sent waiting = rig.send(1, 5);
    assertThat(waiting.answer().isDone()).isFalse();
    rig.residency.finishLoading();
    rig.loop.pass();
    assertThat(waiting.answer().sums()).containsExactly(5.5);
    assertThat(rig.counts().coldStarts()).isEqualTo(1);
  }

  @Test
  void requestsThatWaitedWhenTheirModelWasEvictedBringItBack() {
    Rig rig = new Rig(Scheduling.TURN, PLAIN);
    Sent waiting = rig.send(1, 5);
    rig.residency.evict();
    rig.loop.pass();
    rig.residency.finishLoading();
    rig.loop.pass();
    assertThat(waiting.answer().isSuccess()).isTrue();

    Sent next = rig.send(1, 6);
    Sent busy = rig.send(1, 7);
    rig.scheduler.evict();
    rig.loop.settleUntil(rig.loop.nowNanos());
    assertThat(next.answer().isDone()).isEqualTo(busy.answer().isDone());
    rig.residency.finishLoading();
    rig.loop.pass();
    assertThat(next.answer().isSuccess()).isTrue();
  }

  @Test
  void aModelThatDoesNotComeBackIsAnsweredWithinHalfAMinute() {
    Rig rig = new Rig(Scheduling.INLINE, PLAIN);
    rig.residency.evict();
    Sent waiting = rig.send(1, 5);
    Sent impatient =
        rig.send(
            1,
            6,
            0,
            RequestParameters.DEFAULT,
            rig.loop.nowNanos() + TimeUnit.MILLISECONDS.toNanos(100));
    rig.loop.settleUntil(rig.loop.nowNanos() + TimeUnit.MILLISECONDS.toNanos(110));
    assertThat(impatient.answer().failure().code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
    assertThat(waiting.answer().isDone()).isFalse();
    rig.loop.settleUntil(rig.loop.nowNanos() + TimeUnit.SECONDS.toNanos(31));
    assertThat(waiting.answer().failure().code()).isEqualTo(ErrorCode.NOT_READY);
    assertThat(rig.loop.buffers.taken()).isZero();
  }

  @Test
  void aLoadThatFailsAnswersWhoeverWaits() {
    Rig rig = new Rig(Scheduling.INLINE, PLAIN);
    rig.residency.evict();
    Sent waiting = rig.send(1, 5);
    rig.residency.failLoading(new SlipwayException(ErrorCode.NOT_READY, "the disk is gone"));
    rig.loop.pass();
    assertThat(waiting.answer().failure()).hasMessage("the disk is gone");
  }

  @Test
  void aRetiredVariantFinishesWhatItAcceptedThenClosesItsSessions() {
    Rig rig = new Rig(Scheduling.WORKER, PLAIN);
    List<Sent> sent = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      sent.add(rig.send(1, i));
      rig.loop.pass();
    }
    List<String> done = new ArrayList<>();
    rig.scheduler.retire(() -> done.add("retired"));
    assertThat(done).isEmpty();
    rig.loop.settle();
    assertThat(sent).allMatch(each -> each.answer().isSuccess());
    assertThat(done).containsExactly("retired");
    assertThat(rig.engine.sessionsOpen).hasValue(0);
  }

  @Test
  void shuttingDownAnswersWhatIsLeft() {
    Rig rig = new Rig(Scheduling.WORKER, settings(1, 0, 0, 0, TimeoutAction.REJECT));
    List<Sent> sent = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      sent.add(rig.send(1, i));
      rig.loop.pass();
    }
    rig.scheduler.abandon(new SlipwayException(ErrorCode.SHUTTING_DOWN, "over"));
    assertThat(sent).allMatch(each -> each.answer().failure().code() == ErrorCode.SHUTTING_DOWN);
    rig.loop.settle();
    assertThat(rig.loop.buffers.taken()).isZero();
    assertThat(sent).allMatch(each -> each.answer().calls() == 1);
  }

  private static BatchSettings settings(
      int maxBatch, int capacity, int priorities, long timeoutMicros, TimeoutAction action) {
    return new BatchSettings(maxBatch, 0, capacity, priorities, 0, timeoutMicros, true, action);
  }

  private static InferenceListener noting(List<String> order, String name) {
    return new InferenceListener() {
      @Override
      public void onResponse(InferenceResponse response) {
        order.add(name);
      }

      @Override
      public void onFailure(SlipwayException failure) {
        order.add(name + " failed with " + failure.code());
      }
    };
  }
}
