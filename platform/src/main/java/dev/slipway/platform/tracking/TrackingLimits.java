package dev.slipway.platform.tracking;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.util.Map;
import java.util.regex.Pattern;

/** How long names and values may be, and of which characters. Lengths are in UTF-16 code units. */
public final class TrackingLimits {
  /** Metrics of one batch. */
  public static final int METRICS_MAX = 1_000;

  /** Params of one batch. */
  public static final int PARAMS_MAX = 100;

  /** Tags of one batch. */
  public static final int TAGS_MAX = 100;

  /** Metrics, params and tags of one batch together. */
  public static final int BATCH_MAX = 1_000;

  /** Results of one page of runs or of a metric's history. */
  public static final int RUNS_PER_PAGE_MAX = 50_000;

  static final int KEY_CHARACTERS_MAX = 250;
  static final int PARAM_CHARACTERS_MAX = 6_000;
  static final int TAG_CHARACTERS_MAX = 8_000;
  static final int NAME_CHARACTERS_MAX = 500;
  static final int TEXT_CHARACTERS_MAX = 1 << 20;

  private static final Pattern KEY =
      Pattern.compile("[/\\w.\\- :]+", Pattern.UNICODE_CHARACTER_CLASS);

  private TrackingLimits() {}

  /**
   * Lets the key of a metric, a param or a tag pass.
   *
   * @throws SlipwayException BAD_REQUEST if it is empty, too long, has characters other than
   *     letters, digits, {@code _ - . / :} and blanks, or looks like a path that climbs
   */
  public static String requireKey(String what, String key) {
    if (key.length() > KEY_CHARACTERS_MAX
        || !KEY.matcher(key).matches()
        || key.startsWith("/")
        || key.endsWith("/")
        || key.contains("//")
        || ("/" + key + "/").contains("/./")
        || ("/" + key + "/").contains("/../")) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "%s: '%s' (expected: 1 to %d letters, digits, blanks, '_', '-', '.', ':' or '/' between"
                  .formatted(what, shortened(key), KEY_CHARACTERS_MAX)
              + " names that are not '.' or '..')");
    }
    return key;
  }

  static Map<String, String> requireTags(Map<String, String> tags) {
    tags.forEach(
        (key, value) -> {
          requireKey("tag", key);
          requireLength("tag " + key, value, TAG_CHARACTERS_MAX);
        });
    return tags;
  }

  static Map<String, String> requireParams(Map<String, String> params) {
    params.forEach(
        (key, value) -> {
          requireKey("param", key);
          requireLength("param " + key, value, PARAM_CHARACTERS_MAX);
        });
    return params;
  }

  static String requireLength(String what, String value, int charactersMax) {
    if (value.length() > charactersMax) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "%s: %d characters (expected: at most %d)"
              .formatted(what, value.length(), charactersMax));
    }
    return value;
  }

  static String requireName(String what, String name) {
    if (name.isBlank() || name.chars().anyMatch(Character::isISOControl)) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "%s: '%s' (expected: a name without control characters)"
              .formatted(what, shortened(name)));
    }
    return requireLength(what, name, NAME_CHARACTERS_MAX);
  }

  static void requireAtMost(String what, int count, int countMax) {
    if (count > countMax) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "%s: %d in one request (expected: at most %d)".formatted(what, count, countMax));
    }
  }

  private static String shortened(String text) {
    return text.length() > KEY_CHARACTERS_MAX
        ? text.substring(0, KEY_CHARACTERS_MAX) + "..."
        : text;
  }
}
