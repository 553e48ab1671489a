package dev.slipway.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.protection.UsedRows;
import dev.slipway.store.control.ControlStore;
import dev.slipway.store.protection.UseTable;
import dev.slipway.store.webhook.StoredWebhook;
import dev.slipway.store.webhook.WebhookTable;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every control store does with the tables of single features: webhooks, and the use of
 * accounts.
 */
public abstract class FeatureTablesKit {
  private static final Instant NOW = Instant.parse("2026-05-03T14:03:00.123456Z");

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
}
