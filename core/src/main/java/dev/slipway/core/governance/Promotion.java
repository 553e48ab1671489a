package dev.slipway.core.governance;

import dev.slipway.core.model.ModelRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request to let a version answer at a protected place. Immutable; {@link PromotionMachine} makes
 * the next one.
 *
 * @param id counts from 1
 * @param results the newest outcome of each gate that has run
 * @param unmet requirements of the policy that the evidence does not fulfil, in words
 * @param approvals in their order; only those of the current binding count
 * @param expires when it may no longer be carried out; null before it is approved
 * @param note why it was rejected, revoked or found wanting; empty if it was not
 * @param revision counts its changes from 1
 */
public record Promotion(
    long id,
    ModelRef ref,
    Binding binding,
    Origin origin,
    PromotionState state,
    List<GateResult> results,
    List<String> unmet,
    List<Approval> approvals,
    @Nullable Instant expires,
    @Nullable BrokenGlass brokenGlass,
    String note,
    long revision,
    Instant changedAt) {
  /**
   * Where it comes from.
   *
   * @param requester account that asked
   * @param involved accounts that had a hand in it and so cannot approve it, each with what they
   *     did; the requester is among them
   * @param reason in the requester's words; may be empty
   */
  public record Origin(
      String requester, Map<String, String> involved, String reason, Instant requestedAt) {
    public Origin {
      involved = Map.copyOf(involved);
    }
  }

  /**
   * Whether its glass was broken and nobody has reviewed it within the time that the policy gave.
   */
  public boolean isReviewOverdue(Instant now) {
    BrokenGlass glass = brokenGlass;
    return glass != null && glass.reviewer() == null && now.isAfter(glass.reviewBy());
  }

  /**
   * Somebody went around the rules.
   *
   * @param reviewBy when somebody else must have looked at it
   * @param reviewer who did; null while nobody has
   * @param finding what the reviewer said
   */
  public record BrokenGlass(
      String person,
      String reason,
      Instant at,
      Instant reviewBy,
      @Nullable String reviewer,
      String finding) {}

  public Promotion {
    results = List.copyOf(results);
    unmet = List.copyOf(unmet);
    approvals = List.copyOf(approvals);
  }

  /** A request that was just made. */
  public static Promotion requested(
      long id, ModelRef ref, Binding binding, Origin origin, Instant now) {
    return new Promotion(
        id,
        ref,
        binding.withEvidence(List.of()),
        origin,
        PromotionState.DRAFT,
        List.of(),
        List.of(),
        List.of(),
        null,
        null,
        "",
        1,
        now);
  }

  /** The approvals of exactly this binding. */
  public List<Approval> counting() {
    return approvals.stream()
        .filter(approval -> approval.binding().equals(binding.digest()))
        .toList();
  }

  public Optional<GateResult> result(String gate) {
    return results.stream().filter(result -> result.gate().equals(gate)).findFirst();
  }

  /** This promotion as if these requirements, and no others, were not fulfilled. */
  public Promotion judged(List<String> nextUnmet) {
    return withResults(results, nextUnmet);
  }

  Promotion in(PromotionState next, Instant now) {
    return new Promotion(
        id,
        ref,
        binding,
        origin,
        next,
        results,
        unmet,
        approvals,
        expires,
        brokenGlass,
        note,
        revision + 1,
        now);
  }

  Promotion bound(Binding next) {
    return new Promotion(
        id,
        ref,
        next,
        origin,
        state,
        results,
        unmet,
        approvals,
        expires,
        brokenGlass,
        note,
        revision,
        changedAt);
  }

  Promotion withResults(List<GateResult> next, List<String> nextUnmet) {
    return new Promotion(
        id,
        ref,
        binding,
        origin,
        state,
        next,
        nextUnmet,
        approvals,
        expires,
        brokenGlass,
        note,
        revision,
        changedAt);
  }

  Promotion with(Approval approval) {
    List<Approval> all = new ArrayList<>(approvals);
    all.add(approval);
    return new Promotion(
        id,
        ref,
        binding,
        origin,
        state,
        results,
        unmet,
        all,
        expires,
        brokenGlass,
        note,
        revision,
        changedAt);
  }

  Promotion expiring(@Nullable Instant at) {
    return new Promotion(
        id,
        ref,
        binding,
        origin,
        state,
        results,
        unmet,
        approvals,
        at,
        brokenGlass,
        note,
        revision,
        changedAt);
  }

  Promotion noted(String words) {
    return new Promotion(
        id,
        ref,
        binding,
        origin,
        state,
        results,
        unmet,
        approvals,
        expires,
        brokenGlass,
        words,
        revision,
        changedAt);
  }

  Promotion broken(BrokenGlass glass) {
    return new Promotion(
        id, ref, binding, origin, state, results, unmet, approvals, expires, glass, note, revision,
        changedAt);
  }
}
