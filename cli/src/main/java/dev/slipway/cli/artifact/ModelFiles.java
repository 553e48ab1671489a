package dev.slipway.cli.artifact;

import dev.slipway.cli.CliFailure;
import dev.slipway.cli.ExitCode;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files of a model on disk: one file, a file with {@code slipway-model.yaml} beside it, or a
 * folder. Hidden files are left out; links are followed.
 */
public sealed interface ModelFiles {
  /** The name of the description that may lie beside or inside a model. */
  String DESCRIPTION = "slipway-model.yaml";

  /** Bytes on disk. */
  long sizeBytes();

  /**
   * The same files as entries whose names begin with {@code prefix}.
   *
   * @param prefix empty, or ended by a slash
   */
  Tree below(String prefix);

  /**
   * One file, sent as it is.
   *
   * @param sizeBytes {@code >= 0}
   */
  record Single(Path file, long sizeBytes) implements ModelFiles {
    @Override
    public Tree below(String prefix) {
      return new Tree(List.of(new Entry(prefix + file.getFileName(), file, sizeBytes)));
    }
  }

  /**
   * Several files, sent as a zip.
   *
   * @param entries in the order of their names
   */
  record Tree(List<Entry> entries) implements ModelFiles {
    public Tree {
      entries = List.copyOf(entries);
    }

    @Override
    public long sizeBytes() {
      return entries.stream().mapToLong(Entry::sizeBytes).sum();
    }

    @Override
    public Tree below(String prefix) {
      return new Tree(
          entries.stream()
              .map(entry -> new Entry(prefix + entry.name(), entry.file(), entry.sizeBytes()))
              .toList());
    }

    /**
     * These files and one more.
     *
     * @throws CliFailure if it is not readable
     */
    public Tree with(String name, Path file) {
      try {
        return new Tree(
            Stream.concat(entries.stream(), Stream.of(new Entry(name, file, Files.size(file))))
                .toList());
      } catch (IOException e) {
        throw failure(file + ": not readable: " + e, ExitCode.ERROR);
      }
    }
  }

  /**
   * A file of a tree.
   *
   * @param name relative, with forward slashes
   */
  record Entry(String name, Path file, long sizeBytes) {}

  /**
   * Finds the files of the model at {@code path}.
   *
   * @throws CliFailure if there is none or it is not readable
   */
  static ModelFiles at(Path path) {
    try {
      if (Files.isDirectory(path)) {
        return tree(path);
      }
      if (!Files.isRegularFile(path)) {
        throw failure(path + ": no such file or folder", ExitCode.NOT_FOUND);
      }
      Path description = path.toAbsolutePath().resolveSibling(DESCRIPTION);
      if (Files.isRegularFile(description) && !Files.isSameFile(description, path)) {
        return new Tree(List.of(entry(path.toAbsolutePath()), entry(description)));
      }
      return new Single(path, Files.size(path));
    } catch (IOException e) {
      throw failure(path + ": not readable: " + e, ExitCode.ERROR);
    }
  }

  private static Tree tree(Path folder) throws IOException {
    List<Entry> entries = new ArrayList<>();
    try (Stream<Path> walk = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
      for (Path file : walk.filter(Files::isRegularFile).sorted().toList()) {
        Path relative = folder.relativize(file);
        if (Stream.iterate(relative, p -> p != null, Path::getParent)
            .noneMatch(p -> p.getFileName().toString().startsWith("."))) {
          entries.add(
              new Entry(
                  relative.toString().replace(file.getFileSystem().getSeparator(), "/"),
                  file,
                  Files.size(file)));
        }
      }
    }
    if (entries.isEmpty()) {
      throw failure(folder + ": the folder holds no file", ExitCode.ERROR);
    }
    return new Tree(entries);
  }

  private static Entry entry(Path file) throws IOException {
    return new Entry(file.getFileName().toString(), file, Files.size(file));
  }

  private static CliFailure failure(String why, ExitCode exit) {
    return new CliFailure(exit, "read the files", why, "the same with files that can be read");
  }
}
