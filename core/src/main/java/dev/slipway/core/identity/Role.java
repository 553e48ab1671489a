package dev.slipway.core.identity;

import static dev.slipway.core.identity.Action.APPROVE;
import static dev.slipway.core.identity.Action.BACK_UP;
import static dev.slipway.core.identity.Action.CHANGE_POLICY;
import static dev.slipway.core.identity.Action.DEPLOY;
import static dev.slipway.core.identity.Action.DIAGNOSE;
import static dev.slipway.core.identity.Action.INFER;
import static dev.slipway.core.identity.Action.MANAGE_ACCOUNT;
import static dev.slipway.core.identity.Action.MANAGE_TOKENS;
import static dev.slipway.core.identity.Action.MANAGE_WEBHOOKS;
import static dev.slipway.core.identity.Action.PROFILE;
import static dev.slipway.core.identity.Action.PROMOTE;
import static dev.slipway.core.identity.Action.READ_AUDIT;
import static dev.slipway.core.identity.Action.READ_DEPLOYMENT;
import static dev.slipway.core.identity.Action.READ_METRICS;
import static dev.slipway.core.identity.Action.READ_MODEL;
import static dev.slipway.core.identity.Action.READ_SERVER;
import static dev.slipway.core.identity.Action.REGISTER;
import static dev.slipway.core.identity.Action.REVIEW;
import static dev.slipway.core.identity.Action.TRACK;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What somebody is here for; it holds for every model and deployment. Nobody gets the right to
 * approve with another role than {@link #APPROVER}, administrators included.
 */
public enum Role {
  VIEWER(),
  DEVELOPER(INFER, TRACK, REGISTER, PROFILE, DEPLOY, PROMOTE),
  OPERATOR(INFER, PROFILE, DEPLOY, PROMOTE, DIAGNOSE),
  APPROVER(APPROVE, READ_AUDIT),
  REVIEWER(REVIEW),
  AUDITOR(READ_AUDIT, DIAGNOSE),
  ADMIN(
      INFER,
      TRACK,
      REGISTER,
      PROFILE,
      DEPLOY,
      PROMOTE,
      DIAGNOSE,
      READ_AUDIT,
      BACK_UP,
      CHANGE_POLICY,
      MANAGE_TOKENS,
      MANAGE_ACCOUNT,
      MANAGE_WEBHOOKS);

  private final Set<Action> actions;

  Role(Action... further) {
    EnumSet<Action> all = EnumSet.of(READ_SERVER, READ_METRICS, READ_MODEL, READ_DEPLOYMENT);
    all.addAll(Arrays.asList(further));
    actions = Collections.unmodifiableSet(all);
  }

  /** What it allows, on every resource. */
  public Set<Action> actions() {
    return actions;
  }

  /** The name on the command line and in the database. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<Role> labelled(String label) {
    return Arrays.stream(values()).filter(role -> role.label().equals(label)).findFirst();
  }
}
