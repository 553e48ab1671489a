package dev.slipway.cli;

import org.jspecify.annotations.Nullable;

/**
 * A command that did not do what it was asked: what failed, why, and the next command to try.
 *
 * <p>It is an answer to a person, so it carries no stack trace.
 */
public final class CliFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ExitCode exitCode;
  private final String what;
  private final String why;
  private final String next;
  private final @Nullable String requestId;

  /**
   * @param what the action, to be read after "could not", such as {@code deploy fraud/1}
   * @param why the reason, with the value and what was expected
   * @param next a command line or an act that helps
   */
  public CliFailure(ExitCode exitCode, String what, String why, String next) {
    this(exitCode, what, why, next, null);
  }

  /**
   * @param requestId the id under which the server's log knows the request; null if none was sent
   */
  public CliFailure(
      ExitCode exitCode, String what, String why, String next, @Nullable String requestId) {
    super(what + ": " + why, null, false, false);
    this.exitCode = exitCode;
    this.what = what;
    this.why = why;
    this.next = next;
    this.requestId = requestId;
  }

  public ExitCode exitCode() {
    return exitCode;
  }

  public String what() {
    return what;
  }

  public String why() {
    return why;
  }

  public String next() {
    return next;
  }

  public @Nullable String requestId() {
    return requestId;
  }
}
