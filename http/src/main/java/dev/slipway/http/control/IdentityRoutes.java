package dev.slipway.http.control;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.identity.AccessToken;
import dev.slipway.core.identity.Account;
import dev.slipway.core.identity.Action;
import dev.slipway.core.identity.Principal;
import dev.slipway.core.identity.PrincipalKind;
import dev.slipway.core.identity.Rights;
import dev.slipway.platform.identity.Accounts;
import dev.slipway.platform.identity.Tokens;
import dev.slipway.platform.identity.Tokens.TokenRequest;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Accounts, tokens and invitations below {@code /api/v1}. */
final class IdentityRoutes {
  private static final Duration LIFETIME = Duration.ofDays(90);

  private final Accounts accounts;
  private final Tokens tokens;

  IdentityRoutes(Accounts accounts, Tokens tokens) {
    this.accounts = accounts;
    this.tokens = tokens;
  }

  List<Route> routes() {
    return List.of(
        Route.of("GET", "whoami", Action.READ_SERVER, this::whoami),
        Route.of("GET", "accounts", Action.MANAGE_ACCOUNT, this::list),
        Route.of("POST", "accounts", Action.MANAGE_ACCOUNT, this::create),
        Route.of("GET", "accounts/{name}", Action.MANAGE_ACCOUNT, this::get),
        Route.of("POST", "accounts/{name}/allow", Action.MANAGE_ACCOUNT, this::allow),
        Route.of("POST", "accounts/{name}/deny", Action.MANAGE_ACCOUNT, this::deny),
        Route.of("POST", "accounts/{name}/enable", Action.MANAGE_ACCOUNT, this::enable),
        Route.of("POST", "accounts/{name}/disable", Action.MANAGE_ACCOUNT, this::disable),
        Route.of("POST", "accounts/{name}/invitations", Action.MANAGE_ACCOUNT, this::invite),
        Route.of("GET", "accounts/{name}/tokens", Action.MANAGE_TOKENS, this::tokens),
        Route.of("POST", "accounts/{name}/tokens", Action.MANAGE_TOKENS, this::createToken),
        Route.of("DELETE", "accounts/{name}/tokens/{id}", Action.MANAGE_TOKENS, this::revoke),
        Route.of("POST", "invitations/redeem", Action.REDEEM_INVITATION, this::redeem));
  }

  private ControlResponse whoami(ControlRequest request, List<String> arguments) {
    Principal principal = request.caller().principal();
    return ControlJson.answer(200, IdentityJson.principal(principal));
  }

  private ControlResponse list(ControlRequest request, List<String> arguments) {
    PageRequest page = PageRequest.of(request.query());
    List<Account> items = accounts.accounts(page.after(), page.size());
    return ControlJson.answer(
        200,
        ControlJson.page(
            items.stream().map(IdentityJson::account).toList(),
            page.nextToken(items, Account::name)));
  }

  private ControlResponse create(ControlRequest request, List<String> arguments) {
    JsonNode body = JsonBody.of(request, List.of("name", "kind", "roles", "grants"));
    PrincipalKind kind =
        switch (JsonBody.text(body, "kind")) {
          case "person" -> PrincipalKind.PERSON;
          case "service" -> PrincipalKind.SERVICE;
          default -> throw JsonBody.invalid("kind", body.path("kind"), "person or service");
        };
    Account account =
        accounts.create(request.actor(), JsonBody.text(body, "name"), kind, rights(body));
    return ControlJson.answer(200, IdentityJson.account(account));
  }

  private ControlResponse get(ControlRequest request, List<String> arguments) {
    return ControlJson.answer(200, IdentityJson.account(accounts.account(arguments.getFirst())));
  }

  private ControlResponse allow(ControlRequest request, List<String> arguments) {
    Rights more = rights(JsonBody.of(request, List.of("roles", "grants")));
    return ControlJson.answer(
        200, IdentityJson.account(accounts.allow(request.actor(), arguments.getFirst(), more)));
  }

  private ControlResponse deny(ControlRequest request, List<String> arguments) {
    Rights less = rights(JsonBody.of(request, List.of("roles", "grants")));
    return ControlJson.answer(
        200, IdentityJson.account(accounts.deny(request.actor(), arguments.getFirst(), less)));
  }

  private ControlResponse enable(ControlRequest request, List<String> arguments) {
    return ControlJson.answer(
        200, IdentityJson.account(accounts.enable(request.actor(), arguments.getFirst(), true)));
  }

  private ControlResponse disable(ControlRequest request, List<String> arguments) {
    return ControlJson.answer(
        200, IdentityJson.account(accounts.enable(request.actor(), arguments.getFirst(), false)));
  }

  private ControlResponse invite(ControlRequest request, List<String> arguments) {
    String name = arguments.getFirst();
    return IdentityJson.secret(
        IdentityJson.invitation(name, accounts.invite(request.actor(), name)));
  }

  private ControlResponse tokens(ControlRequest request, List<String> arguments) {
    List<AccessToken> items = tokens.tokens(arguments.getFirst());
    return ControlJson.answer(
        200, ControlJson.page(items.stream().map(IdentityJson::token).toList(), ""));
  }

  private ControlResponse createToken(ControlRequest request, List<String> arguments) {
    JsonNode body = JsonBody.of(request, List.of("purpose", "roles", "grants", "lifetime_seconds"));
    boolean scoped = body.has("roles") || body.has("grants");
    JsonNode lifetime = body.path("lifetime_seconds");
    if (!lifetime.isMissingNode() && !lifetime.canConvertToInt()) {
      throw JsonBody.invalid("lifetime_seconds", lifetime, "a whole number > 0");
    }
    TokenRequest wanted =
        new TokenRequest(
            body.has("purpose") ? JsonBody.text(body, "purpose") : "",
            scoped ? rights(body) : null,
            lifetime.isMissingNode() ? LIFETIME : Duration.ofSeconds(lifetime.intValue()));
    return IdentityJson.secret(
        IdentityJson.issued(
            tokens.create(request.caller().principal(), arguments.getFirst(), wanted)));
  }

  private ControlResponse revoke(ControlRequest request, List<String> arguments) {
    String account = arguments.getFirst();
    String id = arguments.getLast();
    if (!tokens.token(id).account().equals(account)) {
      throw new SlipwayException(
          ErrorCode.NOT_FOUND, "account '%s' has no token '%s'".formatted(account, id));
    }
    return ControlJson.answer(200, IdentityJson.token(tokens.revoke(request.actor(), id)));
  }

  private ControlResponse redeem(ControlRequest request, List<String> arguments) {
    JsonNode body = JsonBody.of(request, List.of("code", "name"));
    return IdentityJson.secret(
        IdentityJson.issued(
            accounts.redeem(
                JsonBody.text(body, "code"),
                JsonBody.text(body, "name").toLowerCase(Locale.ROOT))));
  }

  private static Rights rights(JsonNode body) {
    try {
      return Rights.parse(JsonBody.texts(body, "roles"), JsonBody.texts(body, "grants"));
    } catch (IllegalArgumentException e) {
      throw new SlipwayException(ErrorCode.BAD_REQUEST, String.valueOf(e.getMessage()), e);
    }
  }
}
