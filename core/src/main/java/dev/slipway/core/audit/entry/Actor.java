package dev.slipway.core.audit.entry;

/** Who acted. */
public sealed interface Actor {
  /** A person, known to the log only as a commitment to the name of the account. */
  record Person(Commitment identity) implements Actor {}

  /**
   * A service account.
   *
   * @param name from 1 to {@link AuditEntry#NAME_CHARACTERS_MAX} characters
   */
  record ServiceAccount(String name) implements Actor {
    public ServiceAccount {
      AuditEntry.requireName("actor.name", name);
    }
  }

  /**
   * Slipway itself, such as the rollout controller.
   *
   * @param name the part that acted
   */
  record Component(String name) implements Actor {
    public Component {
      AuditEntry.requireName("actor.name", name);
    }
  }

  /** A caller on the loopback who needed no credentials. */
  record LocalCaller() implements Actor {}
}
