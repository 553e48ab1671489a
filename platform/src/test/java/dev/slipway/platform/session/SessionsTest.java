package dev.slipway.platform.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.identity.Role;
import dev.slipway.platform.session.Sessions.Session;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SessionsTest {
  private static final Duration IDLE = Duration.ofMinutes(10);
  private static final Duration LIFETIME = Duration.ofMinutes(30);
  private static final Instant START = Instant.parse("2026-11-25T10:00:00Z");

  private final Sessions sessions =
      new Sessions(new SessionLimits(3, 2, IDLE, LIFETIME), new SecureRandom());

  private String open(String account, Instant now) {
    return sessions.open(account, Set.of(Role.DEVELOPER), now).text();
  }

  private boolean goesOn(String secret, Instant now) {
    return sessions.use(secret, now).isPresent();
  }

  @Test
  void aSessionIsItsAccountWithTheRolesOfTheSignIn() {
    String secret = open("ana", START);

    Session session = sessions.use(secret, START).orElseThrow();

    assertThat(secret).startsWith("sls_").hasSize(4 + 43);
    assertThat(session.account()).isEqualTo("ana");
    assertThat(session.roles()).containsExactly(Role.DEVELOPER);
    assertThat(session.checkAgain()).isEqualTo(START.plusSeconds(60));
    assertThat(goesOn(secret + "x", START)).isFalse();
    assertThat(goesOn("", START)).isFalse();
  }

  @Test
  void aSessionThatIsNotUsedEndsAndOneThatIsUsedGoesOnUntilItsLongestTime() {
    String unused = open("ana", START);
    String used = open("ben", START);
    Instant last = START;
    for (Instant now = START; now.isBefore(START.plus(LIFETIME)); now = now.plusSeconds(300)) {
      assertThat(goesOn(used, now)).as(now.toString()).isTrue();
      last = now;
    }
    assertThat(sessions.use(used, last).orElseThrow().checkAgain())
        .isBeforeOrEqualTo(START.plus(LIFETIME));

    assertThat(goesOn(unused, START.plus(IDLE).minusMillis(1))).isTrue();
    String other = open("eva", START);
    assertThat(goesOn(other, START.plus(IDLE))).isFalse();
    assertThat(goesOn(used, START.plus(LIFETIME))).isFalse();
  }

  @Test
  void aSessionThatIsEndedIsEndedAndSaysSoToWhoeverRememberedIt() {
    String secret = open("ana", START);
    long generation = sessions.generation();

    assertThat(sessions.end(secret)).contains("ana");

    assertThat(goesOn(secret, START)).isFalse();
    assertThat(sessions.generation()).isNotEqualTo(generation);
    assertThat(sessions.end(secret)).isEmpty();
  }

  @Test
  void pastTheMostOfAnAccountItsLongestUnusedEndsAndNobodyElses() {
    String ben = open("ben", START);
    String first = open("ana", START.plusSeconds(1));
    String second = open("ana", START.plusSeconds(2));
    assertThat(goesOn(first, START.plusSeconds(3))).isTrue();
    long generation = sessions.generation();

    String third = open("ana", START.plusSeconds(4));

    assertThat(goesOn(second, START.plusSeconds(5))).isFalse();
    assertThat(goesOn(first, START.plusSeconds(5))).isTrue();
    assertThat(goesOn(third, START.plusSeconds(5))).isTrue();
    assertThat(goesOn(ben, START.plusSeconds(5))).isTrue();
    assertThat(sessions.generation()).isNotEqualTo(generation);
  }

  @Test
  void pastTheMostOfAllTheLongestUnusedEndsAndThoseThatEndedMakeRoomFirst() {
    String a = open("a", START);
    String b = open("b", START.plusSeconds(1));
    String c = open("c", START.plusSeconds(2));
    open("d", START.plusSeconds(3));
    assertThat(goesOn(a, START.plusSeconds(4))).isFalse();
    assertThat(goesOn(b, START.plusSeconds(4))).isTrue();
    assertThat(goesOn(c, START.plusSeconds(4))).isTrue();
    assertThat(sessions.count()).isEqualTo(3);

    open("e", START.plus(IDLE).plusSeconds(60));
    assertThat(sessions.count()).isEqualTo(1);
  }

  @Test
  void timesOutOfRangeAreRefused() {
    assertThatThrownBy(() -> SessionLimits.DEFAULT.withTimes(Duration.ZERO, LIFETIME))
        .hasMessageContaining("session-idle-seconds: 0 (expected: > 0)");
    assertThatThrownBy(() -> SessionLimits.DEFAULT.withTimes(LIFETIME, IDLE))
        .hasMessageContaining("session-seconds: 600");
    assertThatThrownBy(() -> SessionLimits.DEFAULT.withTimes(IDLE, Duration.ofDays(8)))
        .hasMessageContaining("session-seconds: 691200");
  }
}
