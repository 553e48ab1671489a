package dev.slipway.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.cli.CliFailure;
import dev.slipway.cli.Version;
import dev.slipway.cli.client.Answer;
import dev.slipway.cli.client.Ask;
import dev.slipway.cli.client.ServerClient;
import dev.slipway.cli.output.JsonText;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;

/** Checks of the server from here, and the server's checks of itself. */
public final class ServerChecks {
  private static final Duration CLOCK_SKEW_MAX = Duration.ofSeconds(30);

  private ServerChecks() {}

  /**
   * @param ask bounds each request
   * @param now this machine's time
   */
  public static List<Check> of(ServerClient client, Ask ask, Instant now) {
    List<Check> checks = new ArrayList<>();
    Answer metadata;
    try {
      metadata = client.get(ask, "/v2");
    } catch (CliFailure e) {
      checks.add(Check.failed("server", e.why(), e.next()));
      return checks;
    }
    String name = JsonText.of(metadata.body(), "name");
    if (!name.equals("slipway")) {
      checks.add(
          Check.failed(
              "server",
              "%s is a server named %s (expected: slipway)".formatted(client.base(), name),
              "name a Slipway server with --url or SLIPWAY_URL"));
      return checks;
    }
    checks.add(Check.ok("server", "answers at " + client.base()));
    checks.add(version(JsonText.of(metadata.body(), "version")));
    clock(checks, metadata.header("Date"), now);
    try {
      for (JsonNode check : client.get(ask, "/api/v1/doctor").body().path("checks")) {
        checks.add(
            new Check(
                "server",
                check.path("name").asText(),
                check.path("status").asText(),
                check.path("detail").asText(""),
                check.path("mend").asText("")));
      }
    } catch (CliFailure e) {
      checks.add(Check.failed("doctor", "the server's own checks: " + e.why(), e.next()));
    }
    return checks;
  }

  private static Check version(String server) {
    String cli = Version.number();
    return server.equals(cli)
        ? Check.ok("version", "both are " + cli)
        : Check.warning(
            "version",
            "the command line is %s, the server %s".formatted(cli, server),
            "use the command line of the server's version");
  }

  private static void clock(List<Check> checks, String date, Instant now) {
    if (date.isEmpty()) {
      return;
    }
    try {
      Instant server = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration skew = Duration.between(server, now).abs();
      String detail = "differs from the server's by %d s".formatted(skew.toSeconds());
      checks.add(
          skew.compareTo(CLOCK_SKEW_MAX) <= 0
              ? Check.ok("clock", detail)
              : Check.warning("clock", detail, "set the clocks by NTP on both machines"));
    } catch (DateTimeParseException e) {
      checks.add(
          Check.warning("clock", "the server's Date header is '%s'".formatted(date), "look at it"));
    }
  }
}
