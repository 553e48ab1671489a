package dev.slipway.store.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.store.files.PrivateFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The logins of this user by the URL of the server, in a JSON file that only they may read. Changes
 * of several processes follow each other, so that a refresh token is used by one of them.
 */
public final class SavedLogins {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Most servers that are remembered; the first are forgotten first. */
  static final int LOGINS_MAX = 100;

  private final Path file;

  public SavedLogins(Path file) {
    this.file = file;
  }

  /** {@code ~/.config/slipway/logins.json}, or below {@code XDG_CONFIG_HOME}. */
  public static SavedLogins ofUser(Map<String, String> environment, Path home) {
    return new SavedLogins(
        KnownServers.ofUser(environment, home).file().resolveSibling("logins.json"));
  }

  /**
   * What a provider gave.
   *
   * @param tokenEndpoint where it is refreshed
   * @param revocationEndpoint where it is taken back; empty if nowhere
   * @param refreshToken empty if there is none
   * @param expiry of the access token
   */
  public record Login(
      String issuer,
      String clientId,
      String tokenEndpoint,
      String revocationEndpoint,
      String accessToken,
      String refreshToken,
      Instant expiry) {
    @Override
    public String toString() {
      return "Login[issuer=%s, clientId=%s, expiry=%s]".formatted(issuer, clientId, expiry);
    }
  }

  /** The file itself. */
  public Path file() {
    return file;
  }

  /** The login at a server; empty if there is none. */
  public Optional<Login> find(String url) throws IOException {
    return Optional.ofNullable(login(read().get(KnownServers.key(url))));
  }

  /** Remembers a login at a server. */
  public void put(String url, Login login) throws IOException {
    change(
        logins -> {
          logins.remove(KnownServers.key(url));
          while (logins.size() >= LOGINS_MAX) {
            logins.remove(logins.fieldNames().next());
          }
          logins.set(KnownServers.key(url), node(login));
        });
  }

  /** Forgets the login at a server. */
  public void remove(String url) throws IOException {
    change(logins -> logins.remove(KnownServers.key(url)));
  }

  /**
   * Changes a login while no other process does.
   *
   * @param change is given the login as it is then; what it throws leaves everything as it was
   * @return what it became; empty if there is none
   */
  public Optional<Login> change(String url, UnaryOperator<Login> change) throws IOException {
    change(
        logins -> {
          Login before = login(logins.get(KnownServers.key(url)));
          if (before != null) {
            logins.set(KnownServers.key(url), node(change.apply(before)));
          }
        });
    return find(url);
  }

  private interface Change {
    void to(ObjectNode logins);
  }

  private void change(Change change) throws IOException {
    Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
    Files.createDirectories(folder);
    try (FileChannel channel =
            FileChannel.open(
                folder.resolve("logins.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      ObjectNode logins = read();
      change.to(logins);
      if (lock.isValid()) {
        PrivateFile.replace(file, JSON.writeValueAsString(logins) + "\n");
      }
    }
  }

  /** A file that is damaged holds no logins. */
  private ObjectNode read() throws IOException {
    if (!Files.exists(file)) {
      return JSON.createObjectNode();
    }
    try {
      return JSON.readTree(Files.readAllBytes(file)) instanceof ObjectNode logins
          ? logins
          : JSON.createObjectNode();
    } catch (JsonProcessingException e) {
      return JSON.createObjectNode();
    }
  }

  private static ObjectNode node(Login login) {
    return JSON.createObjectNode()
        .put("issuer", login.issuer())
        .put("client_id", login.clientId())
        .put("token_endpoint", login.tokenEndpoint())
        .put("revocation_endpoint", login.revocationEndpoint())
        .put("access_token", login.accessToken())
        .put("refresh_token", login.refreshToken())
        .put("expiry", login.expiry().toString());
  }

  private static @Nullable Login login(@Nullable JsonNode node) {
    if (node == null) {
      return null;
    }
    try {
      return new Login(
          node.path("issuer").asText(),
          node.path("client_id").asText(),
          node.path("token_endpoint").asText(),
          node.path("revocation_endpoint").asText(),
          node.path("access_token").asText(),
          node.path("refresh_token").asText(),
          Instant.parse(node.path("expiry").asText()));
    } catch (DateTimeException e) {
      return null;
    }
  }
}
