package dev.slipway.cli.command;

import dev.slipway.cli.client.Ask;
import dev.slipway.cli.client.ServerClient;

/** Whose tokens a command is about. */
final class AccountOption {
  private AccountOption() {}

  /**
   * The account that was given, else that of whoever asks.
   *
   * @param account empty for whoever asks
   */
  static String resolve(String account, Invocation invocation, Ask ask) {
    return account.isEmpty()
        ? invocation.client().get(ask, "/api/v1/whoami").body().path("name").asText()
        : account;
  }

  /** Where the tokens of an account are. */
  static String tokens(String account) {
    return "/api/v1/accounts/" + ServerClient.encode(account) + "/tokens";
  }
}
