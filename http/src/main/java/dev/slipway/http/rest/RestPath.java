package dev.slipway.http.rest;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A request's path, understood.
 *
 * @param model decoded name; empty where the path names none
 * @param version 0 where the path names none
 */
public record RestPath(RestRoute route, String model, int version) {
  private static final String MODELS = "/v2/models/";
  private static final String REPOSITORY_MODELS = "/v2/repository/models/";
  private static final String V1_MODELS = "/v1/models/";
  private static final String PREDICT = ":predict";
  private static final String VERSIONS = "versions";

  /**
   * Reads a request target. Query and one trailing slash are ignored.
   *
   * @param target origin form, or absolute form as sent to proxies
   * @return null if no route of the data plane has this path
   * @throws SlipwayException BAD_REQUEST if the model's name is badly percent-encoded
   */
  public static @Nullable RestPath parse(String target) {
    int start = 0;
    if (!target.startsWith("/")) {
      int scheme = target.indexOf("://");
      start = scheme < 0 ? -1 : target.indexOf('/', scheme + 3);
      if (start < 0) {
        return null;
      }
    }
    int end = target.indexOf('?', start);
    if (end < 0) {
      end = target.length();
    }
    if (end - start > 1 && target.charAt(end - 1) == '/') {
      end--;
    }
    String path = start == 0 && end == target.length() ? target : target.substring(start, end);
    if (path.startsWith(MODELS)) {
      return model(path);
    }
    if (path.startsWith(REPOSITORY_MODELS)) {
      return repository(path);
    }
    if (path.startsWith(V1_MODELS)) {
      return kserveV1(path);
    }
    return switch (path) {
      case "/" -> of(RestRoute.ALIVE);
      case "/v2" -> of(RestRoute.SERVER_METADATA);
      case "/v2/health/live" -> of(RestRoute.HEALTH_LIVE);
      case "/v2/health/ready" -> of(RestRoute.HEALTH_READY);
      case "/v2/repository/index" -> of(RestRoute.REPOSITORY_INDEX);
      case "/metrics" -> of(RestRoute.METRICS);
      case "/openapi.json" -> of(RestRoute.OPENAPI);
      default -> null;
    };
  }

  private static RestPath of(RestRoute route) {
    return new RestPath(route, "", 0);
  }

  private static @Nullable RestPath model(String path) {
    int nameEnd = segmentEnd(path, MODELS.length());
    String quoted = path.substring(MODELS.length(), nameEnd);
    if (quoted.isEmpty()) {
      return null;
    }
    if (nameEnd == path.length()) {
      return quoted.equals("stats")
          ? of(RestRoute.ALL_STATISTICS)
          : new RestPath(RestRoute.MODEL_METADATA, decode(quoted), 0);
    }
    int secondEnd = segmentEnd(path, nameEnd + 1);
    String second = path.substring(nameEnd + 1, secondEnd);
    if (secondEnd == path.length()) {
      RestRoute route = action(second);
      return route == null ? null : new RestPath(route, decode(quoted), 0);
    }
    if (!second.equals(VERSIONS)) {
      return null;
    }
    int versionEnd = segmentEnd(path, secondEnd + 1);
    int version = version(path.substring(secondEnd + 1, versionEnd));
    RestRoute route =
        versionEnd == path.length()
            ? RestRoute.MODEL_METADATA
            : action(path.substring(versionEnd + 1));
    return route == null || version == 0 ? null : new RestPath(route, decode(quoted), version);
  }

  private static @Nullable RestRoute action(String segment) {
    return switch (segment) {
      case "infer" -> RestRoute.INFER;
      case "ready" -> RestRoute.MODEL_READY;
      case "config" -> RestRoute.MODEL_CONFIG;
      case "stats" -> RestRoute.MODEL_STATISTICS;
      default -> null;
    };
  }

  private static @Nullable RestPath repository(String path) {
    int nameEnd = segmentEnd(path, REPOSITORY_MODELS.length());
    String quoted = path.substring(REPOSITORY_MODELS.length(), nameEnd);
    if (quoted.isEmpty()) {
      return null;
    }
    return switch (path.substring(nameEnd)) {
      case "/load" -> new RestPath(RestRoute.REPOSITORY_LOAD, decode(quoted), 0);
      case "/unload" -> new RestPath(RestRoute.REPOSITORY_UNLOAD, decode(quoted), 0);
      default -> null;
    };
  }

  private static @Nullable RestPath kserveV1(String path) {
    if (segmentEnd(path, V1_MODELS.length()) != path.length()) {
      return null;
    }
    String name = decode(path.substring(V1_MODELS.length()));
    if (name.endsWith(PREDICT)) {
      String model = name.substring(0, name.length() - PREDICT.length());
      return model.isEmpty() ? null : new RestPath(RestRoute.V1_PREDICT, model, 0);
    }
    return name.isEmpty() ? null : new RestPath(RestRoute.V1_MODEL, name, 0);
  }

  private static int segmentEnd(String path, int from) {
    int slash = path.indexOf('/', from);
    return slash < 0 ? path.length() : slash;
  }

  /** The version number, or 0 if the segment is none: such a version cannot be live. */
  private static int version(String segment) {
    if (segment.isEmpty() || segment.length() > 9) {
      return 0;
    }
    int number = 0;
    for (int i = 0; i < segment.length(); i++) {
      char c = segment.charAt(i);
      if (c < '0' || c > '9') {
        return 0;
      }
      number = number * 10 + (c - '0');
    }
    return number;
  }

  private static String decode(String quoted) {
    if (quoted.indexOf('%') < 0) {
      return quoted;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(quoted.length());
    for (int i = 0; i < quoted.length(); i++) {
      char c = quoted.charAt(i);
      if (c != '%') {
        bytes.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
        continue;
      }
      int high = i + 2 < quoted.length() ? Character.digit(quoted.charAt(i + 1), 16) : -1;
      int low = high >= 0 ? Character.digit(quoted.charAt(i + 2), 16) : -1;
      if (low < 0) {
        throw new SlipwayException(
            ErrorCode.BAD_REQUEST,
            "path: '%s' (expected: %% and two hexadecimal digits)".formatted(quoted));
      }
      bytes.write((high << 4) | low);
      i += 2;
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
