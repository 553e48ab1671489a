package dev.slipway.engine.trees;

import dev.slipway.core.model.ArtifactFormat;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** The folder of golden files. */
public final class GoldenFiles {
  private GoldenFiles() {}

  public static ArtifactFormat formatOf(String file) {
    if (file.contains(".ubj")) {
      return ArtifactFormat.XGBOOST_UBJ;
    }
    if (file.contains(".json")) {
      return ArtifactFormat.XGBOOST_JSON;
    }
    return file.contains(".onnx") ? ArtifactFormat.ONNX : ArtifactFormat.LIGHTGBM_TEXT;
  }

  /** The bytes of a file of the golden folder, unzipped. */
  public static byte[] bytes(String file) {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(folder().resolve(file)))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Stream<String> names() {
    try (Stream<Path> paths = Files.list(folder())) {
      return paths.map(path -> String.valueOf(path.getFileName())).sorted().toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path folder() {
    try {
      URI uri = Objects.requireNonNull(GoldenFiles.class.getResource("/golden")).toURI();
      return Path.of(uri);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
