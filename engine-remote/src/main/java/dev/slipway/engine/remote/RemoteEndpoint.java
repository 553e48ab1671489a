package dev.slipway.engine.remote;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * What the artifact of a remote model says.
 *
 * <pre>
 * url: http://triton:8000
 * model: resnet50
 * version: 3          # optional; the server's own choice without it
 * timeout_ms: 2000    # optional, 1..600000, 30000 by default
 * protocol: rest      # optional; the only one
 * </pre>
 *
 * @param url scheme, host and port, perhaps with a path in front of {@code /v2}; no slash at its
 *     end
 * @param version empty means the server's choice
 * @param timeout longest wait for one answer
 */
record RemoteEndpoint(String url, String model, String version, Duration timeout) {
  private static final int FILE_BYTES_MAX = 64 << 10;
  private static final long TIMEOUT_MILLIS_DEFAULT = 30_000;
  private static final long TIMEOUT_MILLIS_MAX = 600_000;
  private static final Set<String> KEYS =
      Set.of("url", "model", "version", "timeout_ms", "protocol");

  /**
   * Reads YAML, of which JSON is a part.
   *
   * @throws SlipwayException MODEL_INVALID if the file does not say what is needed,
   *     FORMAT_UNSUPPORTED if it asks for a protocol other than REST
   */
  static RemoteEndpoint read(Path file) {
    Map<?, ?> entries = entries(file);
    Set<String> unknown = new TreeSet<>();
    entries.keySet().forEach(key -> unknown.add(String.valueOf(key)));
    unknown.removeAll(KEYS);
    if (!unknown.isEmpty()) {
      throw invalid(
          file, "unknown keys %s (expected: some of %s)".formatted(unknown, new TreeSet<>(KEYS)));
    }
    String protocol = text(file, entries, "protocol", "rest");
    if (!protocol.equals("rest")) {
      throw new SlipwayException(
          ErrorCode.FORMAT_UNSUPPORTED,
          "%s: protocol: %s (expected: rest)".formatted(file.getFileName(), protocol));
    }
    String model = text(file, entries, "model", "");
    if (model.isEmpty()) {
      throw invalid(file, "no model (expected: the model's name on the other server)");
    }
    return new RemoteEndpoint(
        url(file, text(file, entries, "url", "")),
        model,
        text(file, entries, "version", ""),
        timeout(file, text(file, entries, "timeout_ms", "")));
  }

  private static Map<?, ?> entries(Path file) {
    try {
      if (Files.size(file) > FILE_BYTES_MAX) {
        throw invalid(
            file, "%d bytes (expected: <= %d)".formatted(Files.size(file), FILE_BYTES_MAX));
      }
      LoaderOptions limits = new LoaderOptions();
      limits.setAllowDuplicateKeys(false);
      limits.setMaxAliasesForCollections(0);
      limits.setNestingDepthLimit(4);
      Object content = new Yaml(new SafeConstructor(limits)).load(Files.readString(file));
      if (content instanceof Map<?, ?> map) {
        return map;
      }
      throw invalid(file, "no mapping (expected: url and model, as YAML or JSON)");
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorCode.MODEL_INVALID, file.getFileName() + " cannot be read as text: " + e, e);
    } catch (YAMLException e) {
      throw new SlipwayException(
          ErrorCode.MODEL_INVALID, file.getFileName() + " is no YAML: " + e.getMessage(), e);
    }
  }

  private static String text(Path file, Map<?, ?> entries, String key, String absent) {
    Object value = entries.get(key);
    if (value == null) {
      return absent;
    }
    if (value instanceof String || value instanceof Integer || value instanceof Long) {
      return value.toString().strip();
    }
    throw invalid(file, "%s: %s (expected: text or an integer)".formatted(key, value));
  }

  private static String url(Path file, String url) {
    try {
      URI uri = new URI(url);
      boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (web
          && uri.getHost() != null
          && uri.getRawQuery() == null
          && uri.getRawFragment() == null
          && uri.getRawUserInfo() == null) {
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
      }
    } catch (URISyntaxException e) {
      // Falls through to the one message.
    }
    throw invalid(file, "url: '%s' (expected: like http://host:8000)".formatted(url));
  }

  private static Duration timeout(Path file, String millis) {
    try {
      long value = millis.isEmpty() ? TIMEOUT_MILLIS_DEFAULT : Long.parseLong(millis);
      if (value >= 1 && value <= TIMEOUT_MILLIS_MAX) {
        return Duration.ofMillis(value);
      }
    } catch (NumberFormatException e) {
      // Falls through to the one message.
    }
    throw invalid(file, "timeout_ms: %s (expected: 1..%d)".formatted(millis, TIMEOUT_MILLIS_MAX));
  }

  private static SlipwayException invalid(Path file, String what) {
    return new SlipwayException(ErrorCode.MODEL_INVALID, file.getFileName() + ": " + what);
  }

  URI serverUri() {
    return URI.create(url + "/v2");
  }

  URI modelUri() {
    String path = url + "/v2/models/" + quoted(model);
    return URI.create(version.isEmpty() ? path : path + "/versions/" + quoted(version));
  }

  URI inferUri() {
    return URI.create(modelUri() + "/infer");
  }

  private static String quoted(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public String toString() {
    return modelUri().toString();
  }
}
