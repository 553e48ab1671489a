package dev.slipway.store.control;

import dev.slipway.core.identity.AccessToken;
import dev.slipway.core.identity.Account;
import dev.slipway.core.identity.Invitation;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The accounts, tokens and invitations of one consistent state. */
public interface IdentityView {
  Optional<Account> account(String name);

  /**
   * Accounts in the order of their names.
   *
   * @param after names greater than this one; empty means from the first
   * @param count at most so many, {@code >= 1}
   */
  List<Account> accounts(String after, int count);

  Optional<AccessToken> token(String id);

  /** Tokens of an account, the newest first. */
  List<AccessToken> tokens(String account);

  /** Every token that is accepted at that time, of accounts that are enabled. */
  List<AccessToken> activeTokens(Instant now);

  /** The invitation of which this is the hash. */
  Optional<Invitation> invitation(String hash);
}
