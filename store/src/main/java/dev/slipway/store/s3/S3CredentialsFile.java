package dev.slipway.store.s3;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/**
 * Credentials in the form of {@code ~/.aws/credentials}: the first section that has a key, or lines
 * without any section. Read for each request, so that a new key needs no restart. No message shows
 * what the file holds.
 */
final class S3CredentialsFile implements AwsCredentialsProvider {
  private static final String ID = "aws_access_key_id";
  private static final String SECRET = "aws_secret_access_key";
  private static final String SESSION = "aws_session_token";
  private static final long BYTES_MAX = 64 << 10;

  private final Path file;

  S3CredentialsFile(Path file) {
    this.file = file;
  }

  /**
   * @throws SlipwayException STORE_UNAVAILABLE if the file cannot be read or lacks a key
   */
  @Override
  public AwsCredentials resolveCredentials() {
    Map<String, String> values = values();
    String id = required(values, ID);
    String secret = required(values, SECRET);
    @Nullable String session = values.get(SESSION);
    return session == null
        ? AwsBasicCredentials.create(id, secret)
        : AwsSessionCredentials.create(id, secret, session);
  }

  private Map<String, String> values() {
    Map<String, String> values = new HashMap<>();
    try {
      if (Files.size(file) > BYTES_MAX) {
        throw unusable("is longer than %d bytes".formatted(BYTES_MAX), null);
      }
      for (String line : Files.readAllLines(file)) {
        String text = line.strip();
        if (text.startsWith("[") && !values.isEmpty()) {
          return values;
        }
        int equals = text.indexOf('=');
        if (equals > 0 && !text.startsWith("#") && !text.startsWith("[")) {
          values.put(text.substring(0, equals).strip(), text.substring(equals + 1).strip());
        }
      }
      return values;
    } catch (IOException e) {
      // The message of a decoder could quote the file; its class does not.
      throw unusable("cannot be read: " + e.getClass().getSimpleName(), e);
    }
  }

  private String required(Map<String, String> values, String name) {
    String value = values.getOrDefault(name, "");
    if (value.isEmpty()) {
      throw unusable("has no %s (expected: a line %s = ...)".formatted(name, name), null);
    }
    return value;
  }

  private SlipwayException unusable(String what, @Nullable Throwable cause) {
    return new SlipwayException(
        ErrorCode.STORE_UNAVAILABLE,
        "artifact-s3-credentials-file: %s %s".formatted(file, what),
        cause);
  }
}
