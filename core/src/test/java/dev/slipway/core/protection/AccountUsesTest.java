package dev.slipway.core.protection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.audit.entry.Actor;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.identity.Disclosure;
import dev.slipway.core.identity.Grant;
import dev.slipway.core.identity.Principal;
import dev.slipway.core.identity.PrincipalKind;
import dev.slipway.core.identity.Resource;
import dev.slipway.core.identity.Rights;
import dev.slipway.core.inference.InferenceRequest;
import dev.slipway.core.inference.RequestParameters;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import dev.slipway.core.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AccountUsesTest {
  private static final long NOON = Instant.parse("2026-05-03T12:00:00Z").toEpochMilli();

  private final AtomicLong now = new AtomicLong(NOON);
  private final List<ExtractionFinding> told = new ArrayList<>();

  @Test
  void aBudgetIsOfOneDayAndOneDeployment() {
    AccountUses uses = uses(100, List.of());
    Principal partner = holding(null, "infer:deployment/*");

    ask(uses, partner, "fraud", 60);
    assertThatThrownBy(() -> ask(uses, partner, "fraud", 41))
        .isInstanceOfSatisfying(
            SlipwayException.class,
            refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.BUDGET_EXHAUSTED))
        .hasMessage(
            "rows: 41 more of this deployment today (expected: at most 40, which are left of 100 a"
                + " day; 12 hours 0 minutes until there are new ones)");
    ask(uses, partner, "fraud", 40);
    ask(uses, partner, "credit", 100);
    assertThat(uses.today())
        .containsExactlyInAnyOrder(
            new UsedRows("partner", "fraud", NOON / 86_400_000, 100),
            new UsedRows("partner", "credit", NOON / 86_400_000, 100));

    now.addAndGet(Duration.ofHours(12).toMillis());
    assertThat(uses.today()).isEmpty();
    ask(uses, partner, "fraud", 100);
  }

  @Test
  void aGrantsBudgetGoesBeforeTheServersAndATokensBeforeTheAccounts() {
    AccountUses uses = uses(100, List.of());

    Principal large = holding(null, "infer:deployment/fraud@500/day");
    ask(uses, large, "fraud", 500);
    assertThatThrownBy(() -> ask(uses, large, "fraud", 1)).hasMessageContaining("left of 500");

    Principal narrowed =
        holding(
            Rights.parse(Set.of(), Set.of("infer:deployment/fraud@5/day")), "infer:deployment/*");
    AccountUses others = uses(0, List.of());
    ask(others, narrowed, "fraud", 5);
    assertThatThrownBy(() -> ask(others, narrowed, "fraud", 1)).hasMessageContaining("left of 5");
  }

  @Test
  void whatWasAskedBeforeARestartCounts() {
    long today = NOON / 86_400_000;
    AccountUses uses =
        uses(
            100,
            List.of(
                new UsedRows("partner", "fraud", today, 99),
                new UsedRows("partner", "credit", today - 1, 99)));
    Principal partner = holding(null, "infer:deployment/*");

    assertThatThrownBy(() -> ask(uses, partner, "fraud", 2)).hasMessageContaining("at most 1");
    assertThatCode(() -> ask(uses, partner, "credit", 100)).doesNotThrowAnyException();
  }

  @Test
  void callersWhoAskAtTheSameTimeGetWhatIsThereAndNoMore() throws Exception {
    AccountUses uses = uses(10_000, List.of());
    Principal partner = holding(null, "infer:deployment/*");
    AtomicLong taken = new AtomicLong();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        all.add(
            threads.submit(
                () -> {
                  for (int j = 0; j < 2_000; j++) {
                    try {
                      ask(uses, partner, "fraud", 1);
                      taken.incrementAndGet();
                    } catch (SlipwayException usedUp) {
                      assertThat(usedUp.code()).isEqualTo(ErrorCode.BUDGET_EXHAUSTED);
                    }
                  }
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }

    assertThat(taken.get()).isEqualTo(10_000);
  }

  @Test
  void systematicQuestionsAreToldWhetherByOnesOrInBatches() {
    AccountUses uses = uses(0, List.of());
    Principal partner = holding(null, "infer:deployment/*");
    for (int i = 0; i < 6_000; i++) {
      uses.permit(partner, Resource.deployment("fraud"), Disclosure.FULL).admit(sweep(i, 1), 1);
    }
    assertThat(told).hasSize(1);

    for (int i = 0; i < 60; i++) {
      uses.permit(partner, Resource.deployment("credit"), Disclosure.FULL)
          .admit(sweep(100 * i, 100), 100);
    }
    assertThat(told).hasSize(2);
    assertThat(uses.suspicions()).isEqualTo(2);
  }

  private AccountUses uses(long rowsPerDay, List<UsedRows> earlier) {
    return new AccountUses(
        new ProtectionRules(DisclosureRules.DEFAULT, ExtractionRules.DEFAULT, rowsPerDay),
        (principal, deployment, finding) -> told.add(finding),
        earlier,
        () -> Instant.ofEpochMilli(now.get()));
  }

  private static void ask(AccountUses uses, Principal principal, String deployment, int rows) {
    uses.permit(principal, Resource.deployment(deployment), Disclosure.FULL)
        .admit(sweep(0, rows), rows);
  }

  private static Principal holding(@Nullable Rights scope, String... grants) {
    return new Principal(
        "partner",
        PrincipalKind.SERVICE,
        new Actor.ServiceAccount("partner"),
        new Rights(Set.of(), Stream.of(grants).map(Grant::parse).collect(Collectors.toSet())),
        scope);
  }

  /** Rows of four numbers and a word, of which the first number goes up. */
  private static InferenceRequest sweep(int from, int rows) {
    ByteBuffer numbers = ByteBuffer.allocate(rows * 16).order(ByteOrder.LITTLE_ENDIAN);
    byte[] word = "kiosk".getBytes(StandardCharsets.UTF_8);
    ByteBuffer words =
        ByteBuffer.allocate(rows * (Integer.BYTES + word.length)).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < rows; i++) {
      numbers.putFloat(i * 16, from + i).putFloat(i * 16 + 4, 2.5f).putFloat(i * 16 + 8, -1);
      words.putInt(word.length).put(word);
    }
    return new InferenceRequest(
        "fraud",
        0,
        "",
        List.of(
            new Tensor("numbers", DataType.FP32, Shape.of(rows, 4), numbers),
            new Tensor("word", DataType.BYTES, Shape.of(rows), words)),
        List.of(),
        RequestParameters.DEFAULT);
  }
}
