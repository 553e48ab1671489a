package dev.slipway.cli;

/**
 * The exit codes of every command; scripts rely on the numbers. An interrupted command ends with
 * 130, which the virtual machine does by itself on SIGINT.
 */
public enum ExitCode {
  OK(0),
  ERROR(1),
  USAGE(2),
  NOT_FOUND(3),
  IDENTITY(4),
  POLICY(5),
  DEGRADED(6),
  INTEGRITY(7),
  TIMEOUT(8);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }
}
