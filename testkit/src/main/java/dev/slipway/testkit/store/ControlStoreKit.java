package dev.slipway.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.audit.entry.Actor;
import dev.slipway.core.audit.entry.AuditEntry;
import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.audit.entry.Subject;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ArtifactDigest;
import dev.slipway.core.model.ArtifactFormat;
import dev.slipway.core.model.BatchSettings;
import dev.slipway.core.model.BatchSettings.TimeoutAction;
import dev.slipway.core.model.Deployment;
import dev.slipway.core.model.EngineSettings;
import dev.slipway.core.model.EngineSettings.Scheduling;
import dev.slipway.core.model.ExecutionProvider;
import dev.slipway.core.model.FieldSpec;
import dev.slipway.core.model.FieldSpec.NanPolicy;
import dev.slipway.core.model.ModelRef;
import dev.slipway.core.model.ModelSettings;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.core.model.RegisteredModel;
import dev.slipway.core.model.TensorSpec;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import dev.slipway.store.control.ControlStore;
import dev.slipway.store.control.ControlView;
import dev.slipway.store.control.DeploymentChange;
import dev.slipway.store.control.UnitOfWork;
import dev.slipway.store.control.VersionDraft;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link ControlStore} must do. A subclass says how one is opened. */
public abstract class ControlStoreKit {
  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00.123456Z");

  @TempDir Path folder;
  private ControlStore store;

  /** Opens the store that lives in {@code root}; called again after a close, the same one. */
  protected abstract ControlStore open(Path root);

  @BeforeEach
  void openStore() {
    store = open(folder);
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  @Test
  void aNewStoreIsEmpty() {
    assertThat(models("", 10)).isEmpty();
    assertThat(deployments("", 10)).isEmpty();
    assertThat(epoch()).isZero();
    assertThat(model("fraud")).isEmpty();
    assertThat(store.schemaVersion()).isPositive();
  }

  @Test
  void versionsAreNumberedFromOneWithoutGaps() {
    assertThat(register("fraud").ref()).isEqualTo(new ModelRef("fraud", 1));
    assertThat(register("fraud").ref()).isEqualTo(new ModelRef("fraud", 2));
    assertThat(register("churn").ref()).isEqualTo(new ModelRef("churn", 1));

    assertThat(model("fraud")).contains(new RegisteredModel("fraud", 2, NOW));
    assertThat(versions("fraud"))
        .extracting(version -> version.ref().version())
        .containsExactly(2, 1);
    assertThat(latestVersion("fraud").orElseThrow().ref().version()).isEqualTo(2);
  }

  @Test
  void aVersionComesBackWithEveryDetailAfterAReopen() {
    ModelVersion written = commit(draft("fraud", detailedSignature(), detailedSettings()));

    reopen();

    assertThat(version(written.ref())).contains(written);
    assertThat(written.signature()).isEqualTo(detailedSignature());
    assertThat(written.settings()).isEqualTo(detailedSettings());
  }

  @Test
  void everyArtifactThatAVersionNamesIsListedOnce() {
    assertThat(artifacts()).isEmpty();
    VersionDraft draft = draft("churn");
    ArtifactDigest another = new ArtifactDigest("sha256:" + "fedcba9876543210".repeat(4));
    register("fraud");
    register("fraud");
    commit(
        new VersionDraft(
            draft.model(),
            another,
            draft.format(),
            draft.primaryFile(),
            draft.signature(),
            draft.settings(),
            draft.description(),
            draft.exampleRequest(),
            draft.sizeBytes(),
            draft.registeredAt()));

    assertThat(artifacts()).isEqualTo(Set.of(draft.digest(), another));
  }

  @Test
  void namesDifferByCase() {
    register("Fraud");

    assertThat(model("fraud")).isEmpty();
  }

  @Test
  void pagesFollowTheOrderOfTheNames() {
    for (String name : List.of("c", "a", "e", "b", "d")) {
      register(name);
    }

    assertThat(models("", 2)).extracting(RegisteredModel::name).containsExactly("a", "b");
    assertThat(models("b", 10)).extracting(RegisteredModel::name).containsExactly("c", "d", "e");
    assertThat(models("e", 10)).isEmpty();
  }

  @Test
  void aChangeThatThrowsHalfWayLeavesNothing() {
    register("fraud");

    assertThatThrownBy(
            () ->
                store.commit(
                    work -> {
                      work.addVersion(draft("fraud"));
                      work.addVersion(draft("other"));
                      work.nextEpoch();
                      work.putDeployment(change("fraud", 1, 0, 1));
                      throw new IllegalStateException("between two statements");
                    }))
        .hasMessage("between two statements");

    assertThat(versions("fraud")).hasSize(1);
    assertThat(model("other")).isEmpty();
    assertThat(epoch()).isZero();
    assertThat(deployments("", 10)).isEmpty();
    assertThat(register("fraud").ref().version()).isEqualTo(2);
  }

  @Test
  void aChangeSeesItsOwnWritesAndOthersDoNot() throws Exception {
    CountDownLatch written = new CountDownLatch(1);
    CountDownLatch looked = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
      Future<Integer> inside =
          threads.submit(
              () ->
                  store.commit(
                      work -> {
                        work.addVersion(draft("fraud"));
                        written.countDown();
                        await(looked);
                        return work.versions("fraud").size();
                      }));
      await(written);

      assertThat(model("fraud")).isEmpty();
      looked.countDown();
      assertThat(inside.get(10, TimeUnit.SECONDS)).isEqualTo(1);
    }
    assertThat(model("fraud")).isPresent();
  }

  @Test
  void oneReadSeesOneStateWhileChangesGoOn() throws Exception {
    register("fraud");
    CountDownLatch looked = new CountDownLatch(1);
    CountDownLatch changed = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
      Future<List<Integer>> inside =
          threads.submit(
              () ->
                  store.read(
                      view -> {
                        int before = view.versions("fraud").size();
                        looked.countDown();
                        await(changed);
                        return List.of(before, view.versions("fraud").size());
                      }));
      await(looked);
      register("fraud");
      changed.countDown();

      assertThat(inside.get(10, TimeUnit.SECONDS)).containsExactly(1, 1);
    }
    assertThat(versions("fraud")).hasSize(2);
  }

  @Test
  void deploymentsAreComparedAndSetByRevision() {
    register("fraud");
    register("fraud");
    put(change("fraud", 1, 0, 1));
    put(change("fraud", 2, 1, 2));

    assertConflict(() -> put(change("fraud", 1, 0, 1)));
    assertConflict(() -> put(change("fraud", 1, 2, 2)));
    assertConflict(() -> put(change("fraud", 1, 2, 4)));
    assertConflict(() -> put(change("absent", 1, 0, 2)));

    reopen();
    assertThat(deployment("fraud")).contains(new Deployment("fraud", "fraud", 2, 1, 2, NOW));
    assertThat(history("fraud"))
        .containsExactly(change("fraud", 2, 1, 2), change("fraud", 1, 0, 1));
  }

  @Test
  void aDeploymentOfAnUnregisteredVersionIsRefused() {
    register("fraud");

    assertThatThrownBy(() -> put(change("fraud", 7, 0, 1)))
        .isInstanceOfSatisfying(
            SlipwayException.class,
            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.NOT_FOUND));
    assertThat(deployment("fraud")).isEmpty();
  }

  @Test
  void epochsNeverComeTwice() {
    assertThat(nextEpoch()).isEqualTo(1);
    assertThat(nextEpoch()).isEqualTo(2);
    reopen();
    assertThat(nextEpoch()).isEqualTo(3);
    assertThat(epoch()).isEqualTo(3);
  }

  @Test
  void auditEntriesAreNumberedFromZeroWithoutGapsAndComeBackAsWritten() {
    assertThat(auditSize()).isZero();
    assertThat(append("a")).isZero();
    assertThat(append("b")).isEqualTo(1);

    reopen();
    assertThat(append("c")).isEqualTo(2);
    assertThat(auditSize()).isEqualTo(3);
    assertThat(leaves(0, 3))
        .containsExactly(entry("a").toBytes(), entry("b").toBytes(), entry("c").toBytes());
    assertThat(leaves(1, 2)).containsExactly(entry("b").toBytes());
    assertThat(leaves(3, 3)).isEmpty();
  }

  @Test
  void anAuditEntryIsThereExactlyIfItsChangeIs() {
    register("fraud");
    assertThatThrownBy(
            () ->
                store.commit(
                    work -> {
                      work.append(entry("lost"));
                      work.putDeployment(change("fraud", 7, 0, 1));
                      return work;
                    }))
        .isInstanceOf(SlipwayException.class);
    assertThat(auditSize()).isZero();

    assertThat(append("kept")).isZero();
    assertThat(leaves(0, 1)).containsExactly(entry("kept").toBytes());
  }

  @Test
  void anAuditEntryThatIsMissingIsCalledDamage() {
    append("a");

    assertThatThrownBy(() -> leaves(0, 2))
        .isInstanceOfSatisfying(
            SlipwayException.class,
            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.STORE_CORRUPT))
        .hasMessageContaining("of the audit entries 0 to 1 only 1 are in the database");
  }

  @Test
  void concurrentChangesGetContiguousAuditEntriesEachBesideItsOwn() throws Exception {
    int count = 40;
    List<Callable<Long>> tasks =
        Collections.nCopies(
            count,
            () ->
                store.commit(
                    work -> {
                      ModelVersion version = work.addVersion(draft("fraud"));
                      return work.append(entry(version.ref().toString()));
                    }));

    List<Long> indexes = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (Future<Long> index : threads.invokeAll(tasks)) {
        indexes.add(index.get());
      }
    }

    assertThat(indexes)
        .containsExactlyInAnyOrderElementsOf(LongStream.range(0, count).boxed().toList());
    List<byte[]> leaves = leaves(0, count);
    for (int i = 0; i < count; i++) {
      assertThat(AuditEntry.parse(leaves.get(i)).subject().name()).isEqualTo("fraud/" + (i + 1));
    }
  }

  @Test
  void theStateOfAVersionIsTheSameAfterAReopenAndDiffersBetweenVersions() {
    register("fraud");
    register("fraud");
    Optional<ContentDigest> first = state(1);
    reopen();

    assertThat(first).isPresent().isEqualTo(state(1)).isNotEqualTo(state(2));
    assertThat(state(3)).isEmpty();
  }

  @Test
  void concurrentRegistrationsGetContiguousVersions() throws Exception {
    int count = 40;
    List<Callable<Integer>> tasks =
        Collections.nCopies(count, () -> register("fraud").ref().version());

    List<Integer> versions = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (Future<Integer> version : threads.invokeAll(tasks)) {
        versions.add(version.get());
      }
    }

    assertThat(versions)
        .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, count).boxed().toList());
    assertThat(versions("fraud")).hasSize(count);
  }

  @Test
  void ofConcurrentChangesOnOneRevisionExactlyOneWins() throws Exception {
    register("fraud");
    put(change("fraud", 1, 0, 1));
    List<Callable<Boolean>> tasks =
        Collections.nCopies(
            8,
            () -> {
              try {
                put(change("fraud", 1, 1, 2));
                return true;
              } catch (SlipwayException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT);
                return false;
              }
            });

    int winners = 0;
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (Future<Boolean> won : threads.invokeAll(tasks)) {
        winners += won.get() ? 1 : 0;
      }
    }

    assertThat(winners).isEqualTo(1);
    assertThat(history("fraud")).hasSize(2);
  }

  @Test
  void aClosedStoreSaysSo() {
    store.close();

    assertThatThrownBy(() -> epoch())
        .isInstanceOfSatisfying(
            SlipwayException.class,
            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE));
  }

  private static AuditEntry entry(String name) {
    return AuditEntry.of(
        new Actor.LocalCaller(), "model-version.registered", new Subject("test", name), NOW);
  }

  private long append(String name) {
    return store.commit(work -> work.append(entry(name)));
  }

  private long auditSize() {
    return store.read(ControlView::auditSize);
  }

  private List<byte[]> leaves(long from, long to) {
    return store.read(view -> view.auditLeaves(from, to));
  }

  private Optional<ContentDigest> state(int version) {
    return store.read(view -> view.versionState(new ModelRef("fraud", version)));
  }

  private void reopen() {
    store.close();
    store = open(folder);
  }

  private Optional<RegisteredModel> model(String name) {
    return store.read(view -> view.model(name));
  }

  private List<RegisteredModel> models(String after, int count) {
    return store.read(view -> view.models(after, count));
  }

  private Optional<ModelVersion> version(ModelRef ref) {
    return store.read(view -> view.version(ref));
  }

  private Optional<ModelVersion> latestVersion(String model) {
    return store.read(view -> view.latestVersion(model));
  }

  private List<ModelVersion> versions(String model) {
    return store.read(view -> view.versions(model));
  }

  private Set<ArtifactDigest> artifacts() {
    return store.read(ControlView::artifacts);
  }

  private Optional<Deployment> deployment(String name) {
    return store.read(view -> view.deployment(name));
  }

  private List<Deployment> deployments(String after, int count) {
    return store.read(view -> view.deployments(after, count));
  }

  private List<DeploymentChange> history(String deployment) {
    return store.read(view -> view.history(deployment));
  }

  private long epoch() {
    return store.read(ControlView::epoch);
  }

  private long nextEpoch() {
    return store.commit(UnitOfWork::nextEpoch);
  }

  private ModelVersion register(String model) {
    return commit(draft(model));
  }

  private ModelVersion commit(VersionDraft draft) {
    return store.commit(work -> work.addVersion(draft));
  }

  private void put(DeploymentChange change) {
    store.commit(
        work -> {
          work.putDeployment(change);
          return change;
        });
  }

  private static DeploymentChange change(String name, int current, int previous, long revision) {
    return new DeploymentChange(
        new Deployment(name, "fraud", current, previous, revision, NOW),
        DeploymentChange.Kind.DEPLOY,
        revision,
        revision == 1 ? null : revision + 10);
  }

  private static VersionDraft draft(String model) {
    TensorSpec tensor = TensorSpec.of("x", DataType.FP32, Shape.of(-1, 4));
    return draft(
        model, new ModelSignature(List.of(tensor), List.of(tensor)), ModelSettings.DEFAULT);
  }

  private static VersionDraft draft(
      String model, ModelSignature signature, ModelSettings settings) {
    return new VersionDraft(
        model,
        new ArtifactDigest("sha256:" + "0123456789abcdef".repeat(4)),
        ArtifactFormat.ONNX,
        "deep/model.onnx",
        signature,
        settings,
        "It's a \"model\" \u2014 \uD83D\uDEA2; DROP TABLE model_version",
        "{\"inputs\":[]}",
        3_000_000_000L,
        NOW.plusNanos(789));
  }

  private static ModelSignature detailedSignature() {
    FieldSpec amount = new FieldSpec("amount", "in euro", 0, 1e6, List.of(), NanPolicy.REJECT);
    FieldSpec open = FieldSpec.named("open");
    FieldSpec half =
        new FieldSpec("half", "", 0.1, Double.POSITIVE_INFINITY, List.of(), NanPolicy.ALLOW);
    FieldSpec country =
        new FieldSpec(
            "country",
            "",
            Double.NEGATIVE_INFINITY,
            Double.POSITIVE_INFINITY,
            List.of("CH", "", "no", "3.5"),
            NanPolicy.ALLOW);
    return new ModelSignature(
        List.of(
            new TensorSpec(
                "features",
                DataType.FP64,
                Shape.of(-1, 3),
                "what is known",
                List.of(amount, open, half),
                false),
            new TensorSpec("country", DataType.BYTES, Shape.of(-1, 1), "", List.of(country), true)),
        List.of(TensorSpec.of("scalar", DataType.INT64, Shape.of())));
  }

  private static ModelSettings detailedSettings() {
    return new ModelSettings(
        new EngineSettings("onnx", ExecutionProvider.TENSORRT, 3, 2, Scheduling.WORKER),
        new BatchSettings(64, 1_500, 100, 5, 2, 20_000, false, TimeoutAction.DELAY),
        true);
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(10, TimeUnit.SECONDS)) {
        throw new IllegalStateException("waited 10 s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void assertConflict(Runnable change) {
    assertThatThrownBy(change::run)
        .isInstanceOfSatisfying(
            SlipwayException.class,
            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.CONFLICT));
  }
}
