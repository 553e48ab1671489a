package dev.slipway.store.control;

import dev.slipway.core.identity.AccessToken;
import dev.slipway.core.identity.Account;
import dev.slipway.core.identity.Invitation;
import java.time.Instant;

/** Changes accounts, tokens and invitations, inside somebody's unit of work. */
public interface IdentityWork extends IdentityView {
  /**
   * @throws dev.slipway.core.error.SlipwayException ALREADY_EXISTS if there is one of that name
   */
  void addAccount(Account account);

  /**
   * Writes the rights of an account, and whether it is enabled.
   *
   * @throws dev.slipway.core.error.SlipwayException NOT_FOUND if there is none of that name
   */
  void changeAccount(Account account);

  /**
   * @throws dev.slipway.core.error.SlipwayException NOT_FOUND if there is no such account
   */
  void addToken(AccessToken token);

  /**
   * Revokes a token from then on. One that was revoked before stays as it is.
   *
   * @return whether it was not revoked before
   */
  boolean revokeToken(String id, Instant now);

  /**
   * @throws dev.slipway.core.error.SlipwayException NOT_FOUND if its account is not there
   */
  void addInvitation(Invitation invitation);

  /**
   * Uses an invitation up.
   *
   * @return false if it was used before or is not there
   */
  boolean useInvitation(String hash, Instant now);
}
