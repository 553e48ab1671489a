package dev.slipway.platform.governance;

import dev.slipway.core.audit.entry.Actor;
import dev.slipway.core.audit.entry.AuditEntry;
import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.audit.entry.Subject;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.governance.Policy;
import dev.slipway.core.governance.PolicyJson;
import dev.slipway.core.governance.PolicyRecord;
import dev.slipway.core.governance.PolicyRecord.State;
import dev.slipway.core.identity.Principal;
import dev.slipway.core.identity.PrincipalKind;
import dev.slipway.store.control.ControlStore;
import dev.slipway.store.control.ControlView;
import dev.slipway.store.control.UnitOfWork;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The policy in force and its successors. A proposed one comes into force when a person approves it
 * who has not proposed it. Thread-safe.
 */
public final class Policies {
  static final String PROPOSED = "policy.proposed";
  static final String ACTIVATED = "policy.activated";
  static final String REJECTED = "policy.rejected";

  private static final String BUILT_IN = "policy.yaml";

  private final ControlStore store;
  private final PolicyFile files;
  private final Policy builtIn;
  private final InstantSource clock;

  public Policies(ControlStore store, PolicyFile files, InstantSource clock) {
    this.store = store;
    this.files = files;
    this.builtIn = files.read(BUILT_IN, builtInText());
    this.clock = clock;
  }

  /** The YAML of the policy that holds at first. */
  public static String builtInText() {
    try (InputStream in = Policies.class.getResourceAsStream(BUILT_IN)) {
      if (in == null) {
        throw new IllegalStateException("the built-in policy is missing from the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The policy in force. */
  public Policy active() {
    return store.read(this::active);
  }

  Policy active(ControlView view) {
    return view.governance()
        .activePolicy()
        .map(record -> files.stored(record.body()))
        .orElse(builtIn);
  }

  /** The policy in force as it is kept; null while it is the built-in one. */
  public @Nullable PolicyRecord activeRecord() {
    return store.read(view -> view.governance().activePolicy().orElse(null));
  }

  /**
   * Finds the mistakes of a policy without keeping it.
   *
   * @throws SlipwayException CONFIGURATION_INVALID
   */
  public Policy check(String file, String yaml) {
    return files.read(file, yaml);
  }

  /**
   * Proposes a policy. Nothing changes before somebody else approves it.
   *
   * @throws SlipwayException CONFIGURATION_INVALID if it has mistakes; CONFLICT if it is in force
   */
  public PolicyRecord propose(Principal principal, String file, String yaml, String reason) {
    Policy policy = files.read(file, yaml);
    ContentDigest digest = policy.digest();
    Instant now = now();
    return store.commit(
        work -> {
          if (active(work).digest().equals(digest)) {
            throw new SlipwayException(
                ErrorCode.CONFLICT, "policy: %s is in force already".formatted(digest));
          }
          PolicyRecord record =
              new PolicyRecord(
                  work.governance().nextPolicy(),
                  digest,
                  State.PROPOSED,
                  PolicyJson.write(policy),
                  principal.name(),
                  reason,
                  now,
                  "",
                  now);
          work.governance().putPolicy(record);
          log(work, principal.actor(), PROPOSED, record, active(work).digest(), now);
          return record;
        });
  }

  /**
   * Brings a proposed policy into force.
   *
   * @throws SlipwayException NOT_FOUND; PERMISSION_DENIED for its proposer and for whoever is no
   *     person; CONFLICT if it was decided
   */
  public PolicyRecord approve(Principal principal, long id) {
    return decide(principal, id, State.ACTIVE, ACTIVATED);
  }

  /**
   * Turns a proposed policy down.
   *
   * @throws SlipwayException as {@link #approve}, but its proposer may
   */
  public PolicyRecord reject(Principal principal, long id) {
    return decide(principal, id, State.REJECTED, REJECTED);
  }

  private PolicyRecord decide(Principal principal, long id, State next, String action) {
    Instant now = now();
    return store.commit(
        work -> {
          PolicyRecord record = require(work, id);
          if (record.state() != State.PROPOSED) {
            throw new SlipwayException(
                ErrorCode.CONFLICT,
                "policy %d is %s (expected: PROPOSED)".formatted(id, record.state()));
          }
          if (principal.kind() != PrincipalKind.PERSON
              || (next == State.ACTIVE && principal.name().equals(record.proposer()))) {
            throw new SlipwayException(
                ErrorCode.PERMISSION_DENIED,
                "policy %d: %s may not approve it (expected: a person other than %s, who proposed it)"
                    .formatted(id, principal.name(), record.proposer()));
          }
          ContentDigest before = active(work).digest();
          if (next == State.ACTIVE) {
            work.governance()
                .activePolicy()
                .ifPresent(
                    old ->
                        work.governance()
                            .putPolicy(
                                old.decided(State.REPLACED, old.decider(), old.decidedAt())));
          }
          PolicyRecord decided = record.decided(next, principal.name(), now);
          work.governance().putPolicy(decided);
          log(work, principal.actor(), action, decided, before, now);
          return decided;
        });
  }

  /**
   * @throws SlipwayException NOT_FOUND
   */
  public PolicyRecord policy(long id) {
    return store.read(view -> require(view, id));
  }

  /** Policies, the newest first, with numbers smaller than {@code before}. */
  public List<PolicyRecord> policies(long before, int count) {
    return store.read(view -> view.governance().policies(before, count));
  }

  private static PolicyRecord require(ControlView view, long id) {
    return view.governance()
        .policy(id)
        .orElseThrow(
            () ->
                new SlipwayException(
                    ErrorCode.NOT_FOUND, "policy %d was never proposed".formatted(id)));
  }

  private static void log(
      UnitOfWork work,
      Actor actor,
      String action,
      PolicyRecord record,
      ContentDigest before,
      Instant now) {
    work.append(
        AuditEntry.of(actor, action, new Subject("policy", Long.toString(record.id())), now)
            .withStates(before, record.digest()));
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }
}
