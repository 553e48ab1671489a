package dev.slipway.http.control;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.core.identity.AccessToken;
import dev.slipway.core.identity.Account;
import dev.slipway.core.identity.Principal;
import dev.slipway.core.identity.Rights;
import dev.slipway.platform.identity.IssuedInvitation;
import dev.slipway.platform.identity.IssuedToken;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The JSON of accounts, tokens and invitations. */
final class IdentityJson {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private IdentityJson() {}

  /** An answer that shows a secret, so that nobody on its way keeps it. */
  static ControlResponse secret(ObjectNode body) {
    return new ControlResponse(
        200, "application/json", ControlJson.bytes(body), Map.of("cache-control", "no-store"));
  }

  static ObjectNode principal(Principal principal) {
    ObjectNode node = NODES.objectNode();
    node.put("name", principal.name());
    node.put("kind", principal.kind().label());
    put(node, principal.rights());
    Rights scope = principal.scope();
    if (scope == null) {
      node.putNull("scope");
    } else {
      put(node.putObject("scope"), scope);
    }
    return node;
  }

  static ObjectNode account(Account account) {
    ObjectNode node = NODES.objectNode();
    node.put("name", account.name());
    node.put("kind", account.kind().label());
    put(node, account.rights());
    node.put("enabled", account.enabled());
    node.put("created_at", account.createdAt().toString());
    return node;
  }

  static ObjectNode token(AccessToken token) {
    ObjectNode node = NODES.objectNode();
    node.put("id", token.id());
    node.put("account", token.account());
    node.put("purpose", token.purpose());
    Rights scope = token.scope();
    if (scope == null) {
      node.putNull("scope");
    } else {
      put(node.putObject("scope"), scope);
    }
    node.put("created_at", token.createdAt().toString());
    node.put("expires_at", token.expiresAt().toString());
    node.put("revoked_at", text(token.revokedAt()));
    return node;
  }

  static ObjectNode issued(IssuedToken issued) {
    return token(issued.token()).put("token", issued.secret().text());
  }

  static ObjectNode invitation(String account, IssuedInvitation issued) {
    return NODES
        .objectNode()
        .put("account", account)
        .put("code", issued.code().text())
        .put("expires_at", issued.expiresAt().toString());
  }

  private static @Nullable String text(@Nullable Instant instant) {
    return instant == null ? null : instant.toString();
  }

  private static void put(ObjectNode node, Rights rights) {
    put(node, "roles", rights.roleLabels());
    put(node, "grants", rights.grantTexts());
  }

  private static void put(ObjectNode node, String key, Collection<String> texts) {
    texts.forEach(node.putArray(key)::add);
  }
}
