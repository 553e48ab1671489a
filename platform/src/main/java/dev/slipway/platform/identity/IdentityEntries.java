package dev.slipway.platform.identity;

import dev.slipway.core.audit.entry.Actor;
import dev.slipway.core.audit.entry.AuditEntry;
import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.audit.entry.Subject;
import dev.slipway.core.audit.json.CanonicalJson;
import dev.slipway.core.audit.json.JsonValue;
import dev.slipway.core.audit.json.JsonValue.JsonArray;
import dev.slipway.core.audit.json.JsonValue.JsonObject;
import dev.slipway.core.audit.json.JsonValue.JsonString;
import dev.slipway.core.identity.AccessToken;
import dev.slipway.core.identity.Account;
import dev.slipway.core.identity.Rights;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The entries of the audit log about identity. Persons appear as commitments to their names only;
 * states are digests of what an account or a token may do. Names of actions are stable.
 */
final class IdentityEntries {
  static final String ACCOUNT_CREATED = "account.created";
  static final String ACCOUNT_CHANGED = "account.changed";
  static final String ACCOUNT_INVITED = "account.invited";
  static final String INVITATION_REDEEMED = "invitation.redeemed";
  static final String TOKEN_CREATED = "token.created";
  static final String TOKEN_REVOKED = "token.revoked";

  private IdentityEntries() {}

  static AuditEntry of(
      Actor actor, String action, @Nullable Account before, Account after, Instant now) {
    return AuditEntry.of(actor, action, after.subject(), now)
        .withStates(before == null ? null : state(before), state(after));
  }

  static AuditEntry tokenCreated(Actor actor, Account account, AccessToken token, Instant now) {
    return AuditEntry.of(actor, TOKEN_CREATED, new Subject("token", token.id()), now)
        .withStates(null, state(account, token));
  }

  static AuditEntry tokenRevoked(Actor actor, Account account, AccessToken token, Instant now) {
    return AuditEntry.of(actor, TOKEN_REVOKED, new Subject("token", token.id()), now)
        .withStates(state(account, token), null);
  }

  private static ContentDigest state(Account account) {
    Map<String, JsonValue> members = members(account.rights());
    members.put("kind", new JsonString(account.kind().label()));
    members.put("enabled", new JsonString(Boolean.toString(account.enabled())));
    return ContentDigest.of(CanonicalJson.write(new JsonObject(members)));
  }

  private static ContentDigest state(Account account, AccessToken token) {
    Rights scope = token.scope();
    Map<String, JsonValue> members = scope == null ? new HashMap<>() : members(scope);
    members.put("account", new JsonString(account.subject().name()));
    members.put("expires", new JsonString(token.expiresAt().toString()));
    return ContentDigest.of(CanonicalJson.write(new JsonObject(members)));
  }

  private static Map<String, JsonValue> members(Rights rights) {
    Map<String, JsonValue> members = new HashMap<>();
    members.put("roles", array(rights.roleLabels()));
    members.put("grants", array(rights.grantTexts()));
    return members;
  }

  private static JsonArray array(Collection<String> texts) {
    return new JsonArray(texts.stream().map(text -> (JsonValue) new JsonString(text)).toList());
  }
}
