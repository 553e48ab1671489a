package dev.slipway.platform.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.platform.webhook.WebhookTargets.Target;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where messages may go. */
class WebhookTargetsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.7",
        "203.0.113.9",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::1",
        "3fff::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1",
      })
  void anAddressThatIsNotPublicIsRefused(String address) throws UnknownHostException {
    WebhookTargets targets = targets(Set.of(), address);

    assertThatThrownBy(() -> targets.resolve("https://example.com/hook"))
        .isInstanceOfSatisfying(
            SlipwayException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST))
        .hasMessageContaining("public addresses only");
  }

  /** By any way to write one, the address decides: the system's resolver reads them all. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:7f00:1]:8443/",
        "https://localhost/",
        "https://LOCALHOST:443/",
      })
  void theLoopbackIsRefusedHoweverItIsWritten(String url) {
    WebhookTargets targets = new WebhookTargets(Set.of(), HostResolver.system());

    assertThatThrownBy(() -> targets.resolve(url))
        .isInstanceOfAny(SlipwayException.class, UnknownHostException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.128.0.1",
        "172.32.0.1",
        "192.0.1.1",
        "198.20.0.1",
        "223.255.255.255",
        "2606:4700::1111",
        "2001:200::1",
        "2a00::1"
      })
  void aPublicAddressIsWhereTheConnectionGoes(String address) throws UnknownHostException {
    Target target = targets(Set.of(), address).resolve("https://Example.com:8443/a/b?c=%20d");

    assertThat(target)
        .isEqualTo(
            new Target("example.com", 8443, true, InetAddress.getByName(address), "/a/b?c=%20d"));
    assertThat(target.authority()).isEqualTo("example.com:8443");
  }

  @Test
  void oneAddressThatIsNotPublicIsEnoughToRefuse() throws UnknownHostException {
    WebhookTargets targets = targets(Set.of(), "1.1.1.1", "10.0.0.1");

    assertThatThrownBy(() -> targets.resolve("https://example.com/"))
        .hasMessageContaining("10.0.0.1");
  }

  @Test
  void aNameThatPointsElsewhereAMomentLaterIsAskedOnceForEachMessage() throws UnknownHostException {
    Deque<InetAddress> answers =
        new ArrayDeque<>(
            List.of(InetAddress.getByName("1.1.1.1"), InetAddress.getByName("127.0.0.1")));
    WebhookTargets targets = new WebhookTargets(Set.of(), host -> List.of(answers.removeFirst()));

    assertThat(targets.resolve("https://example.com/").address())
        .isEqualTo(InetAddress.getByName("1.1.1.1"));
    assertThat(answers).as("nobody has asked a second time").hasSize(1);
    assertThatThrownBy(() -> targets.resolve("https://example.com/"))
        .hasMessageContaining("127.0.0.1");
  }

  @Test
  void onlyThePlacesThatAreNamedMayBeReachedInTheClearOrInside() throws UnknownHostException {
    WebhookTargets targets = targets(Set.of("hooks.internal:8000"), "10.0.0.1");

    assertThat(targets.resolve("http://hooks.internal:8000").path()).isEqualTo("/");
    assertThat(targets.resolve("https://hooks.internal:8000/x").tls()).isTrue();
    for (String other :
        List.of(
            "http://hooks.internal/",
            "http://hooks.internal:8001/",
            "https://hooks.internal/",
            "http://other.internal:8000/")) {
      assertThatThrownBy(() -> targets.resolve(other)).isInstanceOf(SlipwayException.class);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "http://example.com/          | expected: https",
        "ftp://example.com/           | expected: https",
        "file:///etc/passwd           | no host",
        "https:/example.com           | no host",
        "example.com                  | no host",
        "https://me:hush@example.com/ | user or fragment",
        "https://example.com/#a       | user or fragment",
        "https://example.com:0/       | port 0",
        "https://example.com:70000/   | port 70000",
        "https://exa mple.com/        | it is none",
        "https://b\u00fccher.example/ | url:",
        "https://example.com/\u00fc   | characters",
      })
  void whatIsNoSafeUrlIsRefusedWhenItIsGiven(String url, String why) throws UnknownHostException {
    WebhookTargets targets = targets(Set.of(), "1.1.1.1");

    assertThatThrownBy(() -> targets.require(url))
        .isInstanceOf(SlipwayException.class)
        .hasMessageContaining(why)
        .hasMessageNotContaining("hush");
    assertThatThrownBy(() -> targets.require("https://example.com/" + "a".repeat(3_000)))
        .hasMessageContaining("at most 2048");
  }

  private static WebhookTargets targets(Set<String> places, String... addresses)
      throws UnknownHostException {
    List<InetAddress> resolved = new ArrayList<>();
    for (String address : addresses) {
      resolved.add(InetAddress.getByName(address));
    }
    return new WebhookTargets(places, host -> resolved);
  }
}
