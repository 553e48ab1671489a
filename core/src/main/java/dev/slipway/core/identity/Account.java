package dev.slipway.core.identity;

import dev.slipway.core.audit.entry.Actor;
import dev.slipway.core.audit.entry.Commitment;
import dev.slipway.core.audit.entry.Subject;
import java.time.Instant;

/**
 * A person or a service that the server knows.
 *
 * @param kind PERSON or SERVICE
 * @param salt under which the audit log commits to a person's name; it holds no name itself
 * @param enabled whether its tokens are accepted
 */
public record Account(
    String name,
    PrincipalKind kind,
    Rights rights,
    byte[] salt,
    Instant createdAt,
    boolean enabled) {
  public Account {
    if (kind != PrincipalKind.PERSON && kind != PrincipalKind.SERVICE) {
      throw new IllegalArgumentException(
          "account.kind: %s (expected: person or service)".formatted(kind.label()));
    }
    salt = salt.clone();
  }

  @Override
  public byte[] salt() {
    return salt.clone();
  }

  /** As whom the audit log knows it. */
  public Actor actor() {
    return kind == PrincipalKind.PERSON
        ? new Actor.Person(Commitment.of(salt, name))
        : new Actor.ServiceAccount(name);
  }

  /** As what the audit log knows it where it is acted on. */
  public Subject subject() {
    return new Subject(
        "account", kind == PrincipalKind.PERSON ? Commitment.of(salt, name).value() : name);
  }

  public Account withRights(Rights changed) {
    return new Account(name, kind, changed, salt, createdAt, enabled);
  }

  public Account withEnabled(boolean changed) {
    return new Account(name, kind, rights, salt, createdAt, changed);
  }
}
