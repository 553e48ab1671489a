package dev.slipway.serving.cells;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.drift.BinRules;
import dev.slipway.core.drift.NumericCounter;
import dev.slipway.core.drift.NumericReference;
import dev.slipway.core.drift.ReferenceWindows;
import dev.slipway.core.drift.cell.Cell;
import dev.slipway.core.drift.cell.CellCounts;
import dev.slipway.core.drift.cell.CellKey;
import dev.slipway.core.drift.cell.FieldPlace;
import dev.slipway.core.drift.cell.FieldPlace.Side;
import dev.slipway.core.drift.cell.FieldReference;
import dev.slipway.core.drift.cell.FrozenReference;
import dev.slipway.core.drift.cell.VersionReference;
import dev.slipway.core.model.ModelRef;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.serving.ServingLimits;
import dev.slipway.serving.ServingLoop.InFlight;
import dev.slipway.serving.ServingPlane;
import dev.slipway.serving.testing.Answer;
import dev.slipway.serving.testing.LoopThread;
import dev.slipway.serving.testing.RowEngine;
import dev.slipway.serving.testing.Versions;
import dev.slipway.serving.testing.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CellsTest {
  private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
  private static final double B = 0.5;

  private final RowEngine engine = new RowEngine();
  private final Map<CellKey, CellCounts> cells = new ConcurrentHashMap<>();
  private final ModelVersion version = Versions.version("m", 1, Versions.cached());
  private final FrozenReference reference = FrozenReference.of(reference());
  private volatile @Nullable FrozenReference known = reference;
  private volatile boolean unreadable;
  private volatile Instant now = START.plusSeconds(10);
  private final ServingPlane plane =
      new ServingPlane(
          ServingLimits.DEFAULT,
          List.of(engine),
          Versions.ARTIFACTS,
          any -> List.of(),
          new Monitoring("test", new Known(), this::accept, () -> now));
  private final LoopThread first = new LoopThread(plane);
  private final LoopThread second = new LoopThread(plane);

  private final class Known implements ReferenceSource {
    @Override
    public void prepare(ModelRef ref) {
      if (unreadable) {
        throw new IllegalStateException("the database is away");
      }
    }

    @Override
    public @Nullable FrozenReference reference(ModelRef ref) {
      return ref.equals(new ModelRef("m", 1)) ? known : null;
    }
  }

  private void accept(Cell cell) {
    cells.put(cell.key(), cell.counts());
  }

  /** Of the first input column and the first output column. */
  private static VersionReference reference() {
    double[] values = IntStream.range(0, 1_000).mapToDouble(i -> i % 100).toArray();
    ReferenceWindows windows =
        new ReferenceWindows(
            1_000,
            List.of(
                new ReferenceWindows.Window(0.01, 500), new ReferenceWindows.Window(0.02, 500)));
    List<FieldReference> fields = new ArrayList<>();
    for (Side side : Side.values()) {
      fields.add(
          new FieldReference(
              new FieldPlace(side, side == Side.INPUT ? "x" : "y", 0),
              NumericReference.of(side.name(), values, 0, BinRules.DEFAULT),
              windows));
    }
    return new VersionReference(ContentDigest.of(new byte[0]), 1_000, fields);
  }

  @AfterEach
  void close() {
    plane.close(Duration.ofSeconds(5));
    first.close();
    second.close();
  }

  private static void send(LoopThread loop, double... values) {
    for (double value : values) {
      assertThat(loop.send("m", value, B, new CompletableFuture<InFlight>()).response())
          .isNotNull();
    }
  }

  /** All that was handed over, whatever the window. */
  private CellCounts sum() {
    return cells.values().stream().reduce(reference.reference().none(), CellCounts::plus);
  }

  private CellCounts exactly(double... values) {
    NumericCounter inputs =
        new NumericCounter((NumericReference) reference.reference().fields().get(0).reference());
    NumericCounter outputs =
        new NumericCounter((NumericReference) reference.reference().fields().get(1).reference());
    for (double value : values) {
      if (Double.isNaN(value)) {
        inputs.addMissing(1);
        outputs.addMissing(1);
      } else {
        inputs.add(value);
        outputs.add(value + B);
      }
    }
    return new CellCounts(values.length, List.of(inputs.counts(), outputs.counts()));
  }

  @Test
  void theCellsOfAllLoopsAddUpToTheBatch() {
    plane.apply(Versions.table(1, version));
    send(first, 1, 2, 3, -7);
    send(second, 2, 50, 1_000);
    plane.close();
    assertThat(cells).hasSize(2);
    assertThat(sum()).isEqualTo(exactly(1, 2, 3, -7, 2, 50, 1_000));
    assertThat(cells.keySet())
        .allSatisfy(
            key -> {
              assertThat(key.start()).isEqualTo(START);
              assertThat(key.version()).isEqualTo(new ModelRef("m", 1));
              assertThat(key.reference()).isEqualTo(reference.digest());
              assertThat(key.epoch()).isEqualTo(1);
            });
  }

  @Test
  void aMissingNumberIsCountedAsMissingAndAnInfiniteOneAsInvalid() {
    plane.apply(Versions.table(1, version));
    send(first, Double.NaN, Double.POSITIVE_INFINITY, 4);
    plane.close();
    assertThat(sum()).isEqualTo(exactly(Double.NaN, Double.POSITIVE_INFINITY, 4));
    assertThat(
            sum()
                .fields()
                .getFirst()
                .count(reference.reference().fields().getFirst().reference().missingBin()))
        .isEqualTo(1);
  }

  @Test
  void answersFromTheCacheCountAndFailuresDoNot() {
    plane.apply(Versions.table(1, version));
    send(first, 5, 5, 5);
    Answer refused = first.send("m", 5, RowEngine.REJECTS, new CompletableFuture<InFlight>());
    assertThat(refused.failure()).isNotNull();
    plane.close();
    assertThat(plane.metrics().variants())
        .anySatisfy(variant -> assertThat(variant.cacheHits()).isEqualTo(2));
    assertThat(sum()).isEqualTo(exactly(5, 5, 5));
  }

  @Test
  void aWindowEndsWhenItsTimeIsOver() {
    now = START.plus(CellKey.SPAN).minusMillis(300);
    plane.apply(Versions.table(1, version));
    send(first, 1, 2);
    now = START.plus(CellKey.SPAN);
    Waiting.until("the first window is handed over", () -> sum().rows() == 2);
    // The turn that hands over begins the next window too, on the same thread.
    first.call(() -> 0);
    send(first, 3);
    plane.close();
    Map<Instant, CellCounts> byStart = new HashMap<>();
    cells.forEach((key, counts) -> byStart.merge(key.start(), counts, CellCounts::plus));
    assertThat(byStart)
        .isEqualTo(Map.of(START, exactly(1, 2), START.plus(CellKey.SPAN), exactly(3)));
  }

  /** Nothing of it may take the place of what was counted before. */
  @Test
  void aVariantThatComesBackInItsWindowCountsOn() {
    plane.apply(Versions.table(1, version));
    send(first, 1, 2);
    plane.unload("m");
    plane.load("m");
    send(first, 3);
    plane.apply(Versions.table(2, version));
    send(first, 4);
    plane.close();
    assertThat(sum()).isEqualTo(exactly(1, 2, 3, 4));
    assertThat(cells.keySet()).extracting(CellKey::epoch).containsOnly(1L, 2L);
  }

  @Test
  void aVersionWhoseReferenceCannotBeReadIsServedAllTheSame() {
    unreadable = true;
    known = null;
    plane.apply(Versions.table(1, version));
    send(first, 1);
    assertThat(plane.isReady()).isTrue();
    plane.close();
    assertThat(cells).isEmpty();
  }

  @Test
  void aReferenceThatComesLaterIsCountedFromTheNextTurn() {
    known = null;
    plane.apply(Versions.table(1, version));
    send(first, 1);
    known = reference;
    plane.apply(Versions.table(2, version));
    send(first, 2);
    plane.close();
    assertThat(sum()).isEqualTo(exactly(2));
  }
}
