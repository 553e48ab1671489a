package dev.slipway.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.drift.BinRules;
import dev.slipway.core.drift.NumericCounter;
import dev.slipway.core.drift.NumericReference;
import dev.slipway.core.drift.ReferenceWindows;
import dev.slipway.core.drift.cell.Cell;
import dev.slipway.core.drift.cell.CellCounts;
import dev.slipway.core.drift.cell.CellJson;
import dev.slipway.core.drift.cell.CellKey;
import dev.slipway.core.drift.cell.FieldPlace;
import dev.slipway.core.drift.cell.FieldReference;
import dev.slipway.core.drift.cell.FrozenReference;
import dev.slipway.core.drift.cell.VersionReference;
import dev.slipway.core.model.ModelRef;
import dev.slipway.core.protection.UsedRows;
import dev.slipway.store.control.ControlStore;
import dev.slipway.store.monitor.CellTable;
import dev.slipway.store.monitor.ReferenceTable;
import dev.slipway.store.protection.UseTable;
import dev.slipway.store.webhook.StoredWebhook;
import dev.slipway.store.webhook.WebhookTable;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every control store does with the tables of single features: webhooks, the use of accounts,
 * references and cells.
 */
public abstract class FeatureTablesKit {
  private static final Instant NOW = Instant.parse("2026-05-03T14:03:00.123456Z");

  private static final ModelRef VERSION = new ModelRef("fraud", 1);

  @TempDir Path root;
  private ControlStore store;

  /** Opens the store of a folder. */
  protected abstract ControlStore open(Path root);

  @BeforeEach
  void openStore() {
    store = open(root);
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  private <T> T webhooks(Function<WebhookTable, T> change) {
    return store.commit(work -> change.apply(new WebhookTable(work.sql())));
  }

  private static StoredWebhook webhook(long id) {
    return new StoredWebhook(
        id,
        "https://hooks.example/" + id,
        List.of("policy.*", "promotion.approved"),
        "whsec_c2VjcmV0",
        "anna",
        NOW,
        true,
        7,
        0,
        Instant.EPOCH,
        "");
  }

  @Test
  void aWebhookIsReadAsItWasWrittenAlsoAfterARestart() {
    webhooks(
        table -> {
          table.add(webhook(table.nextId()));
          table.add(webhook(table.nextId()));
          return 2;
        });
    store.close();
    store = open(root);

    assertThat(webhooks(WebhookTable::all)).containsExactly(webhook(1), webhook(2));
    assertThat(this.<Optional<StoredWebhook>>webhooks(table -> table.find(2))).contains(webhook(2));
    assertThat(this.<Optional<StoredWebhook>>webhooks(table -> table.find(3))).isEmpty();
  }

  @Test
  void whatBecameOfAMessageIsWrittenDownAndNotOfAWebhookThatIsGone() {
    webhooks(
        table -> {
          table.add(webhook(table.nextId()));
          return 1;
        });

    assertThat(this.<Boolean>webhooks(table -> table.failed(1, 9, 3, false, NOW, "status 500")))
        .isTrue();
    assertThat(webhooks(table -> table.find(1)).orElseThrow())
        .extracting(
            StoredWebhook::nextEntry,
            StoredWebhook::failures,
            StoredWebhook::enabled,
            StoredWebhook::nextAttempt,
            StoredWebhook::lastError)
        .containsExactly(9L, 3, false, NOW, "status 500");
    assertThat(this.<Boolean>webhooks(table -> table.told(1, 10))).isTrue();
    assertThat(webhooks(table -> table.find(1)).orElseThrow())
        .extracting(StoredWebhook::nextEntry, StoredWebhook::failures, StoredWebhook::lastError)
        .containsExactly(10L, 0, "");

    webhooks(
        table -> {
          table.delete(1);
          return 0;
        });
    assertThat(this.<Boolean>webhooks(table -> table.told(1, 11))).isFalse();
    assertThat(this.<Boolean>webhooks(table -> table.failed(1, 11, 1, true, NOW, "x"))).isFalse();
    assertThat(webhooks(WebhookTable::nextId)).as("numbers never come twice").isEqualTo(2);
  }

  @Test
  void theUseOfAnAccountIsThatOfItsLastDay() {
    UsedRows yesterday = new UsedRows("partner", "fraud", 100, 40);
    UsedRows today = new UsedRows("partner", "fraud", 101, Long.MAX_VALUE);
    UsedRows other = new UsedRows("another", "fraud", 101, 1);
    put(yesterday);
    put(today);
    put(other);
    store.close();
    store = open(root);

    assertThat(of(101)).containsExactly(other, today);
    assertThat(of(100)).isEmpty();
  }

  private void put(UsedRows used) {
    store.commit(
        work -> {
          new UseTable(work.sql()).put(used);
          return used;
        });
  }

  private List<UsedRows> of(long day) {
    return store.read(view -> new UseTable(view.sql()).of(day));
  }

  private static FrozenReference frozen() {
    NumericReference numbers =
        NumericReference.of("x", new double[] {1, 2, 3, 4, 5}, 1, BinRules.DEFAULT);
    ReferenceWindows windows =
        new ReferenceWindows(
            6, List.of(new ReferenceWindows.Window(0.5, 3), new ReferenceWindows.Window(0.25, 3)));
    return FrozenReference.of(
        new VersionReference(
            ContentDigest.of(new byte[] {1}),
            6,
            List.of(
                new FieldReference(
                    new FieldPlace(FieldPlace.Side.INPUT, "x", 0), numbers, windows))));
  }

  private static Cell cell(FrozenReference frozen, String source, Instant start, int rows) {
    NumericCounter counter =
        new NumericCounter((NumericReference) frozen.reference().fields().getFirst().reference());
    for (int i = 0; i < rows; i++) {
      counter.add(i);
    }
    return new Cell(
        new CellKey(source, "live", VERSION, frozen.digest(), 3, start, CellKey.SPAN),
        new CellCounts(rows, List.of(counter.counts())));
  }

  @Test
  void aReferenceIsReadAsItWasFrozen() {
    FrozenReference frozen = frozen();
    store.commit(
        work -> {
          new ReferenceTable(work.sql()).add(VERSION, frozen, NOW);
          return 1;
        });

    ReferenceTable.Row row =
        store.read(view -> new ReferenceTable(view.sql()).find(VERSION)).orElseThrow();
    assertThat(row.createdAt()).isEqualTo(NOW);
    assertThat(row.frozen().digest()).isEqualTo(frozen.digest());
    assertThat(CellJson.write(row.frozen().reference()))
        .isEqualTo(CellJson.write(frozen.reference()));
    assertThat(
            store
                .read(view -> new ReferenceTable(view.sql()).find(new ModelRef("fraud", 2)))
                .isPresent())
        .isFalse();
  }

  @Test
  void ofOneCellTheFullestStaysAndPeriodsLeaveTheirEndOut() {
    FrozenReference frozen = frozen();
    Instant start = CellKey.startOf(NOW, CellKey.SPAN);
    Cell full = cell(frozen, "a", start, 4);
    Cell next = cell(frozen, "a", start.plus(CellKey.SPAN), 2);
    for (Cell sent :
        List.of(cell(frozen, "a", start, 1), full, cell(frozen, "a", start, 3), next)) {
      store.commit(
          work -> {
            new CellTable(work.sql()).put(sent);
            return 1;
          });
    }

    assertThat(cells(frozen, start, start.plus(CellKey.SPAN))).containsExactly(full);
    assertThat(cells(frozen, start, start.plusSeconds(301))).containsExactly(full, next);
    Optional<Cell> found = store.read(view -> new CellTable(view.sql()).find(full.key()));
    assertThat(found).contains(full);
    int deleted =
        store.commit(
            work ->
                new CellTable(work.sql()).delete(CellKey.SPAN, start, start.plus(CellKey.SPAN)));
    assertThat(deleted).isEqualTo(1);
    assertThat(cells(frozen, start, start.plusSeconds(301))).containsExactly(next);
    assertThat(
            store
                .read(
                    view ->
                        new CellTable(view.sql()).earliest(CellKey.SPAN, start.plusSeconds(999)))
                .orElseThrow())
        .isEqualTo(next.key().start());
  }

  private List<Cell> cells(FrozenReference frozen, Instant from, Instant to) {
    return store.read(
        view -> {
          List<Cell> cells = new ArrayList<>();
          new CellTable(view.sql()).each("live", VERSION, frozen.digest(), from, to, cells::add);
          cells.sort(Comparator.comparing(one -> one.key().start()));
          return cells;
        });
  }
}
