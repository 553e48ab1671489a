package dev.slipway.http.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SessionCookieTest {
  private static final SessionCookie SECURE =
      SessionCookie.ofSession(URI.create("https://Models.example"));
  private static final SessionCookie LOOPBACK =
      SessionCookie.ofSession(URI.create("http://localhost:8080"));

  @Test
  void overHttpsNoOtherNameOrPathCanSetIt() {
    assertThat(SECURE.kept("s", Duration.ofHours(1)))
        .isEqualTo("__Host-slipway=s; Max-Age=3600; Path=/; HttpOnly; SameSite=Lax; Secure");
    assertThat(SECURE.forgotten())
        .isEqualTo("__Host-slipway=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax; Secure");
    assertThat(SECURE.origin()).isEqualTo("https://models.example");
  }

  @Test
  void onTheLoopbackEachPortHasItsOwn() {
    assertThat(LOOPBACK.kept("s", Duration.ofSeconds(1)))
        .isEqualTo("slipway-8080=s; Max-Age=1; Path=/; HttpOnly; SameSite=Lax");
    assertThat(LOOPBACK.origin()).isEqualTo("http://localhost:8080");
    assertThat(SessionCookie.ofSignIn(URI.create("http://localhost")).name())
        .isEqualTo("slipway-sign-in-80");
    assertThat(SessionCookie.ofSession(URI.create("https://models.example:443")).origin())
        .isEqualTo("https://models.example");
  }

  @Test
  void itIsFoundAmongOthersByItsWholeNameAlone() {
    assertThat(LOOPBACK.find("slipway-8080=s")).isEqualTo("s");
    assertThat(LOOPBACK.find("a=b; slipway-8080=s; c=d")).isEqualTo("s");
    assertThat(LOOPBACK.find("a=b;slipway-8080=s;slipway-8080=t")).isEqualTo("s");
    assertThat(LOOPBACK.find("a=b; slipway-8080=x=y")).isEqualTo("x=y");
    for (String without :
        new String[] {
          "",
          ";",
          "=",
          "slipway-8080",
          "slipway-8080=",
          "slipway-8080; a=b",
          "xslipway-8080=s",
          "slipway-80801=s",
          "slipway-sign-in-8080=s",
          "a=slipway-8080=s"
        }) {
      assertThat(LOOPBACK.find(without)).as(without).isNull();
    }
  }
}
