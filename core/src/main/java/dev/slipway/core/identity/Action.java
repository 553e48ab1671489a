package dev.slipway.core.identity;

import dev.slipway.core.identity.Resource.Kind;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Something that can be allowed. Labels are stable: grants and tokens are stored with them. */
public enum Action {
  /** To ask whether the server lives and is ready. Open to everybody. */
  PROBE(Kind.SERVER),
  /** To become the account that an invitation names; its code is the credential. */
  REDEEM_INVITATION(Kind.SERVER),
  /** To learn which OpenID provider vouches for people, and to come in and go by it. */
  SIGN_IN(Kind.SERVER),
  /** To see what the server is, and its API. */
  READ_SERVER(Kind.SERVER),
  READ_METRICS(Kind.SERVER),
  /** To let the server examine itself. */
  DIAGNOSE(Kind.SERVER),
  READ_AUDIT(Kind.SERVER),
  /** To take and read backups, which hold everything, keys included. */
  BACK_UP(Kind.SERVER),
  /** To write experiments, runs and their artifacts. */
  TRACK(Kind.SERVER),
  /** To ask for a promotion and to run its gates; the policy says who may break the glass. */
  PROMOTE(Kind.SERVER),
  /** To approve or reject a promotion. Only persons can. */
  APPROVE(Kind.SERVER),
  CHANGE_POLICY(Kind.SERVER),
  /** To let other servers be told of promotions and policies. */
  MANAGE_WEBHOOKS(Kind.SERVER),
  /** To label what waits for an expert. */
  REVIEW(Kind.SERVER),
  READ_MODEL(Kind.MODEL),
  /** To register a version, or to change what is said about the model. */
  REGISTER(Kind.MODEL),
  /** To measure a version, which takes the machine for seconds. */
  PROFILE(Kind.MODEL),
  READ_DEPLOYMENT(Kind.DEPLOYMENT),
  INFER(Kind.DEPLOYMENT),
  /** To be answered with rounded scores; whoever may {@link #INFER} may do this too. */
  INFER_ROUNDED(Kind.DEPLOYMENT),
  /** To be answered with the class alone; whoever may {@link #INFER_ROUNDED} may do this too. */
  INFER_LABEL(Kind.DEPLOYMENT),
  /** To change what an unprotected deployment serves; a protected one asks for approvals too. */
  DEPLOY(Kind.DEPLOYMENT),
  /** To make, see and revoke the tokens of an account. */
  MANAGE_TOKENS(Kind.ACCOUNT),
  /** To see, make, change and disable accounts. */
  MANAGE_ACCOUNT(Kind.ACCOUNT);

  private final Kind target;

  Action(Kind target) {
    this.target = target;
  }

  /** What it is taken on. */
  public Kind target() {
    return target;
  }

  /** The name in grants and messages, such as {@code read-deployment}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What allows this as well, because it allows more; null if only itself does. */
  @Nullable Action impliedBy() {
    return switch (this) {
      case INFER_ROUNDED -> INFER;
      case INFER_LABEL -> INFER_ROUNDED;
      default -> null;
    };
  }

  /** Whether nobody has to say who they are. */
  public boolean isOpen() {
    return this == PROBE || this == REDEEM_INVITATION || this == SIGN_IN;
  }

  /** Whether it can be allowed for a single model or deployment. */
  public boolean isGrantable() {
    return target == Kind.MODEL || target == Kind.DEPLOYMENT;
  }

  public static Optional<Action> labelled(String label) {
    return Arrays.stream(values()).filter(action -> action.label().equals(label)).findFirst();
  }
}
