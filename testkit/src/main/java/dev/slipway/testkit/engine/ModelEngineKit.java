package dev.slipway.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.core.error.ErrorClass;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.EngineSettings;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.model.TensorSpec;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.serving.engine.InferenceSession;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.ModelArtifact;
import dev.slipway.serving.engine.ModelEngine;
import dev.slipway.serving.engine.SyntheticInputs;
import dev.slipway.testkit.engine.GoldenModel.GoldenCase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every {@link ModelEngine} must do. Extend it and say which engine, which models with known
 * answers, and what it must refuse; a case that an engine cannot have is skipped by naming the
 * reason in {@link #reasonToSkip}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class ModelEngineKit {
  private static final long SEED = 20_261_124L;

  /** The cases that an engine may have a reason to skip. */
  public enum Case {
    CORRUPT_BYTES,
    UNSUPPORTED_ARTIFACT,
    BIG_BATCH,
    ZERO_ROWS,
    LOAD_LEAKS,
    INFER_LEAKS
  }

  @TempDir Path temporary;

  /** The engine under test. */
  protected abstract ModelEngine engine();

  /**
   * Models that the engine runs; at least one batched, and between them every datatype and number
   * of inputs and outputs that the engine claims.
   */
  protected abstract List<GoldenModel> models();

  /** Artifacts that are broken, beside those that the kit makes by cutting and flipping bytes. */
  protected List<ModelArtifact> corruptArtifacts() {
    return List.of();
  }

  /** An intact artifact that the engine cannot run. */
  protected abstract ModelArtifact unsupportedArtifact();

  /** Why the engine cannot have a case; empty means that it must pass. */
  protected Optional<String> reasonToSkip(Case kind) {
    return Optional.empty();
  }

  protected EngineSettings settings() {
    return EngineSettings.DEFAULT;
  }

  /**
   * What loading may answer for bytes with a random change that happen to be readable: a bit flip
   * can turn a name into another that is unknown.
   */
  protected Set<ErrorCode> codesForFlippedBits() {
    return EnumSet.of(ErrorCode.MODEL_INVALID, ErrorCode.FORMAT_UNSUPPORTED);
  }

  @ParameterizedTest
  @MethodSource("models")
  void inspectReturnsWhatLoadReports(GoldenModel model) {
    assertThat(engine().supports(model.artifact())).isTrue();
    ModelSignature inspected = engine().inspect(model.artifact());
    try (LoadedModel loaded = load(model)) {
      assertThat(loaded.signature()).isEqualTo(inspected);
      assertThat(loaded.memoryBytes()).isNotNegative();
    }
    assertThat(inspected.inputs()).isNotEmpty();
    assertThat(inspected.outputs()).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("models")
  void answersFollowTheSignature(GoldenModel model) {
    try (LoadedModel loaded = load(model);
        InferenceSession session = loaded.openSession()) {
      for (GoldenCase golden : model.cases()) {
        List<Tensor> outputs = session.infer(golden.inputs(), Long.MAX_VALUE);
        List<TensorSpec> specs = loaded.signature().outputs();
        assertThat(outputs).hasSameSizeAs(specs);
        for (int i = 0; i < specs.size(); i++) {
          assertThat(outputs.get(i).name()).isEqualTo(specs.get(i).name());
          assertThat(outputs.get(i).datatype()).isEqualTo(specs.get(i).datatype());
          assertThat(specs.get(i).shape().accepts(outputs.get(i).shape()))
              .as("%s declared %s, answered %s", specs.get(i).name(), specs.get(i), outputs.get(i))
              .isTrue();
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void givesTheGoldenAnswers(GoldenModel model) {
    assertGolden(model, TestTensors::copy);
  }

  @ParameterizedTest
  @MethodSource("models")
  void givesTheGoldenAnswersFromHeapBuffersAtAnyPosition(GoldenModel model) {
    assertGolden(model, TestTensors::onHeap);
  }

  @ParameterizedTest
  @MethodSource("models")
  void givesTheGoldenAnswersFromUnalignedSlicesOfAPool(GoldenModel model) {
    assertGolden(model, TestTensors::unaligned);
  }

  private void assertGolden(GoldenModel model, UnaryOperator<Tensor> placement) {
    try (LoadedModel loaded = load(model);
        InferenceSession session = loaded.openSession()) {
      // Twice, because the second run may use buffers that the first one left.
      for (int run = 0; run < 2; run++) {
        for (GoldenCase golden : model.cases()) {
          List<Tensor> inputs = golden.inputs().stream().map(placement).toList();
          List<Tensor> outputs = session.infer(inputs, Long.MAX_VALUE);
          TensorAssertions.assertSame(model.name(), outputs, golden.outputs(), model.tolerance());
          for (int i = 0; i < inputs.size(); i++) {
            TensorAssertions.assertSame(
                "inputs are only read", inputs.get(i), golden.inputs().get(i), 0);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void aBatchEqualsItsRowsOneByOne(GoldenModel model) {
    try (LoadedModel loaded = load(model);
        InferenceSession session = loaded.openSession()) {
      assumeBatched(loaded);
      for (GoldenCase golden : model.cases()) {
        int rows = rows(golden);
        List<Tensor> batch = copies(session.infer(golden.inputs(), Long.MAX_VALUE));
        for (int row = 0; row < rows; row++) {
          List<Tensor> single =
              session.infer(slices(golden.inputs(), row, row + 1), Long.MAX_VALUE);
          TensorAssertions.assertSame(
              "row " + row, single, slices(batch, row, row + 1), Math.max(model.tolerance(), 1e-6));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void outputsHoldUntilTheNextCallWhateverBecomesOfTheInputs(GoldenModel model) {
    try (LoadedModel loaded = load(model);
        InferenceSession session = loaded.openSession();
        InferenceSession other = loaded.openSession()) {
      GoldenCase golden = model.cases().getFirst();
      List<Tensor> inputs = copies(golden.inputs());
      List<Tensor> outputs = session.infer(inputs, Long.MAX_VALUE);
      for (Tensor input : inputs) {
        for (int i = 0; i < input.byteLength(); i++) {
          input.data().put(i, (byte) 0x55);
        }
      }
      other.infer(SyntheticInputs.of(loaded.signature(), rows(golden), SEED), Long.MAX_VALUE);
      TensorAssertions.assertSame(model.name(), outputs, golden.outputs(), model.tolerance());
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void sessionsInParallelGiveTheSameAnswers(GoldenModel model) throws Exception {
    int sessions = 3;
    try (LoadedModel loaded = load(model);
        ExecutorService threads = Executors.newFixedThreadPool(sessions)) {
      List<Callable<Integer>> runs = new ArrayList<>();
      for (int s = 0; s < sessions; s++) {
        int first = s;
        runs.add(
            () -> {
              try (InferenceSession session = loaded.openSession()) {
                int answered = 0;
                for (int i = 0; i < 40; i++) {
                  GoldenCase golden = model.cases().get((first + i) % model.cases().size());
                  TensorAssertions.assertSame(
                      model.name(),
                      session.infer(golden.inputs(), Long.MAX_VALUE),
                      golden.outputs(),
                      model.tolerance());
                  answered++;
                }
                return answered;
              }
            });
      }
      for (Future<Integer> run : threads.invokeAll(runs)) {
        assertThat(run.get()).isEqualTo(40);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void closingOneSessionOrTwiceLeavesTheOthersAlone(GoldenModel model) {
    LoadedModel first = load(model);
    LoadedModel second = load(model);
    InferenceSession closed = first.openSession();
    closed.infer(model.cases().getFirst().inputs(), Long.MAX_VALUE);
    closed.close();
    closed.close();
    try (InferenceSession session = first.openSession()) {
      assertAnswers(model, session);
    }
    first.close();
    first.close();
    try (InferenceSession session = second.openSession()) {
      assertAnswers(model, session);
    }
    second.close();
  }

  @ParameterizedTest
  @MethodSource("models")
  void nanPassesThroughOrIsRefused(GoldenModel model) {
    try (LoadedModel loaded = load(model);
        InferenceSession session = loaded.openSession()) {
      GoldenCase golden = model.cases().getFirst();
      assumeTrue(
          golden.inputs().stream().anyMatch(input -> input.datatype().isFloatingPoint()),
          "no floating-point input");
      List<Tensor> inputs =
          golden.inputs().stream()
              .map(
                  input ->
                      input.datatype().isFloatingPoint() ? TestTensors.filledWithNan(input) : input)
              .toList();
      Throwable failure = catchThrowable(() -> session.infer(inputs, Long.MAX_VALUE));
      if (failure != null) {
        assertThat(failure).isInstanceOf(SlipwayException.class);
        assertThat(((SlipwayException) failure).code()).isEqualTo(ErrorCode.VALUE_REJECTED);
      }
      assertAnswers(model, session);
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void zeroRowsGiveZeroRowsOrARefusal(GoldenModel model) {
    skipFor(Case.ZERO_ROWS);
    try (LoadedModel loaded = load(model);
        InferenceSession session = loaded.openSession()) {
      assumeBatched(loaded);
      List<Tensor> none = slices(model.cases().getFirst().inputs(), 0, 0);
      try {
        for (Tensor output : session.infer(none, Long.MAX_VALUE)) {
          assertThat(output.shape().dimension(0)).as(output.name()).isZero();
          assertThat(output.byteLength()).as(output.name()).isZero();
        }
      } catch (SlipwayException e) {
        assertThat(e.code().errorClass()).as(e.getMessage()).isEqualTo(ErrorClass.CALLER);
      }
      assertAnswers(model, session);
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void aBigBatchGivesTheAnswersOfItsRows(GoldenModel model) {
    skipFor(Case.BIG_BATCH);
    int rows = 3_000;
    try (LoadedModel loaded = load(model);
        InferenceSession session = loaded.openSession()) {
      assumeBatched(loaded);
      GoldenCase golden = model.cases().getFirst();
      List<Tensor> inputs =
          golden.inputs().stream().map(input -> TestTensors.tiled(input, rows)).toList();
      List<Tensor> expected =
          golden.outputs().stream().map(output -> TestTensors.tiled(output, rows)).toList();
      TensorAssertions.assertSame(
          model.name(),
          session.infer(inputs, Long.MAX_VALUE),
          expected,
          Math.max(model.tolerance(), 1e-6));
      assertAnswers(model, session);
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void aDeadlineThatHasPassedIsAnsweredOrRefusedAtOnce(GoldenModel model) {
    try (LoadedModel loaded = load(model);
        InferenceSession session = loaded.openSession()) {
      GoldenCase golden = model.cases().getFirst();
      try {
        TensorAssertions.assertSame(
            model.name(),
            session.infer(golden.inputs(), System.nanoTime() - 1),
            golden.outputs(),
            model.tolerance());
      } catch (SlipwayException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
      }
      assertAnswers(model, session);
    }
  }

  @Test
  void anUnsupportedArtifactIsRefusedAsSuch() {
    skipFor(Case.UNSUPPORTED_ARTIFACT);
    ModelArtifact artifact = unsupportedArtifact();
    for (Runnable attempt :
        List.<Runnable>of(
            () -> engine().inspect(artifact), () -> engine().load(artifact, settings()).close())) {
      assertThatThrownBy(attempt::run)
          .isInstanceOfSatisfying(
              SlipwayException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.FORMAT_UNSUPPORTED))
          .message()
          .isNotBlank();
    }
  }

  @Test
  void brokenArtifactsAreRefusedWithAReason() {
    assumeTrue(!corruptArtifacts().isEmpty(), "the engine's test names no broken artifact");
    for (ModelArtifact artifact : corruptArtifacts()) {
      assertInvalid(artifact.primaryFile().toString(), artifact);
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void filesCutShortAreRefusedAndNeverCrash(GoldenModel model) {
    skipFor(Case.CORRUPT_BYTES);
    byte[] bytes = TestArtifacts.read(model.artifact().primaryFile());
    for (int length : new int[] {0, 1, bytes.length / 2}) {
      ModelArtifact cut = damaged(model, Arrays.copyOf(bytes, length), "cut-" + length);
      assertInvalid("%s cut to %d of %d".formatted(model, length, bytes.length), cut);
    }
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < 20; i++) {
      int length = random.nextInt(bytes.length);
      ModelArtifact cut = damaged(model, Arrays.copyOf(bytes, length), "cut-" + length);
      loadsOrIsRefused("%s cut to %d of %d".formatted(model, length, bytes.length), cut);
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void filesWithFlippedBitsLoadOrAreRefusedAndNeverCrash(GoldenModel model) {
    skipFor(Case.CORRUPT_BYTES);
    byte[] bytes = TestArtifacts.read(model.artifact().primaryFile());
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < 40; i++) {
      byte[] flipped = bytes.clone();
      int flips = 1 + random.nextInt(4);
      for (int f = 0; f < flips; f++) {
        flipped[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      }
      loadsOrIsRefused(
          "%s with flipped bits, seed %d, round %d".formatted(model, SEED, i),
          damaged(model, flipped, "flipped-" + i));
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void loadingAndClosingAgainAndAgainLeaksNothing(GoldenModel model) {
    skipFor(Case.LOAD_LEAKS);
    assumeTrue(ProcessFootprint.isKnown(), "this system does not tell what a process holds");
    Runnable round =
        () -> {
          try (LoadedModel loaded = load(model);
              InferenceSession session = loaded.openSession()) {
            session.infer(model.cases().getFirst().inputs(), Long.MAX_VALUE);
          }
        };
    assertHoldsStill(round, 30, 120, Duration.ofSeconds(1));
  }

  @ParameterizedTest
  @MethodSource("models")
  void inferringAgainAndAgainLeaksNothing(GoldenModel model) {
    skipFor(Case.INFER_LEAKS);
    assumeTrue(ProcessFootprint.isKnown(), "this system does not tell what a process holds");
    try (LoadedModel loaded = load(model);
        InferenceSession session = loaded.openSession()) {
      // Batches of changing size, which is what a server sees, and large enough that a forgotten
      // tensor shows.
      List<List<Tensor>> requests = new ArrayList<>();
      for (int rows = 56; rows <= 64; rows++) {
        requests.add(SyntheticInputs.of(loaded.signature(), rows, SEED));
      }
      int[] next = {0};
      Runnable round =
          () -> session.infer(requests.get(next[0]++ % requests.size()), Long.MAX_VALUE);
      assertHoldsStill(round, 200, 20_000, Duration.ofSeconds(2));
    }
  }

  /**
   * Runs rounds until the most that the process has held stops growing: a leak grows in every
   * repetition, while heaps, allocators and compilers reach a plateau.
   */
  private static void assertHoldsStill(Runnable round, int warmUp, int roundsMax, Duration atMost) {
    for (int i = 0; i < warmUp; i++) {
      round.run();
    }
    List<ProcessFootprint> history = new ArrayList<>(List.of(ProcessFootprint.now()));
    for (int repetition = 0; repetition < 5; repetition++) {
      long end = System.nanoTime() + atMost.toNanos();
      for (int i = 0; i < roundsMax && System.nanoTime() < end; i++) {
        round.run();
      }
      ProcessFootprint after = ProcessFootprint.now();
      boolean still = history.stream().anyMatch(after::isHardlyMoreThan);
      history.add(after);
      if (still) {
        return;
      }
    }
    throw new AssertionError("what the process holds grows again and again: " + history);
  }

  private void loadsOrIsRefused(String what, ModelArtifact artifact) {
    long begin = System.nanoTime();
    try (LoadedModel loaded = engine().load(artifact, settings())) {
      assertThat(loaded.signature()).as(what).isNotNull();
    } catch (SlipwayException e) {
      assertThat(e.code()).as("%s: %s", what, e.getMessage()).isIn(codesForFlippedBits());
      assertThat(e.getMessage()).as(what).isNotBlank();
    }
    assertThat(Duration.ofNanos(System.nanoTime() - begin))
        .as(what)
        .isLessThan(Duration.ofSeconds(30));
  }

  private void assertInvalid(String what, ModelArtifact artifact) {
    for (Runnable attempt :
        List.<Runnable>of(
            () -> engine().inspect(artifact), () -> engine().load(artifact, settings()).close())) {
      assertThatThrownBy(attempt::run)
          .as(what)
          .isInstanceOfSatisfying(
              SlipwayException.class,
              e ->
                  assertThat(e.code())
                      .as("%s: %s", what, e.getMessage())
                      .isEqualTo(ErrorCode.MODEL_INVALID))
          .message()
          .isNotBlank();
    }
  }

  private ModelArtifact damaged(GoldenModel model, byte[] bytes, String folder) {
    return TestArtifacts.withBytes(
        model.artifact(), bytes, temporary.resolve(model.name()).resolve(folder));
  }

  private void assertAnswers(GoldenModel model, InferenceSession session) {
    GoldenCase golden = model.cases().getLast();
    TensorAssertions.assertSame(
        model.name(),
        session.infer(golden.inputs(), Long.MAX_VALUE),
        golden.outputs(),
        model.tolerance());
  }

  private LoadedModel load(GoldenModel model) {
    return engine().load(model.artifact(), settings());
  }

  private void skipFor(Case kind) {
    Optional<String> reason = reasonToSkip(kind);
    assumeTrue(reason.isEmpty(), () -> reason.orElse(""));
  }

  private static void assumeBatched(LoadedModel loaded) {
    assumeTrue(loaded.signature().isBatched(), "the model has no batch dimension");
  }

  private static int rows(GoldenCase golden) {
    Tensor first = golden.inputs().getFirst();
    return first.shape().rank() == 0 ? 1 : Math.toIntExact(first.shape().dimension(0));
  }

  private static List<Tensor> slices(List<Tensor> tensors, int from, int to) {
    return tensors.stream().map(tensor -> TestTensors.rows(tensor, from, to)).toList();
  }

  private static List<Tensor> copies(List<Tensor> tensors) {
    return tensors.stream().map(TestTensors::copy).toList();
  }
}
