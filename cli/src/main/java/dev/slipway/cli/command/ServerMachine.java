package dev.slipway.cli.command;

import java.util.List;

/**
 * The options of the server's virtual machine that suit the computer.
 *
 * <p>Requests die young and models stay. On few processors the serial collector with a young
 * generation that fits in a cache serves more than the machine's own choice, and keeps about half
 * the memory (docs/performance.md). With more processors nothing was measured, so the machine
 * chooses.
 */
final class ServerMachine {
  private static final int FEW_PROCESSORS = 2;
  private static final List<String> SERIAL =
      List.of("-XX:+UseSerialGC", "-Xms48m", "-XX:MaxNewSize=24m");

  private ServerMachine() {}

  /**
   * @param processors that the virtual machine may use, {@code >= 1}
   * @param asked the user's own options; one that names a collector decides alone
   */
  static List<String> options(int processors, String asked) {
    boolean collectorAsked = asked.matches("(?s).*-XX:\\+Use\\w*GC.*");
    return collectorAsked || processors > FEW_PROCESSORS ? List.of() : SERIAL;
  }
}
