package dev.slipway.core.identity;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.util.Set;
import java.util.regex.Pattern;

/** Names of accounts: what an e-mail address or a user name may look like, in lower case. */
public final class AccountName {
  private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9._@+-]{0,126}");
  private static final Set<String> TAKEN =
      Set.of(Principal.LOCAL.name(), Principal.ANONYMOUS.name());

  private AccountName() {}

  /**
   * @return the name
   * @throws SlipwayException BAD_REQUEST if it is none, or means somebody else
   */
  public static String require(String name) {
    if (!FORM.matcher(name).matches() || TAKEN.contains(name)) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "account: '%s' (expected: 1 to 127 of a-z 0-9 . _ @ + -, not local or anonymous)"
              .formatted(name.length() > 150 ? name.substring(0, 150) + "..." : name));
    }
    return name;
  }
}
