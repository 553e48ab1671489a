package dev.slipway.store.control;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which PostgreSQL database, and as whom.
 *
 * @param url such as {@code jdbc:postgresql://host/db}, without user and password
 * @param user empty for the name of the operating system's user
 * @param passwordFile one line, read whenever a connection is made, so that it may be changed; null
 *     for none
 * @param readConnectionsMax connections for looking; one more makes the changes
 * @param waitMax for a connection, and for another server to let the database go
 */
public record PostgresSettings(
    String url,
    String user,
    @Nullable Path passwordFile,
    int readConnectionsMax,
    Duration waitMax) {
  private static final Pattern CREDENTIALS =
      Pattern.compile("[?&](user|password)=|//[^/]*@", Pattern.CASE_INSENSITIVE);

  public PostgresSettings {
    if (!url.startsWith("jdbc:postgresql:")) {
      throw new SlipwayException(
          ErrorCode.CONFIGURATION_INVALID,
          "database-url (expected: such as jdbc:postgresql://host/database)");
    }
    if (CREDENTIALS.matcher(url).find()) {
      // The URL is not shown: it holds a secret.
      throw new SlipwayException(
          ErrorCode.CONFIGURATION_INVALID,
          "database-url (expected: without user and password; database-user and"
              + " database-password-file are for them)");
    }
    if (readConnectionsMax < 1) {
      throw new SlipwayException(
          ErrorCode.CONFIGURATION_INVALID,
          "database connections: %d (expected: >= 1)".formatted(readConnectionsMax));
    }
  }

  /** With the usual limits. */
  public static PostgresSettings of(String url, String user, @Nullable Path passwordFile) {
    return new PostgresSettings(url, user, passwordFile, 4, Duration.ofSeconds(5));
  }
}
