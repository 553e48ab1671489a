package dev.slipway.cli.command;

import dev.slipway.cli.CliFailure;
import dev.slipway.cli.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes a page where the caller wants it. */
final class HtmlFile {
  private HtmlFile() {}

  /**
   * @param what the action, to be read after "could not"
   * @throws CliFailure if it cannot be written
   */
  static void write(Path file, String what, String text) {
    try {
      Path parent = file.toAbsolutePath().getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new CliFailure(
          ExitCode.ERROR,
          what,
          "%s cannot be written: %s".formatted(file, e),
          "the same with a file that can be written");
    }
  }
}
