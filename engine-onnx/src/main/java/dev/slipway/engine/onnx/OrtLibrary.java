package dev.slipway.engine.onnx;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds the native library of ONNX Runtime.
 *
 * <p>The folder in the system property {@value #FOLDER_PROPERTY} wins; this is how a build with
 * CUDA, TensorRT or OpenVINO is put in the place of the one that comes with the product. Otherwise
 * the library is unpacked from the class path, once, into a folder of the user's cache that later
 * starts find again: unpacking 28 MB at every start would take a good part of it.
 */
final class OrtLibrary {
  static final String FOLDER_PROPERTY = "onnxruntime.native.path";

  private static final String RESOURCES = "/ai/onnxruntime/native/";

  /** The library proper, then what it opens by itself from its own folder, where a build has it. */
  private static final List<String> NAMES =
      List.of(
          "onnxruntime",
          "onnxruntime_providers_shared",
          "onnxruntime_providers_cuda",
          "onnxruntime_providers_tensorrt",
          "onnxruntime_providers_openvino");

  private OrtLibrary() {}

  /**
   * @throws SlipwayException DEVICE_UNAVAILABLE if there is none for this machine
   */
  static Path locate() {
    String folder = System.getProperty(FOLDER_PROPERTY);
    if (folder != null) {
      Path library = Path.of(folder).resolve(System.mapLibraryName(NAMES.getFirst()));
      if (Files.isReadable(library)) {
        return library.toAbsolutePath();
      }
      throw new SlipwayException(
          ErrorCode.DEVICE_UNAVAILABLE,
          "%s: %s (expected: a folder with %s)"
              .formatted(FOLDER_PROPERTY, folder, library.getFileName()));
    }
    try {
      return unpack(platform());
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorCode.DEVICE_UNAVAILABLE,
          "ONNX Runtime's native library cannot be unpacked (%s); name a folder that holds it with -D%s"
              .formatted(e, FOLDER_PROPERTY),
          e);
    }
  }

  private static String platform() {
    String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String system = os.contains("mac") ? "osx" : os.contains("windows") ? "win" : "linux";
    String arch = System.getProperty("os.arch", "");
    return system + "-" + (arch.equals("amd64") || arch.equals("x86_64") ? "x64" : arch);
  }

  private static Path unpack(String platform) throws IOException {
    String library = System.mapLibraryName(NAMES.getFirst());
    URL resource = OrtLibrary.class.getResource(RESOURCES + platform + "/" + library);
    if (resource == null) {
      throw new SlipwayException(
          ErrorCode.DEVICE_UNAVAILABLE,
          ("ONNX Runtime has no native library for %s on the class path"
                  + " (expected: one of linux-x64, linux-aarch64, osx-aarch64, win-x64)")
              .formatted(platform));
    }
    Path folder = writableFolder("onnxruntime-" + platform + "-" + fingerprint(resource));
    for (String name : NAMES.reversed()) {
      String file = System.mapLibraryName(name);
      URL part = OrtLibrary.class.getResource(RESOURCES + platform + "/" + file);
      if (part != null) {
        copy(part, folder.resolve(file));
      }
    }
    return folder.resolve(library);
  }

  /** The checksum that the archive's directory holds, so that nothing has to be read for it. */
  private static String fingerprint(URL resource) throws IOException {
    URLConnection connection = resource.openConnection();
    long fingerprint =
        connection instanceof JarURLConnection jar
            ? jar.getJarEntry().getCrc()
            : connection.getContentLengthLong();
    return Long.toHexString(fingerprint);
  }

  private static Path writableFolder(String name) throws IOException {
    Optional<Path> cache =
        Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
            .filter(path -> !path.isEmpty())
            .or(() -> Optional.ofNullable(System.getProperty("user.home")).map(h -> h + "/.cache"))
            .map(path -> Path.of(path, "slipway", name));
    if (cache.isPresent()) {
      try {
        Path folder = Files.createDirectories(cache.get());
        if (Files.isWritable(folder)) {
          return folder;
        }
      } catch (IOException e) {
        // A read-only home, as in many containers: a folder for this run alone serves as well.
      }
    }
    return Files.createTempDirectory(name);
  }

  /** Leaves a whole file or none, also when several servers start at the same time. */
  private static void copy(URL resource, Path target) throws IOException {
    URLConnection connection = resource.openConnection();
    long size = connection.getContentLengthLong();
    if (Files.isRegularFile(target) && Files.size(target) == size) {
      return;
    }
    Path partial = Files.createTempFile(target.getParent(), target.getFileName().toString(), "");
    try (InputStream in = connection.getInputStream()) {
      Files.copy(in, partial, StandardCopyOption.REPLACE_EXISTING);
      Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(partial);
    }
  }
}
