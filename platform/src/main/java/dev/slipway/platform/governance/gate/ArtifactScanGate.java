package dev.slipway.platform.governance.gate;

import dev.slipway.core.audit.json.JsonValue.JsonObject;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.governance.Verdict;
import dev.slipway.core.model.ArtifactFormat;
import dev.slipway.core.scan.ContentScan;
import dev.slipway.core.scan.Finding;
import dev.slipway.core.scan.OnnxScan;
import dev.slipway.core.scan.OnnxScan.External;
import dev.slipway.core.scan.ScanRules;
import dev.slipway.core.scan.ScanRules.ArchiveLimits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * {@code artifact-scan}: no file of the artifact can do more than compute. Rules come from the
 * policy alone, never from the artifact.
 */
final class ArtifactScanGate implements Gate {
  /** Changes whenever the same files may be judged otherwise. */
  private static final String SCANNER = "slipway-scan 1";

  private static final String ONNX = ".onnx";

  private record Settings(ScanRules rules) {
    static Settings of(JsonObject json) {
      GateParameters parameters = new GateParameters("artifact-scan", json);
      Optional<List<String>> globals = parameters.optionalTexts("pickle_globals");
      ArchiveLimits archive = ArchiveLimits.DEFAULT;
      ScanRules rules =
          new ScanRules(
              globals.isPresent(),
              Set.copyOf(globals.orElse(List.of())),
              parameters
                  .optionalTexts("op_domains")
                  .<Set<String>>map(Set::copyOf)
                  .orElse(ScanRules.OP_DOMAINS),
              parameters.whole("nodes_max", ScanRules.DEFAULT.nodesMax(), 1, Integer.MAX_VALUE - 1),
              parameters.whole("onnx_bytes_max", Integer.MAX_VALUE, 1, Integer.MAX_VALUE),
              new ArchiveLimits(
                  parameters.whole("depth_max", archive.depthMax(), 0, 16),
                  parameters.whole("entries_max", archive.entriesMax(), 0, 10_000_000),
                  parameters.longWhole(
                      "unpacked_bytes_max", archive.unpackedBytesMax(), 0, 1L << 40),
                  parameters.whole("ratio_max", archive.ratioMax(), 1, 2_000)));
      parameters.requireNoOthers();
      return new Settings(rules);
    }
  }

  @Override
  public String name() {
    return "artifact-scan";
  }

  @Override
  public void requireParameters(JsonObject parameters) {
    Settings.of(parameters);
  }

  @Override
  public GateOutcome run(GateSubject subject, JsonObject parameters) {
    Scan scan =
        new Scan(
            subject.artifact().root().toAbsolutePath().normalize(),
            subject.candidate().format() == ArtifactFormat.ONNX
                ? subject.candidate().primaryFile()
                : "",
            Settings.of(parameters).rules());
    try {
      scan.run();
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorCode.STORE_UNAVAILABLE, "the artifact cannot be read: " + e, e);
    }
    List<String> findings = scan.findings.stream().map(Finding::toString).distinct().toList();
    return new GateOutcome(
        findings.isEmpty() ? Verdict.PASSED : Verdict.FAILED,
        Map.of(),
        new Measurements()
            .put("scanner", SCANNER)
            .put("files", scan.files)
            .put("bytes", scan.bytes)
            .put("onnx_nodes", scan.nodes)
            .put("findings", findings.size())
            .build(),
        findings);
  }

  /** One look at one folder. */
  private static final class Scan {
    private final Path root;
    private final String served;
    private final ScanRules rules;
    private final ContentScan content;
    private final List<Finding> findings = new ArrayList<>();
    private final Set<Path> external = new HashSet<>();
    private int files;
    private long bytes;
    private int nodes;

    /**
     * @param served the ONNX file that is served, whatever its name; empty if none is
     */
    Scan(Path root, String served, ScanRules rules) {
      this.root = root;
      this.served = served;
      this.rules = rules;
      this.content = new ContentScan(rules);
    }

    void run() throws IOException {
      List<Path> regular = new ArrayList<>();
      try (Stream<Path> walk = Files.walk(root)) {
        for (Path path : walk.sorted().toList()) {
          if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            regular.add(path);
          } else if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            found(path, "", "a link or a special file (expected: files and folders)");
          }
        }
      }
      // Models first: they say which large files are nothing but numbers.
      for (Path file : regular) {
        if (isOnnx(file)) {
          onnx(file);
        }
      }
      for (Path file : regular) {
        look(file);
      }
      findings.addAll(content.findings());
    }

    private boolean isOnnx(Path file) {
      String name = name(file);
      return name.equals(served) || name.toLowerCase(Locale.ROOT).endsWith(ONNX);
    }

    private String name(Path file) {
      return root.relativize(file).toString();
    }

    private void found(Path file, String element, String message) {
      findings.add(new Finding(name(file), element, message));
    }

    private void onnx(Path file) throws IOException {
      if (Files.size(file) > rules.onnxBytesMax()) {
        found(
            file,
            "",
            "%d bytes (expected: at most %d)".formatted(Files.size(file), rules.onnxBytesMax()));
        return;
      }
      OnnxScan.Result result = OnnxScan.of(name(file), map(file), rules);
      findings.addAll(result.findings());
      nodes += result.nodes();
      for (External reference : result.externals()) {
        external(file, reference);
      }
    }

    /** The path is one of plain names; here it is followed, and no name may be a link. */
    private void external(Path model, External reference) throws IOException {
      Path at = Objects.requireNonNull(model.getParent(), "a file lies in a folder");
      for (Path name : at.getFileSystem().getPath(reference.location())) {
        at = at.resolve(name);
        if (Files.isSymbolicLink(at)) {
          found(
              model,
              reference.tensor(),
              "external data at '%s', a symbolic link (expected: a file)"
                  .formatted(reference.location()));
          return;
        }
      }
      if (!at.startsWith(root) || !Files.isRegularFile(at, LinkOption.NOFOLLOW_LINKS)) {
        found(
            model,
            reference.tensor(),
            "external data at '%s' (expected: a file of the artifact)"
                .formatted(reference.location()));
        return;
      }
      external.add(at);
      long size = Files.size(at);
      long length = Math.max(0, reference.length());
      if (reference.offset() > size || length > size - reference.offset()) {
        found(
            model,
            reference.tensor(),
            "external data at %d of '%s', %d bytes (expected: within its %d bytes)"
                .formatted(reference.offset(), reference.location(), length, size));
      }
    }

    private void look(Path file) throws IOException {
      files++;
      long size = Files.size(file);
      bytes += size;
      if (links(file) > 1) {
        found(file, "", "a hard link (expected: a file with one name)");
      }
      if (size <= Integer.MAX_VALUE) {
        content.file(name(file), map(file));
      } else if (!external.contains(file)) {
        found(
            file,
            "",
            "%d bytes, too many to look into (expected: at most %d)"
                .formatted(size, Integer.MAX_VALUE));
      }
    }

    private static int links(Path file) throws IOException {
      if (!file.getFileSystem().supportedFileAttributeViews().contains("unix")) {
        return 1;
      }
      return (int) Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS);
    }

    private static ByteBuffer map(Path file) throws IOException {
      try (FileChannel channel = FileChannel.open(file)) {
        return channel.map(MapMode.READ_ONLY, 0, channel.size());
      }
    }
  }
}
