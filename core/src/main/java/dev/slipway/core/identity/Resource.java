package dev.slipway.core.identity;

import java.util.Locale;

/**
 * What an action is taken on.
 *
 * @param name of the model, deployment or account; {@link #ALL} for all of them, and for the server
 */
public record Resource(Kind kind, String name) {
  /** Stands for every name. */
  public static final String ALL = "*";

  public static final Resource SERVER = new Resource(Kind.SERVER, ALL);

  /** A kind of resource. */
  public enum Kind {
    SERVER,
    MODEL,
    DEPLOYMENT,
    ACCOUNT;

    /** The name in grants and messages. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Resource {
    if (kind == Kind.SERVER && !name.equals(ALL)) {
      throw new IllegalArgumentException(
          "resource: server '%s' (expected: the only one, %s)".formatted(name, ALL));
    }
  }

  public static Resource model(String name) {
    return new Resource(Kind.MODEL, name);
  }

  public static Resource deployment(String name) {
    return new Resource(Kind.DEPLOYMENT, name);
  }

  public static Resource account(String name) {
    return new Resource(Kind.ACCOUNT, name);
  }

  /** Whether what is allowed on this is allowed on {@code other}. */
  boolean covers(Resource other) {
    return kind == other.kind && (name.equals(ALL) || name.equals(other.name));
  }

  /** Such as {@code deployment/fraud}. */
  @Override
  public String toString() {
    return kind == Kind.SERVER ? kind.label() : kind.label() + "/" + name;
  }
}
