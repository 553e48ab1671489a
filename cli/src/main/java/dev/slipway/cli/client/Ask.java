package dev.slipway.cli.client;

import java.time.Duration;

/**
 * What a request is for, so that its failure can be told to a person.
 *
 * @param what the action, to be read after "could not", such as {@code deploy fraud/1}
 * @param next the command that helps when the server refuses
 * @param nextIfMissing the command that helps when something is not found
 * @param timeout longest wait for the answer
 */
public record Ask(String what, String next, String nextIfMissing, Duration timeout) {
  public Ask(String what, String next, Duration timeout) {
    this(what, next, next, timeout);
  }

  /** The same, with another command for what is not found. */
  public Ask ifMissing(String command) {
    return new Ask(what, next, command, timeout);
  }
}
