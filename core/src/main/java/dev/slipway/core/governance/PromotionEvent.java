package dev.slipway.core.governance;

import java.util.List;
import java.util.Set;

/** What happens to a promotion. */
public sealed interface PromotionEvent {
  /** The gates begin to run. */
  record GatesStarted() implements PromotionEvent {}

  /**
   * The gates ended.
   *
   * @param results outcomes of those that ran
   * @param unmet the policy's requirements that the evidence does not fulfil, in words
   */
  record GatesEnded(List<GateResult> results, List<String> unmet) implements PromotionEvent {}

  /** The process that ran the gates is gone. */
  record GatesLost() implements PromotionEvent {}

  /**
   * Somebody says yes.
   *
   * @param approval of the binding that the person saw
   */
  record ApprovalGiven(Approval approval) implements PromotionEvent {}

  /** Somebody says no. */
  record Rejected(String person, String reason) implements PromotionEvent {}

  /**
   * What it is bound to was looked at again.
   *
   * @param current as it is now; its evidence is not looked at
   */
  record Rebound(Binding current) implements PromotionEvent {}

  /** Somebody goes around the rules. */
  record GlassBroken(String person, Set<String> roles, String reason) implements PromotionEvent {}

  /** Somebody looked at a broken glass afterwards. */
  record GlassReviewed(String person, String finding) implements PromotionEvent {}

  /** It is carried out now. */
  record CarriedOut() implements PromotionEvent {}

  /** Another one took its place. */
  record Superseded() implements PromotionEvent {}

  /** It went back into its place, as a rollback does. */
  record Reinstated() implements PromotionEvent {}

  /** It must not be loaded any more. */
  record Revoked(String person, String reason) implements PromotionEvent {}

  /** Time went by. */
  record TimePassed() implements PromotionEvent {}
}
