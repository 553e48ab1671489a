package dev.slipway.http.testing;

import dev.slipway.core.audit.entry.Actor;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.identity.Authenticator;
import dev.slipway.core.identity.Credential;
import dev.slipway.core.identity.Principal;
import dev.slipway.core.identity.PrincipalKind;
import dev.slipway.core.identity.Rights;
import dev.slipway.core.protection.AccountUses;
import dev.slipway.core.protection.ProtectionRules;
import dev.slipway.core.protection.UseListener;
import dev.slipway.http.identity.Access;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Knows the tokens that a test gave out, each with the name of a service account. */
public final class KnownTokens implements Authenticator {
  /** Knows none, and lets callers on the loopback in without. */
  public static final Access LOCAL =
      new Access(new KnownTokens(), true, uses(), InstantSource.system());

  /** Counts, and bounds nothing. */
  public static AccountUses uses() {
    return new AccountUses(
        ProtectionRules.DEFAULT, UseListener.NONE, List.of(), InstantSource.system());
  }

  private final Map<String, Principal> principals = new ConcurrentHashMap<>();
  private final AtomicLong generation = new AtomicLong();
  public final AtomicLong lookUps = new AtomicLong();
  public volatile Instant validUntil = Instant.MAX;

  /** Gives out a token. */
  public void add(String token, Rights rights) {
    principals.put(
        token,
        new Principal(
            "holder-of-" + token,
            PrincipalKind.SERVICE,
            new Actor.ServiceAccount("holder-of-" + token),
            rights,
            null));
    generation.incrementAndGet();
  }

  /** Takes a token back. */
  public void remove(String token) {
    principals.remove(token);
    generation.incrementAndGet();
  }

  @Override
  public Authenticated authenticate(Credential credential, Instant now) {
    lookUps.incrementAndGet();
    String token =
        switch (credential) {
          case Credential.Bearer(String text) -> text;
          case Credential.Basic(String user, String text) -> text;
          case Credential.Certificate certificate -> String.join(" ", certificate.uris());
          case Credential.Session(String text) -> text;
        };
    Principal principal = principals.get(token);
    if (principal == null) {
      throw new SlipwayException(ErrorCode.UNAUTHENTICATED, "token: not accepted");
    }
    return new Authenticated(
        principal,
        validUntil.isBefore(Instant.ofEpochMilli(Long.MAX_VALUE))
            ? validUntil
            : Instant.ofEpochMilli(Long.MAX_VALUE));
  }

  @Override
  public long generation() {
    return generation.get();
  }
}
