package dev.slipway.store.s3;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which part of which bucket, and as whom.
 *
 * @param bucket name of the bucket, which exists
 * @param prefix what every key begins with, such as {@code slipway/production}; no slash at its
 *     ends, and may be empty
 * @param endpoint where the service is; null for Amazon's in that region
 * @param region that requests are signed for
 * @param pathStyle whether the bucket is named in the path instead of the host
 * @param credentialsFile as {@link S3CredentialsFile} reads it
 * @param timeout for one request, which carries at most {@link S3Bucket#PIECE_BYTES} bytes
 */
public record S3Settings(
    String bucket,
    String prefix,
    @Nullable URI endpoint,
    String region,
    boolean pathStyle,
    Path credentialsFile,
    Duration timeout) {
  private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
  private static final Pattern PREFIX =
      Pattern.compile("(?:[A-Za-z0-9_.=-]+(?:/[A-Za-z0-9_.=-]+)*)?");
  private static final Pattern REGION = Pattern.compile("[a-z0-9-]{1,40}");
  private static final int PREFIX_CHARACTERS_MAX = 200;
  private static final Duration TIMEOUT_MAX = Duration.ofHours(1);

  /**
   * @throws IllegalArgumentException with the name of the setting
   */
  public S3Settings {
    require(BUCKET.matcher(bucket).matches(), "bucket", bucket, "3..63 of a-z, 0-9, - and .");
    require(
        prefix.length() <= PREFIX_CHARACTERS_MAX && PREFIX.matcher(prefix).matches(),
        "prefix",
        prefix,
        "at most 200 of A-Z, a-z, 0-9, _, ., = and -, with / between");
    require(REGION.matcher(region).matches(), "region", region, "such as eu-central-1");
    require(
        timeout.compareTo(Duration.ofMillis(1)) >= 0 && timeout.compareTo(TIMEOUT_MAX) <= 0,
        "timeout-seconds",
        String.valueOf(timeout.toSeconds()),
        "1..3600");
    if (endpoint != null) {
      boolean plain =
          ("http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme()))
              && endpoint.getHost() != null
              && endpoint.getRawUserInfo() == null
              && endpoint.getRawQuery() == null;
      if (!plain) {
        throw badEndpoint();
      }
    }
  }

  /**
   * Reads the URL of a service.
   *
   * @return null if the text is empty
   * @throws IllegalArgumentException with the name of the setting
   */
  public static @Nullable URI endpoint(String text) {
    try {
      return text.isEmpty() ? null : new URI(text);
    } catch (URISyntaxException e) {
      throw badEndpoint();
    }
  }

  /** Does not show the value: somebody may have put a secret into it. */
  private static IllegalArgumentException badEndpoint() {
    return new IllegalArgumentException(
        "artifact-s3-endpoint (expected: such as https://s3.example.org, without user and query)");
  }

  /** Where it is, for a person: {@code s3://bucket/prefix}. */
  public String place() {
    return "s3://" + bucket + (prefix.isEmpty() ? "" : "/" + prefix);
  }

  private static void require(boolean allowed, String name, String value, String expected) {
    if (!allowed) {
      throw new IllegalArgumentException(
          "artifact-s3-%s: '%s' (expected: %s)".formatted(name, value, expected));
    }
  }
}
