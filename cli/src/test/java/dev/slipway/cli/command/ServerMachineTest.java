package dev.slipway.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ServerMachineTest {
  @Test
  void fewProcessorsGetTheSerialCollector() {
    assertThat(ServerMachine.options(2, "")).contains("-XX:+UseSerialGC");
    assertThat(ServerMachine.options(2, "-Xmx1g")).contains("-XX:+UseSerialGC");
    assertThat(ServerMachine.options(3, "")).isEmpty();
  }

  @Test
  void aCollectorThatTheUserNamesIsNotContradicted() {
    assertThat(ServerMachine.options(2, "-Xmx1g -XX:+UseZGC")).isEmpty();
  }
}
