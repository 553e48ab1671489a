package dev.slipway.platform.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.audit.entry.AuditEntry;
import dev.slipway.core.drift.AlertRule;
import dev.slipway.core.drift.NumericCounter;
import dev.slipway.core.drift.NumericReference;
import dev.slipway.core.drift.cell.Cell;
import dev.slipway.core.drift.cell.CellCounts;
import dev.slipway.core.drift.cell.CellKey;
import dev.slipway.core.drift.cell.DriftReport;
import dev.slipway.core.drift.cell.FieldReference;
import dev.slipway.core.drift.cell.FrozenReference;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.identity.Principal;
import dev.slipway.core.model.ModelRef;
import dev.slipway.platform.ControlPlane;
import dev.slipway.platform.doctor.Check;
import dev.slipway.store.monitor.CellTable;
import dev.slipway.testkit.engine.LinearEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From training rows to an alert, on a control plane with a real database. */
class MonitorTest {
  private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

  /** Doubles its input. */
  private static final double WEIGHT = 2;

  @TempDir Path folder;
  private final Random random = new Random(5);
  private volatile Instant now = START;
  private ControlPlane plane;
  private ModelRef ref = new ModelRef("fraud", 1);

  @BeforeEach
  void start() throws IOException {
    plane = new ControlPlane(folder.resolve("data"), () -> now);
    ref =
        plane
            .registry
            .register(
                Principal.LOCAL,
                "fraud",
                LinearEngine.write(folder.resolve("model"), WEIGHT),
                false)
            .version()
            .ref();
    plane.deployments.deploy(ControlPlane.LOCAL, "fraud", ref);
  }

  @AfterEach
  void stop() {
    plane.close();
  }

  private Path rows(String name, int count, double mean) throws IOException {
    StringBuilder text = new StringBuilder("x\n");
    for (int i = 0; i < count; i++) {
      text.append(mean + random.nextGaussian()).append('\n');
    }
    return Files.writeString(folder.resolve(name), text);
  }

  private double[] values(int count, double mean) {
    return DoubleStream.generate(() -> mean + random.nextGaussian()).limit(count).toArray();
  }

  private static CellCounts counted(FrozenReference frozen, double... values) {
    List<NumericCounter> counters = new ArrayList<>();
    for (FieldReference field : frozen.reference().fields()) {
      counters.add(new NumericCounter((NumericReference) field.reference()));
    }
    for (double value : values) {
      counters.get(0).add(value);
      counters.get(1).add(WEIGHT * value);
    }
    return new CellCounts(values.length, counters.stream().map(NumericCounter::counts).toList());
  }

  private CellKey key(FrozenReference frozen, String source, Instant start) {
    return new CellKey(source, "fraud", ref, frozen.digest(), 1, start, CellKey.SPAN);
  }

  private void put(Cell cell) {
    plane.store.commit(
        work -> {
          new CellTable(work.sql()).put(cell);
          return null;
        });
  }

  private CellCounts stored(FrozenReference frozen, Instant from, Instant to) {
    CellCounts[] sum = {frozen.reference().none()};
    plane.store.read(
        view -> {
          new CellTable(view.sql())
              .each(
                  "fraud",
                  ref,
                  frozen.digest(),
                  from,
                  to,
                  cell -> sum[0] = sum[0].plus(cell.counts()));
          return 0;
        });
    return sum[0];
  }

  private DriftMonitor monitor() {
    return new DriftMonitor(plane.store, AlertRule.DEFAULT, () -> now);
  }

  @Test
  void aReferenceIsFrozenOnceAndWrittenIntoTheLog() throws IOException {
    Path training = rows("training.csv", 2_000, 0);
    FrozenReference frozen = plane.references.freeze(Principal.LOCAL, ref, training);

    assertThat(frozen.reference().rows()).isEqualTo(2_000);
    assertThat(frozen.reference().fields())
        .extracting(field -> field.reference().feature())
        .containsExactly("x", "y");
    assertThat(plane.references.freeze(Principal.LOCAL, ref, training).digest())
        .isEqualTo(frozen.digest());
    assertThat(plane.references.find(ref).map(FrozenReference::digest)).contains(frozen.digest());
    Path other = rows("other.csv", 2_000, 1);
    assertThatThrownBy(() -> plane.references.freeze(Principal.LOCAL, ref, other))
        .isInstanceOfSatisfying(
            SlipwayException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT));
    assertThat(plane.auditChecks.examine())
        .allSatisfy(
            check -> assertThat(check.status()).as(check.toString()).isEqualTo(Check.Status.OK));
    assertThat(entries(References.FROZEN))
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.subject().name()).isEqualTo("fraud/1");
              assertThat(entry.after()).isEqualTo(frozen.digest());
            });
  }

  private List<AuditEntry> entries(String action) {
    return plane.store.read(view -> view.auditLeaves(0, view.auditSize())).stream()
        .map(AuditEntry::parse)
        .filter(entry -> entry.action().equals(action))
        .toList();
  }

  @Test
  void rowsThatDoNotFitAreRefusedWithTheReason() throws IOException {
    Path few = rows("few.csv", 10, 0);
    assertThatThrownBy(() -> plane.references.freeze(Principal.LOCAL, ref, few))
        .hasMessage("10 rows (expected: at least 100)");
    Path other = Files.writeString(folder.resolve("other.csv"), "amount\n" + "1\n".repeat(200));
    assertThatThrownBy(() -> plane.references.freeze(Principal.LOCAL, ref, other))
        .hasMessageContaining("no column x");
    Path training = rows("training.csv", 200, 0);
    assertThatThrownBy(
            () -> plane.references.freeze(Principal.LOCAL, new ModelRef("fraud", 9), training))
        .isInstanceOfSatisfying(
            SlipwayException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
    assertThatThrownBy(() -> monitor().watch("fraud", 0, WindowLength.HOUR, null))
        .hasMessageContaining("slipway monitor reference fraud/1");
  }

  /** Eight replicas; cells come twice, in any order, and some come before they are full. */
  @Test
  void duplicatesRetriesAndLateCellsDoNotChangeTheSum() throws IOException {
    FrozenReference frozen =
        plane.references.freeze(Principal.LOCAL, ref, rows("training.csv", 5_000, 0));
    double[] all = values(8 * 12 * 50, 0.3);
    List<Cell> sent = new ArrayList<>();
    for (int replica = 0; replica < 8; replica++) {
      for (int window = 0; window < 12; window++) {
        int from = (replica * 12 + window) * 50;
        CellKey key =
            key(frozen, "replica-" + replica, START.plus(CellKey.SPAN.multipliedBy(window)));
        for (int to : new int[] {from + 10, from + 30, from + 50, from + 50}) {
          sent.add(new Cell(key, counted(frozen, Arrays.copyOfRange(all, from, to))));
        }
      }
    }
    Collections.shuffle(sent, random);
    sent.forEach(this::put);

    CellCounts exactly = counted(frozen, all);
    assertThat(stored(frozen, START, START.plus(Duration.ofHours(1)))).isEqualTo(exactly);
    now = START.plus(Duration.ofHours(1)).minusSeconds(1);
    DriftReport report = monitor().watch("fraud", 0, WindowLength.HOUR, null).report();
    DriftReport batch =
        DriftReport.of(
            frozen.reference(),
            List.of(frozen.reference().none(), frozen.reference().none(), exactly),
            AlertRule.DEFAULT);
    assertThat(report.fields())
        .extracting(DriftReport.Field::windows)
        .isEqualTo(batch.fields().stream().map(DriftReport.Field::windows).toList());
    assertThat(report.rows()).isEqualTo(8 * 12 * 50);
  }

  @Test
  void driftThatStaysAlertsAndThatOfOneHourDoesNot() throws IOException {
    FrozenReference frozen =
        plane.references.freeze(Principal.LOCAL, ref, rows("training.csv", 5_000, 0));
    for (int hour = 0; hour < 5; hour++) {
      double mean = hour == 1 || hour >= 3 ? 1.5 : 0;
      put(
          new Cell(
              key(frozen, "r", START.plus(Duration.ofHours(hour))),
              counted(frozen, values(3_000, mean))));
    }
    List<List<String>> alerts = new ArrayList<>();
    for (int hour = 1; hour <= 5; hour++) {
      alerts.add(
          monitor()
              .watch("fraud", 1, WindowLength.HOUR, START.plus(Duration.ofHours(hour)))
              .report()
              .alerts()
              .stream()
              .map(field -> field.field().reference().feature())
              .toList());
    }
    // Hours 1, 3 and 4 drift: two of the last three do from the fourth on.
    assertThat(alerts)
        .containsExactly(List.of(), List.of(), List.of(), List.of("x", "y"), List.of("x", "y"));
  }

  @Test
  void rollingUpKeepsTheSumsAndForgetsWhatIsTooOld() throws IOException {
    FrozenReference frozen =
        plane.references.freeze(Principal.LOCAL, ref, rows("training.csv", 1_000, 0));
    Instant old = CellKey.startOf(START.minus(Duration.ofDays(40)), CellRollUp.DAY);
    Instant forgotten = START.minus(Duration.ofDays(402));
    for (int window = 0; window < 40; window++) {
      put(
          new Cell(
              key(frozen, "r" + window % 3, old.plus(CellKey.SPAN.multipliedBy(window))),
              counted(frozen, values(20, 0))));
    }
    put(new Cell(key(frozen, "r", forgotten), counted(frozen, 1)));
    put(new Cell(key(frozen, "r", START.minusSeconds(300)), counted(frozen, 1, 2)));
    CellCounts before = stored(frozen, old, START.plusSeconds(1));

    CellRollUp rollUp = new CellRollUp(plane.store, () -> now);
    rollUp.run();
    // One that comes late is added to what is rolled up already.
    put(new Cell(key(frozen, "late", old), counted(frozen, 3)));
    rollUp.run();
    rollUp.run();

    assertThat(stored(frozen, old, START.plusSeconds(1)))
        .isEqualTo(before.plus(counted(frozen, 3)));
    assertThat(stored(frozen, forgotten.minusSeconds(86_400), old).rows()).isZero();
    assertThat(count(CellRollUp.DAY)).isEqualTo(1);
    assertThat(count(CellRollUp.HOUR)).isZero();
    assertThat(count(CellKey.SPAN)).isEqualTo(1);
  }

  private int count(Duration span) {
    return plane.store.read(
        view -> {
          List<Cell> cells = new ArrayList<>();
          new CellTable(view.sql()).eachOfSpan(span, Instant.EPOCH, START, cells::add);
          return cells.size();
        });
  }

  @Test
  void whatIsKeptByTheHourIsNotShownByTheMinute() throws IOException {
    FrozenReference frozen =
        plane.references.freeze(Principal.LOCAL, ref, rows("training.csv", 1_000, 0));
    Instant old = CellKey.startOf(START.minus(Duration.ofDays(10)), CellRollUp.HOUR);
    put(new Cell(key(frozen, "r", old.plusSeconds(600)), counted(frozen, 1, 2)));
    new CellRollUp(plane.store, () -> now).run();

    assertThatThrownBy(
            () -> monitor().watch("fraud", 0, WindowLength.FIVE_MINUTES, old.plusSeconds(900)))
        .isInstanceOfSatisfying(
            SlipwayException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST));
    DriftMonitor.Watched watched =
        monitor().watch("fraud", 0, WindowLength.HOUR, old.plusSeconds(3_600 + 900));
    assertThat(watched.until()).isEqualTo(old.plusSeconds(3_600));
    assertThat(watched.report().rows()).isEqualTo(2);
  }

  @Test
  void theKeeperSavesTheFullestOfEachCell() throws IOException {
    FrozenReference frozen =
        plane.references.freeze(Principal.LOCAL, ref, rows("training.csv", 1_000, 0));
    CellKeeper keeper = CellKeeper.start(plane.store, Duration.ofMillis(5), () -> now);
    for (int rows = 1; rows <= 40; rows++) {
      keeper.accept(new Cell(key(frozen, "r", START), counted(frozen, new double[rows])));
    }
    keeper.accept(new Cell(key(frozen, "r", START), counted(frozen, new double[7])));
    keeper.close();
    assertThat(stored(frozen, START, START.plusSeconds(1)))
        .isEqualTo(counted(frozen, new double[40]));
    assertThat(keeper.dropped()).isZero();
  }
}
