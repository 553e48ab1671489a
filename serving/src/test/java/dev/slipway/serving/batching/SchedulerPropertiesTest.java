package dev.slipway.serving.batching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.inference.RequestParameters;
import dev.slipway.core.model.BatchSettings;
import dev.slipway.core.model.BatchSettings.TimeoutAction;
import dev.slipway.core.model.EngineSettings.Scheduling;
import dev.slipway.serving.CallContext;
import dev.slipway.serving.batching.Rig.Sent;
import dev.slipway.serving.testing.ManualLoop;
import dev.slipway.serving.testing.RowEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Random arrivals, cancels, deadlines, failures, evictions and hot swaps, in every scheduling:
 * whatever happens, each request is answered exactly once with its own rows by the variant that
 * accepted it, and nothing leaks.
 */
class SchedulerPropertiesTest {
  private static final int ACTIONS = 150;

  private record Expected(Sent sent, int tag, int rows, double first, double b) {}

  @Property(tries = 400)
  void everyRequestIsAnsweredOnceWithItsOwnRows(
      @ForAll long seed, @ForAll Scheduling asked, @ForAll boolean explicit) {
    Scheduling scheduling = asked == Scheduling.AUTO ? Scheduling.TURN : asked;
    SplittableRandom random = new SplittableRandom(seed);
    BatchSettings settings =
        explicit
            ? new BatchSettings(8, random.nextInt(3) * 50L, 20, 3, 0, 400, true, action(random))
            : BatchSettings.DEFAULT;
    ManualLoop loop = new ManualLoop();
    RowEngine engine = new RowEngine();
    engine.beforeRun = rows -> loop.advance(random.nextInt(100_000));
    List<Expected> all = new ArrayList<>();
    List<Rig> rigs = new ArrayList<>();
    int[] retired = {0};
    int instances = 1 + random.nextInt(3);
    rigs.add(new Rig(loop, engine, 1, scheduling, settings, instances));

    for (int i = 0; i < ACTIONS; i++) {
      Rig live = rigs.getLast();
      switch (random.nextInt(12)) {
        case 0, 1, 2, 3, 4 -> all.add(send(live, rigs.size(), random));
        case 5 -> loop.pass();
        case 6 -> loop.work();
        case 7 -> loop.advance(random.nextInt(300_000));
        case 8 -> {
          if (!all.isEmpty()) {
            all.get(random.nextInt(all.size())).sent().pending().cancel();
          }
        }
        case 9 -> rigs.get(random.nextInt(rigs.size())).residency.evict();
        case 10 -> {
          Rig any = rigs.get(random.nextInt(rigs.size()));
          if (random.nextInt(5) == 0) {
            any.residency.failLoading(new SlipwayException(ErrorCode.NOT_READY, "asked for"));
          } else {
            any.residency.finishLoading();
          }
        }
        default -> {
          if (random.nextInt(4) == 0) {
            rigs.add(new Rig(loop, engine, rigs.size() + 1, scheduling, settings, instances));
            live.scheduler.retire(() -> retired[0]++);
          }
        }
      }
    }
    Rig last = rigs.getLast();
    last.scheduler.retire(() -> retired[0]++);
    for (int i = 0; i < 3; i++) {
      rigs.forEach(rig -> rig.residency.finishLoading());
      loop.settle();
    }

    all.forEach(SchedulerPropertiesTest::check);
    assertThat(retired[0]).as("variants retired").isEqualTo(rigs.size());
    assertThat(loop.buffers.taken()).as("buffers still taken").isZero();
    assertThat(loop.runtime.inFlight()).as("requests in flight").isZero();
    assertThat(engine.sessionsOpen.get()).as("sessions open").isZero();
    rigs.forEach(rig -> rig.residency.evict());
    assertThat(engine.modelsOpen.get()).as("models open").isZero();
    assertThat(engine.largestBatch.get()).isLessThanOrEqualTo(explicit ? 8 : 1024);
    long counted =
        rigs.stream()
            .mapToLong(rig -> rig.counts().errors().values().stream().mapToLong(n -> n).sum())
            .sum();
    long answered = all.stream().filter(each -> each.sent().answer().isSuccess()).count();
    assertThat(counted + answered).as("outcomes counted").isEqualTo(all.size());
  }

  private static Expected send(Rig rig, int tag, SplittableRandom random) {
    int rows = 1 + random.nextInt(random.nextInt(10) == 0 ? 8 : 3);
    double first = random.nextInt(1_000_000);
    double b =
        switch (random.nextInt(40)) {
          case 0 -> RowEngine.REJECTS;
          case 1 -> RowEngine.CRASHES;
          default -> random.nextInt(100);
        };
    RequestParameters parameters =
        new RequestParameters(random.nextInt(4), random.nextInt(3) * 100L, false);
    long deadline =
        random.nextInt(4) == 0
            ? rig.loop.nowNanos() + random.nextInt(2_000_000)
            : CallContext.NO_DEADLINE;
    return new Expected(rig.send(rows, first, b, parameters, deadline), tag, rows, first, b);
  }

  private static void check(Expected expected) {
    Sent sent = expected.sent();
    assertThat(sent.pending().isAnswered()).isTrue();
    assertThat(sent.pending().isReleased()).isTrue();
    assertThat(sent.answer().calls()).isLessThanOrEqualTo(1);
    if (sent.answer().isSuccess()) {
      assertThat(sent.answer().sums()).hasSize(expected.rows());
      for (int row = 0; row < expected.rows(); row++) {
        assertThat(sent.answer().sums().get(row)).isEqualTo(expected.first() + row + expected.b());
      }
      assertThat(sent.answer().tags()).containsOnly((double) expected.tag());
    } else if (sent.answer().isDone()) {
      ErrorCode code = sent.answer().failure().code();
      if (code == ErrorCode.VALUE_REJECTED) {
        assertThat(expected.b()).isEqualTo(RowEngine.REJECTS);
      } else if (code == ErrorCode.INTERNAL) {
        assertThat(expected.b()).isEqualTo(RowEngine.CRASHES);
      } else {
        assertThat(code)
            .isIn(ErrorCode.DEADLINE_EXCEEDED, ErrorCode.QUEUE_FULL, ErrorCode.NOT_READY);
      }
    }
  }

  private static TimeoutAction action(SplittableRandom random) {
    return random.nextBoolean() ? TimeoutAction.DELAY : TimeoutAction.REJECT;
  }
}
