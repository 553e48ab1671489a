package dev.slipway.platform.governance.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class GatesTest {
  /** The reference names every gate, so that no policy has to be written by guessing. */
  @Test
  void theReferenceDescribesExactlyTheGatesThatThereAre() throws IOException {
    Path reference = Path.of(System.getProperty("slipway.root")).resolve("docs/reference/gates.md");

    List<String> described =
        Files.readAllLines(reference).stream()
            .filter(line -> line.matches("## [a-z-]+"))
            .map(line -> line.substring(3))
            .toList();

    assertThat(Gates.all(version -> List.of(), "test").stream().map(Gate::name))
        .containsExactlyInAnyOrderElementsOf(described);
  }
}
