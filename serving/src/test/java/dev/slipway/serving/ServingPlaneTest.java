package dev.slipway.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.inference.InferenceRequest;
import dev.slipway.core.inference.InferenceResponse;
import dev.slipway.core.inference.Protocol;
import dev.slipway.core.inference.RequestedOutput;
import dev.slipway.core.model.BatchSettings;
import dev.slipway.core.model.EngineSettings.Scheduling;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.core.routing.DeploymentRoute;
import dev.slipway.core.routing.RoutingTable;
import dev.slipway.core.routing.UnavailableRoute;
import dev.slipway.core.routing.VariantRoute;
import dev.slipway.serving.buffers.BufferPool;
import dev.slipway.serving.cells.Monitoring;
import dev.slipway.serving.metrics.Outcome;
import dev.slipway.serving.metrics.ServingSnapshot;
import dev.slipway.serving.metrics.Stage;
import dev.slipway.serving.metrics.VariantKey;
import dev.slipway.serving.metrics.VariantSnapshot;
import dev.slipway.serving.testing.Answer;
import dev.slipway.serving.testing.LoopThread;
import dev.slipway.serving.testing.RowEngine;
import dev.slipway.serving.testing.RowRequests;
import dev.slipway.serving.testing.Versions;
import dev.slipway.serving.testing.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ServingPlaneTest {
  private final RowEngine engine = new RowEngine();
  private final ServingPlane plane = plane(ServingLimits.DEFAULT);
  private final LoopThread loop = new LoopThread(plane);

  private ServingPlane plane(ServingLimits limits) {
    return new ServingPlane(limits, List.of(engine), Versions.ARTIFACTS);
  }

  @AfterEach
  void nothingLeaks() {
    plane.close(Duration.ofSeconds(5));
    loop.close();
    assertThat(engine.sessionsOpen.get()).as("sessions open").isZero();
    assertThat(engine.modelsOpen.get()).as("models open").isZero();
    assertThat(plane.metrics().plane().buffersTaken()).as("buffers taken").isZero();
  }

  @Test
  void anEmptyTableIsReadyAndKnowsNoModel() {
    assertThat(plane.isReady()).isTrue();
    SlipwayException failure = loop.send("m", 1).failure();
    assertThat(failure.code()).isEqualTo(ErrorCode.NOT_FOUND);
    assertThat(failure).hasMessage("model m is not deployed");
  }

  @Test
  void answersWithTheDeployedVersion() {
    ModelVersion version = tagged("m", 1);
    plane.apply(Versions.table(1, version));
    Answer answer = loop.send("m", 4);
    assertThat(answer.response().version()).isEqualTo(version);
    assertThat(answer.response().id()).isEqualTo("r4.0");
    assertThat(answer.sums()).containsExactly(4.5);
    assertThat(plane.isReady()).isTrue();
    assertThat(plane.table().epoch()).isEqualTo(1);
  }

  @Test
  void tellsWhatIsServedAndHow() {
    plane.apply(Versions.table(1, tagged("b", 2), tagged("a", 1)));
    assertThat(plane.variants()).extracting(ServedVariant::deployment).containsExactly("a", "b");
    ServedVariant served = plane.variant("b", 0).orElseThrow();
    assertThat(served.state()).isEqualTo(ServedVariant.State.READY);
    assertThat(served.engine()).isEqualTo("rows");
    assertThat(served.scheduling()).isNotEqualTo(Scheduling.AUTO);
    assertThat(served.measuredNanos()).isPositive();
    assertThat(served.memoryBytes()).isEqualTo(1_000);
    assertThat(plane.variant("b", 3)).isEmpty();
    assertThat(plane.variant("c", 0)).isEmpty();
  }

  @Test
  void aPinnedVersionMustBeLive() {
    plane.apply(Versions.table(1, tagged("m", 3)));
    assertThat(pinned("m", 3).response().version().ref().version()).isEqualTo(3);
    assertThat(pinned("m", 2).failure())
        .hasMessage("model m has no live version 2 (expected: one of [3])");
  }

  @Test
  void theRoutingKeyDecidesBetweenVariantsByWeight() {
    ModelVersion stable = tagged("m", 1);
    ModelVersion canary = tagged("m", 2);
    plane.apply(
        new RoutingTable(
            1,
            Map.of(
                "m",
                new DeploymentRoute(
                    "m",
                    "salt",
                    List.of(new VariantRoute(stable, 9_000), new VariantRoute(canary, 1_000))))));
    int canaries = 0;
    for (int i = 0; i < 1_000; i++) {
      int expected = DeploymentRoute.bucket("salt", "r" + (double) i) < 9_000 ? 1 : 2;
      Answer answer = loop.send("m", i);
      assertThat(answer.response().version().ref().version()).isEqualTo(expected);
      assertThat(answer.tags()).containsExactly((double) expected);
      canaries += expected == 2 ? 1 : 0;
    }
    assertThat(canaries).isBetween(60, 140);
  }

  @Test
  void aTableThatCannotBeLoadedChangesNothing() {
    plane.apply(Versions.table(1, tagged("m", 1)));
    engine.beforeLoad =
        () -> {
          throw new SlipwayException(ErrorCode.MODEL_INVALID, "corrupt");
        };
    assertThatThrownBy(() -> plane.apply(Versions.table(2, tagged("m", 2), tagged("n", 1))))
        .hasMessage("corrupt");
    assertThat(plane.table().epoch()).isEqualTo(1);
    assertThat(loop.send("m", 1).tags()).containsExactly(1.0);
    assertThat(loop.send("m", 1).response().version().ref().version()).isEqualTo(1);
    assertThat(plane.isReady()).isTrue();
  }

  @Test
  void aPreparedTableAnswersOnlyAfterItsFlip() {
    plane.apply(Versions.table(1, tagged("m", 1)));
    try (ServingPlane.PreparedTable prepared = plane.prepare(Versions.table(2, tagged("m", 2)))) {
      assertThat(engine.modelsOpen.get()).isEqualTo(2);
      assertThat(loop.send("m", 1).tags()).containsExactly(1.0);
      assertThat(plane.table().epoch()).isEqualTo(1);
      int opened = engine.modelsOpen.get();
      prepared.flip();
      assertThat(loop.send("m", 1).tags()).containsExactly(2.0);
      assertThat(engine.modelsOpen.get()).isLessThanOrEqualTo(opened);
    }
    assertThat(loop.send("m", 1).tags()).containsExactly(2.0);
  }

  @Test
  void aPreparedTableThatIsGivenUpLeavesNothing() {
    plane.apply(Versions.table(1, tagged("m", 1)));
    plane.prepare(Versions.table(2, tagged("m", 2))).close();
    assertThat(loop.send("m", 1).tags()).containsExactly(1.0);
    assertThat(plane.table().epoch()).isEqualTo(1);
    Waiting.until("the prepared model closes", () -> engine.modelsOpen.get() == 1);
  }

  @Test
  void oneArtifactInTwoDeploymentsIsLoadedOnce() {
    ModelVersion version = tagged("m", 1);
    DeploymentRoute first =
        new DeploymentRoute("first", "s", List.of(new VariantRoute(version, 10_000)));
    DeploymentRoute second =
        new DeploymentRoute("second", "s", List.of(new VariantRoute(version, 10_000)));
    plane.apply(new RoutingTable(1, Map.of("first", first, "second", second)));
    assertThat(engine.loads).hasValue(1);
    assertThat(loop.send("first", 1).response().model()).isEqualTo("first");
    assertThat(loop.send("second", 1).response().model()).isEqualTo("second");
    plane.apply(new RoutingTable(2, Map.of("second", second)));
    assertThat(loop.send("second", 2).sums()).containsExactly(2.5);
    assertThat(engine.loads).hasValue(1);
    assertThat(engine.modelsOpen).hasValue(1);
  }

  @Test
  void fiftyHotSwapsUnderLoadFailNoRequestAndMixNoVersions() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    plane.apply(Versions.table(1, tagged("m", 1)));
    List<Answer> answers = Collections.synchronizedList(new ArrayList<>());
    CompletableFuture<Void> load =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; !stop.get(); i++) {
                Answer answer = loop.send("m", i);
                answers.add(answer);
                if (i % 20 == 19) {
                  answer.response();
                }
              }
            });
    for (int number = 2; number <= 51; number++) {
      int before = answered(answers);
      plane.apply(Versions.table(number, tagged("m", number)));
      // From here on the old version is not live for anything submitted after.
      Answer after = loop.send("m", 0.25);
      assertThat(after.response().version().ref().version()).isEqualTo(number);
      Waiting.until("load goes on", () -> answered(answers) > before + 5);
    }
    stop.set(true);
    load.get();
    assertThat(answers).hasSizeGreaterThan(250);
    for (int i = 0; i < answers.size(); i++) {
      Answer answer = answers.get(i);
      assertThat(answer.sums()).as("answer %d", i).containsExactly(i + 0.5);
      assertThat(answer.tags())
          .containsExactly((double) answer.response().version().ref().version());
      assertThat(answer.calls()).isEqualTo(1);
    }
    Waiting.until("old models close", () -> engine.modelsOpen.get() == 1);
  }

  private static int answered(List<Answer> answers) {
    int size = answers.size();
    int count = 0;
    for (int i = 0; i < size; i++) {
      count += answers.get(i) != null && answers.get(i).isDone() ? 1 : 0;
    }
    return count;
  }

  @Test
  void anUnloadedDeploymentSaysSoUntilItIsLoadedAgain() {
    plane.apply(Versions.table(1, tagged("m", 1)));
    assertThat(loop.send("m", 1).response()).isNotNull();
    plane.unload("m");
    assertThat(loop.send("m", 1).failure().code()).isEqualTo(ErrorCode.NOT_READY);
    assertThat(plane.variant("m", 0).orElseThrow().state()).isEqualTo(ServedVariant.State.UNLOADED);
    Waiting.until("the model closes", () -> engine.modelsOpen.get() == 0);
    plane.apply(Versions.table(2, tagged("m", 2)));
    assertThat(loop.send("m", 1).failure().code()).isEqualTo(ErrorCode.NOT_READY);
    plane.load("m");
    assertThat(loop.send("m", 1).response().version().ref().version()).isEqualTo(2);
    assertThatThrownBy(() -> plane.unload("unknown")).hasMessage("model unknown is not deployed");
  }

  @Test
  void anUnavailableDeploymentSaysWhyUntilATableHasItAnswerAgain() {
    ModelVersion lost = tagged("lost", 3);
    DeploymentRoute route =
        new DeploymentRoute("lost", "s", List.of(new VariantRoute(lost, 10_000)));
    RoutingTable rest = Versions.table(1, tagged("m", 1));
    plane.apply(
        new RoutingTable(
            1,
            rest.deployments(),
            Map.of("lost", new UnavailableRoute(route, "its bytes are gone"))));

    for (Answer refused : List.of(loop.send("lost", 1), pinned("lost", 3))) {
      assertThat(refused.failure().code()).isEqualTo(ErrorCode.NOT_READY);
      assertThat(refused.failure()).hasMessage("model lost is unavailable: its bytes are gone");
    }
    assertThat(pinned("lost", 2).failure().code()).isEqualTo(ErrorCode.NOT_FOUND);
    assertThat(loop.send("m", 1).sums()).containsExactly(1.5);
    ServedVariant served = plane.variant("lost", 0).orElseThrow();
    assertThat(served.state()).isEqualTo(ServedVariant.State.UNAVAILABLE);
    assertThat(served.reason()).isEqualTo("its bytes are gone");
    assertThat(served.version()).isEqualTo(lost);
    assertThat(plane.isReady()).as("ready while one deployment is unavailable").isFalse();
    assertThatThrownBy(() -> plane.load("lost")).hasMessageContaining("its bytes are gone");
    assertThatThrownBy(() -> plane.unload("lost")).hasMessageContaining("its bytes are gone");

    plane.apply(Versions.table(2, tagged("m", 1), lost));
    assertThat(loop.send("lost", 1).sums()).containsExactly(1.5);
    assertThat(plane.isReady()).isTrue();
  }

  @Test
  void aThousandModelsLiveWithinABudgetOfTen() {
    ServingPlane small = plane(new ServingLimits(1_000, 100, 1, 10_500, 0));
    try (LoopThread own = new LoopThread(small)) {
      ModelVersion[] versions = new ModelVersion[1_000];
      for (int i = 0; i < versions.length; i++) {
        versions[i] =
            Versions.version(
                "m" + i,
                i + 1,
                Versions.settings(Scheduling.INLINE, BatchSettings.DEFAULT),
                RowEngine.SIGNATURE);
        engine.tag(versions[i].digest(), i + 1);
      }
      small.apply(Versions.table(1, versions));
      assertThat(small.isReady()).isTrue();
      assertThat(engine.modelsOpen.get()).isLessThanOrEqualTo(10);
      for (int i = 0; i < 1_000; i += 37) {
        Answer answer = own.send("m" + i, i);
        assertThat(answer.response().version().ref().version()).isEqualTo(i + 1);
        assertThat(answer.tags()).containsExactly(i + 1.0);
      }
      ServingSnapshot.PlaneCounts counts = small.metrics().plane();
      assertThat(counts.modelBytesLoaded()).isLessThanOrEqualTo(10_500);
      assertThat(counts.modelEvictions()).isGreaterThan(980);
      // 28 models were asked, of which at most the 10 loaded last were in memory.
      long coldStarts =
          small.metrics().variants().stream().mapToLong(VariantSnapshot::coldStarts).sum();
      assertThat(coldStarts).isBetween(18L, 28L);
      long evicted =
          small.variants().stream()
              .filter(served -> served.state() == ServedVariant.State.EVICTED)
              .count();
      assertThat(evicted).isGreaterThanOrEqualTo(990);
      small.close();
    }
  }

  @Test
  void evictionsUnderLoadOnTwoLoopsFailNoRequest() {
    ServingPlane small = plane(new ServingLimits(10_000, 1_000, 2, 3_500, 0));
    try (LoopThread first = new LoopThread(small);
        LoopThread second = new LoopThread(small)) {
      ModelVersion[] versions = new ModelVersion[8];
      for (int i = 0; i < versions.length; i++) {
        versions[i] = i % 2 == 0 ? tagged("m" + i, i + 1) : worker("m" + i, i + 1);
      }
      small.apply(Versions.table(1, versions));
      long seed = 20_261_124;
      SplittableRandom random = new SplittableRandom(seed);
      for (int round = 0; round < 20; round++) {
        List<Answer> answers = new ArrayList<>();
        List<Integer> models = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
          int model = random.nextInt(versions.length);
          models.add(model);
          answers.add((random.nextBoolean() ? first : second).send("m" + model, i));
        }
        for (int i = 0; i < answers.size(); i++) {
          assertThat(answers.get(i).sums()).as("seed %d", seed).containsExactly(i + 0.5);
          assertThat(answers.get(i).tags()).containsExactly(models.get(i) + 1.0);
        }
      }
      assertThat(small.metrics().plane().modelEvictions()).isGreaterThan(20);
      small.close();
    }
  }

  @Test
  void aModelLargerThanTheBudgetIsRefused() {
    engine.bytesPerModel = 10;
    ServingPlane tiny = plane(new ServingLimits(10, 10, 1, 50, 0));
    try (LoopThread own = new LoopThread(tiny)) {
      assertThatThrownBy(() -> tiny.apply(Versions.table(1, tagged("m", 1))))
          .hasMessage("m/1: 100 bytes (expected: <= 50, the memory budget of all models)");
      assertThat(own.send("m", 1).failure().code()).isEqualTo(ErrorCode.NOT_FOUND);
      tiny.close();
    }
  }

  @Test
  void aSlowModelDoesNotHoldUpTheLoop() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    plane.apply(Versions.table(1, worker("slow", 1), tagged("quick", 1)));
    engine.beforeRun =
        rows -> {
          if (Thread.currentThread().getName().startsWith("slipway-worker")) {
            awaitQuietly(release);
          }
        };
    Answer slow = loop.send("slow", 1);
    assertThat(loop.send("quick", 2).sums()).containsExactly(2.5);
    assertThat(loop.send("quick", 3).response().model()).isEqualTo("quick");
    assertThat(slow.isDone()).isFalse();
    release.countDown();
    assertThat(slow.response().model()).isEqualTo("slow");
  }

  @Test
  void aWorkerThatDiesIsReplacedAndItsRequestAnswered() {
    plane.apply(Versions.table(1, worker("m", 1)));
    for (int i = 0; i < 8; i++) {
      Answer crashed =
          loop.send(
              "m",
              i,
              i % 2 == 0 ? RowEngine.CRASHES : RowEngine.OVERFLOWS_THE_STACK,
              new CompletableFuture<>());
      assertThat(crashed.failure().code()).isEqualTo(ErrorCode.INTERNAL);
    }
    assertThat(loop.send("m", 5).response().outputs()).hasSize(1);
    Waiting.until("workers are counted", () -> plane.metrics().plane().workersReplaced() == 8);
  }

  @Test
  void tooManyRequestsInFlightAreRefusedAtOnce() {
    CountDownLatch release = new CountDownLatch(1);
    ServingPlane small = plane(new ServingLimits(3, 100, 1, 1 << 20, 0));
    try (LoopThread own = new LoopThread(small)) {
      small.apply(Versions.table(1, worker("m", 1)));
      engine.beforeRun = rows -> awaitQuietly(release);
      List<Answer> accepted = List.of(own.send("m", 1), own.send("m", 2), own.send("m", 3));
      Answer refused = own.send("m", 4);
      assertThat(refused.failure()).hasMessage("3 requests in flight (expected: < 3)");
      assertThat(refused.failure().code()).isEqualTo(ErrorCode.TOO_MANY_REQUESTS);
      release.countDown();
      assertThat(accepted).allMatch(answer -> answer.response() != null);
      small.close();
    }
  }

  @Test
  void closingAnswersWhatWasAcceptedAndRefusesTheRest() {
    CountDownLatch release = new CountDownLatch(1);
    plane.apply(Versions.table(1, worker("m", 1)));
    engine.beforeRun = rows -> awaitQuietly(release);
    Answer accepted = loop.send("m", 1);
    Waiting.until("it is accepted", () -> plane.metrics().plane().requestsInFlight() == 1);
    CompletableFuture<Void> closing = CompletableFuture.runAsync(plane::close);
    Waiting.until(
        "new ones are refused",
        () -> {
          Answer late = loop.send("m", 2);
          Waiting.until("answered or queued", () -> late.isDone() || !plane.isReady());
          return late.isDone() && late.failure().code() == ErrorCode.SHUTTING_DOWN;
        });
    assertThat(closing).isNotDone();
    release.countDown();
    closing.join();
    assertThat(accepted.response().model()).isEqualTo("m");
    assertThat(plane.isReady()).isFalse();
    assertThatThrownBy(() -> plane.apply(RoutingTable.EMPTY))
        .hasMessage("the serving plane is closed");
  }

  @Test
  void closingAfterTheLoopsAreGoneStillClosesSessionsAndModels() {
    plane.apply(Versions.table(1, tagged("m", 1), worker("n", 1)));
    assertThat(loop.send("m", 1).response().model()).isEqualTo("m");
    assertThat(loop.send("n", 1).response().model()).isEqualTo("n");
    assertThat(engine.sessionsOpen.get()).isPositive();
    loop.close();
    plane.close();
    assertThat(engine.sessionsOpen).hasValue(0);
    assertThat(engine.modelsOpen).hasValue(0);
  }

  @Test
  void closingDoesNotWaitForeverForAHangingEngine() {
    CountDownLatch release = new CountDownLatch(1);
    plane.apply(Versions.table(1, worker("m", 1)));
    engine.beforeRun = rows -> awaitQuietly(release);
    Answer hanging = loop.send("m", 1);
    Waiting.until("it is accepted", () -> plane.metrics().plane().requestsInFlight() == 1);
    CompletableFuture<Void> closing =
        CompletableFuture.runAsync(() -> plane.close(Duration.ofMillis(50)));
    assertThat(hanging.failure().code()).isEqualTo(ErrorCode.SHUTTING_DOWN);
    release.countDown();
    closing.join();
  }

  @Test
  void equalRequestsAreAnsweredFromTheCacheWhereItsOwnerAllowsIt() {
    ModelVersion version = Versions.version("m", 1, Versions.cached());
    plane.apply(Versions.table(1, version));
    int warmUpRuns = engine.runs.get();
    assertThat(loop.send("m", 1).response().cached()).isFalse();
    Answer again = loop.send("m", 1);
    assertThat(again.response().cached()).isTrue();
    assertThat(again.sums()).containsExactly(1.5);
    assertThat(loop.send("m", 2).response().cached()).isFalse();
    assertThat(engine.runs.get() - warmUpRuns).isEqualTo(2);
    VariantSnapshot counts = variant(plane, "m", 1);
    assertThat(counts.cacheHits()).isEqualTo(1);
    assertThat(counts.cacheMisses()).isEqualTo(2);
  }

  @Test
  void outcomesAndStagesAreCountedByVariantAndUnknownNamesNeverBecomeLabels() {
    plane.apply(Versions.table(1, tagged("m", 1)));
    InferenceResponse response = loop.send("m", 1).response();
    loop.call(
        () -> {
          CallContext context = RowRequests.context("r");
          loop.loop.recordAnswered(response, context, 700);
          loop.loop.recordRefused("m", Protocol.GRPC, ErrorCode.PAYLOAD_TOO_LARGE);
          loop.loop.recordRefused("evil", Protocol.REST, ErrorCode.BAD_REQUEST);
          return true;
        });
    assertThat(loop.send("other", 1).failure().code()).isEqualTo(ErrorCode.NOT_FOUND);
    assertThat(loop.send("m", 1, RowEngine.REJECTS, new CompletableFuture<>()).failure().code())
        .isEqualTo(ErrorCode.VALUE_REJECTED);
    ServingSnapshot snapshot = plane.metrics();
    assertThat(snapshot.variants())
        .extracting(VariantSnapshot::key)
        .containsExactly(VariantKey.UNKNOWN, new VariantKey("m", 0), new VariantKey("m", 1));
    VariantSnapshot served = variant(plane, "m", 1);
    assertThat(served.requests().count(Outcome.SUCCESS, Protocol.INTERNAL)).isEqualTo(1);
    assertThat(served.requests().count(Outcome.INVALID, Protocol.INTERNAL)).isEqualTo(1);
    assertThat(served.failures()).containsEntry(ErrorCode.VALUE_REJECTED, 1L);
    assertThat(served.rows()).isEqualTo(1);
    assertThat(served.stage(Stage.ENCODE).sum()).isEqualTo(700);
    assertThat(served.stage(Stage.INFER).count()).isEqualTo(1);
    assertThat(served.stage(Stage.END_TO_END).count()).isEqualTo(1);
    assertThat(served.loadedBytes()).isEqualTo(1_000);
    assertThat(snapshot.variants().get(0).requests().count(Outcome.INVALID)).isEqualTo(2);
    assertThat(snapshot.variants().get(1).errors())
        .containsExactly(Map.entry(ErrorCode.PAYLOAD_TOO_LARGE, 1L));
  }

  @Test
  void anUnknownOutputIsNamed() {
    plane.apply(Versions.table(1, tagged("m", 1)));
    Answer answer = new Answer();
    loop.post(
        () -> {
          InferenceRequest plain = RowRequests.request(loop.loop.buffers(), "m", 1, 1, 1);
          loop.loop.submit(
              new InferenceRequest(
                  "m",
                  0,
                  "",
                  plain.inputs(),
                  List.of(RequestedOutput.of("y"), RequestedOutput.of("z")),
                  plain.parameters()),
              RowRequests.context("r"),
              answer);
        });
    assertThat(answer.failure()).hasMessage("outputs[1].name: z (expected: one of [y])");
  }

  @Test
  void severalLoopsServeTheSameTable() {
    try (LoopThread second = new LoopThread(plane)) {
      plane.apply(Versions.table(1, tagged("m", 1)));
      assertThat(loop.send("m", 1).response()).isNotNull();
      assertThat(second.send("m", 2).sums()).containsExactly(2.5);
      plane.apply(Versions.table(2, tagged("m", 2)));
      assertThat(loop.send("m", 1).response().version().ref().version()).isEqualTo(2);
      assertThat(second.send("m", 1).response().version().ref().version()).isEqualTo(2);
      assertThat(engine.loads).hasValue(2);
      plane.close();
    }
  }

  @Test
  void anExampleThatTheModelRefusesRefusesTheVersion() {
    ServingPlane strict =
        new ServingPlane(
            ServingLimits.DEFAULT,
            List.of(engine),
            Versions.ARTIFACTS,
            version ->
                RowRequests.request(new BufferPool(0), "m", 1, 1, RowEngine.REJECTS).inputs(),
            Monitoring.OFF);
    assertThatThrownBy(() -> strict.apply(Versions.table(1, tagged("m", 1))))
        .hasMessage("row 0 is rejected");
    strict.close();
  }

  private ModelVersion tagged(String model, int number) {
    ModelVersion version = Versions.version(model, number);
    engine.tag(version.digest(), number);
    return version;
  }

  private ModelVersion worker(String model, int number) {
    ModelVersion version =
        Versions.version(
            model, number, Versions.settings(Scheduling.WORKER, BatchSettings.DEFAULT));
    engine.tag(version.digest(), number);
    return version;
  }

  private Answer pinned(String model, int version) {
    Answer answer = new Answer();
    loop.post(
        () -> {
          InferenceRequest plain = RowRequests.request(loop.loop.buffers(), model, 1, 1, 1);
          loop.loop.submit(
              new InferenceRequest(
                  model, version, "", plain.inputs(), plain.outputs(), plain.parameters()),
              RowRequests.context("pinned"),
              answer);
        });
    return answer;
  }

  private static VariantSnapshot variant(ServingPlane plane, String deployment, int version) {
    return plane.metrics().variants().stream()
        .filter(each -> each.key().equals(new VariantKey(deployment, version)))
        .findFirst()
        .orElseThrow();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      if (!latch.await(20, TimeUnit.SECONDS)) {
        throw new AssertionError("the test forgot to release the engine");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
