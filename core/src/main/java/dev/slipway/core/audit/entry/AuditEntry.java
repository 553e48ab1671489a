package dev.slipway.core.audit.entry;

import dev.slipway.core.audit.json.CanonicalJson;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One action, as the log keeps it for ever. Its bytes are RFC 8785 canonical JSON, so that the same
 * entry is always the same leaf of the tree.
 *
 * @param action dotted lower-case words, the noun first: {@code deployment.changed}
 * @param before digest of the subject's state before; null if there was none
 * @param after digest of the subject's state after; null if there is none
 * @param evidence what the decision rests on, in the order in which it was asked for; each once
 * @param policy digest of the policy that allowed it; null if none was asked
 * @param time when it was committed; kept to the millisecond, in years 0000 to 9999
 * @param reason null if none was given
 */
public record AuditEntry(
    Actor actor,
    String action,
    Subject subject,
    @Nullable ContentDigest before,
    @Nullable ContentDigest after,
    List<ContentDigest> evidence,
    @Nullable ContentDigest policy,
    Instant time,
    @Nullable Reason reason) {
  /** Most bytes of an entry: its length has 16 bits in the files of the log. */
  public static final int BYTES_MAX = 65_535;

  /** Most characters (UTF-16 code units) of a name. */
  public static final int NAME_CHARACTERS_MAX = 256;

  /** Most pieces of evidence; with the other limits it keeps every entry below 65,535 bytes. */
  public static final int EVIDENCE_MAX = 500;

  private static final int ACTION_CHARACTERS_MAX = 64;
  private static final Pattern ACTION_FORM =
      Pattern.compile("[a-z][a-z0-9-]*(\\.[a-z][a-z0-9-]*)+");
  private static final Instant TIME_MIN = Instant.parse("0000-01-01T00:00:00Z");
  private static final Instant TIME_MAX = Instant.parse("9999-12-31T23:59:59.999Z");

  public AuditEntry {
    if (action.length() > ACTION_CHARACTERS_MAX || !ACTION_FORM.matcher(action).matches()) {
      throw new IllegalArgumentException(
          "action: '%s' (expected: words like deployment.changed, at most %d characters)"
              .formatted(action, ACTION_CHARACTERS_MAX));
    }
    evidence = List.copyOf(evidence);
    if (evidence.size() > EVIDENCE_MAX || Set.copyOf(evidence).size() < evidence.size()) {
      throw new IllegalArgumentException(
          "evidence: %d digests (expected: at most %d, each once)"
              .formatted(evidence.size(), EVIDENCE_MAX));
    }
    time = time.truncatedTo(ChronoUnit.MILLIS);
    if (time.isBefore(TIME_MIN) || time.isAfter(TIME_MAX)) {
      throw new IllegalArgumentException(
          "time: %s (expected: a year of 0000-9999)".formatted(time));
    }
  }

  /** An entry with neither states, evidence, policy nor reason, to be added to. */
  public static AuditEntry of(Actor actor, String action, Subject subject, Instant time) {
    return new AuditEntry(actor, action, subject, null, null, List.of(), null, time, null);
  }

  /** This entry with the subject's states; null where there is none. */
  public AuditEntry withStates(@Nullable ContentDigest before, @Nullable ContentDigest after) {
    return new AuditEntry(actor, action, subject, before, after, evidence, policy, time, reason);
  }

  /** This entry with evidence, where no policy was asked. */
  public AuditEntry withEvidence(List<ContentDigest> evidence) {
    return new AuditEntry(actor, action, subject, before, after, evidence, policy, time, reason);
  }

  /** This entry with the policy and the evidence that it was decided on. */
  public AuditEntry decidedOn(ContentDigest policy, List<ContentDigest> evidence) {
    return new AuditEntry(actor, action, subject, before, after, evidence, policy, time, reason);
  }

  public AuditEntry because(Reason reason) {
    return new AuditEntry(actor, action, subject, before, after, evidence, policy, time, reason);
  }

  /** The bytes that are logged: canonical JSON, at most {@link #BYTES_MAX}. */
  public byte[] toBytes() {
    byte[] bytes = CanonicalJson.write(AuditEntryJson.of(this));
    if (bytes.length > BYTES_MAX) {
      throw new IllegalArgumentException(
          "entry: %d bytes (expected: at most %d)".formatted(bytes.length, BYTES_MAX));
    }
    return bytes;
  }

  /**
   * Reads the bytes of an entry, and nothing that {@link #toBytes} would not write.
   *
   * @throws IllegalArgumentException if they are not those of an entry
   */
  public static AuditEntry parse(byte[] bytes) {
    if (bytes.length > BYTES_MAX) {
      throw new IllegalArgumentException(
          "entry: %d bytes (expected: at most %d)".formatted(bytes.length, BYTES_MAX));
    }
    return AuditEntryJson.read(CanonicalJson.read(bytes));
  }

  /** Refuses a name that is empty, too long, or holds control characters. */
  static void requireName(String what, String name) {
    if (name.isEmpty()
        || name.length() > NAME_CHARACTERS_MAX
        || name.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "%s: '%s' (expected: from 1 to %d characters, none of them a control character)"
              .formatted(
                  what,
                  name.length() <= NAME_CHARACTERS_MAX
                      ? name
                      : name.substring(0, NAME_CHARACTERS_MAX) + "...",
                  NAME_CHARACTERS_MAX));
    }
  }
}
