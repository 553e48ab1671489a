package dev.slipway.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.cli.CliFailure;
import dev.slipway.cli.Durations;
import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.client.Ask;
import dev.slipway.cli.client.ServerClient;
import dev.slipway.cli.login.DeviceFlow;
import dev.slipway.cli.login.DeviceFlow.Invitation;
import dev.slipway.cli.login.DeviceFlow.Offer;
import dev.slipway.cli.login.Logins;
import dev.slipway.cli.login.ProviderClient;
import dev.slipway.store.client.SavedLogins.Login;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;

@Command(
    name = "login",
    description = {
      "Logs in by the OpenID provider that the server trusts, and shows who the server takes this"
          + " command line for then.",
      "Prints an address and a code on stderr. Open it with any browser, on this machine or"
          + " another, and enter the code. The login is kept for this user and server, and renewed"
          + " by itself until the provider ends it or slipway logout does. SLIPWAY_TOKEN comes"
          + " before it."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  slipway login",
      "  slipway login --url https://models.example --timeout 5m",
    })
final class LoginCommand extends SlipwayCommand {
  private static final Duration LONGEST = Duration.ofMinutes(30);
  private static final String NEXT = "slipway doctor, or slipway token create for a token";

  LoginCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    URI server = invocation.settings().url();
    Ask ask = invocation.ask("log in", NEXT);
    Login login;
    try (ServerClient unknown = new ServerClient(server, "");
        ProviderClient provider = new ProviderClient()) {
      Offer offer = offer(unknown.get(ask, "/api/v1/sign-in").body());
      Duration longest = invocation.ask("log in", NEXT, LONGEST).timeout();
      login =
          new DeviceFlow(provider)
              .run(offer, longest, invitation -> show(invocation, offer, invitation));
    }
    try (ServerClient known = new ServerClient(server, login.accessToken())) {
      JsonNode who = known.get(ask, "/api/v1/whoami").body();
      new Logins(invocation.environment()).keep(server, login);
      invocation.printer().one(Kinds.PRINCIPAL, who);
    }
    invocation.progress().note("logged in to %s; slipway logout forgets it".formatted(server));
    if (!invocation.environment().variable("SLIPWAY_TOKEN").isEmpty()) {
      invocation.progress().note("SLIPWAY_TOKEN is set, and comes before the login: unset it");
    }
    return ExitCode.OK;
  }

  private static Offer offer(JsonNode body) {
    List<String> scopes = new ArrayList<>();
    body.path("scopes").forEach(scope -> scopes.add(scope.asText()));
    Offer offer = new Offer(body.path("issuer").asText(), body.path("client_id").asText(), scopes);
    if (offer.issuer().isEmpty() || offer.clientId().isEmpty()) {
      throw new CliFailure(
          ExitCode.ERROR, "log in", "the server names no provider and client", NEXT);
    }
    return offer;
  }

  /** Not a remark that --quiet keeps back: nobody could go on without it. */
  private static void show(Invocation invocation, Offer offer, Invitation invitation) {
    StringBuilder text = new StringBuilder();
    text.append("provider  ").append(URI.create(offer.issuer()).toASCIIString()).append('\n');
    text.append("open      ").append(invitation.address()).append('\n');
    text.append("enter     ").append(invitation.code()).append('\n');
    if (invitation.whole() != null) {
      text.append("or open   ").append(invitation.whole()).append('\n');
    }
    text.append("within    ").append(Durations.format(invitation.lifetime())).append('\n');
    invocation.environment().err().print(text);
    invocation.environment().err().flush();
  }
}
