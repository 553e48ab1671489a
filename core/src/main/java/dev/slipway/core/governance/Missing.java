package dev.slipway.core.governance;

/**
 * One thing that keeps a promotion from being carried out.
 *
 * @param what in words
 * @param command that mends it; empty if none does
 */
public record Missing(String what, String command) {
  @Override
  public String toString() {
    return command.isEmpty() ? what : what + ": " + command;
  }
}
