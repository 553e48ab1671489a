package dev.slipway.engine.trees;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Models and data beside the repository, which not every checkout has. */
final class SharedModels {
  private SharedModels() {}

  /** The file {@code ../shared/models/PATH}; skips the test where it is not there. */
  static Path require(String path) {
    Path root = Path.of(System.getProperty("slipway.root", "."));
    Path file = root.resolveSibling("shared").resolve("models").resolve(path);
    assumeTrue(Files.exists(file), file + " is not there");
    return file;
  }
}
