package dev.slipway.store.client;

import dev.slipway.store.files.PrivateFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The servers that this user runs on this machine, each with the file of its administrator's token:
 * a line for each, its URL, a space and the path. Servers write it and the command line reads it;
 * only the user may do either.
 */
public final class KnownServers {
  /** Most servers that are remembered; the oldest are forgotten first. */
  static final int SERVERS_MAX = 100;

  private final Path file;

  public KnownServers(Path file) {
    this.file = file;
  }

  /** {@code ~/.config/slipway/servers}, or below {@code XDG_CONFIG_HOME}. */
  public static KnownServers ofUser(Map<String, String> environment, Path home) {
    String xdg = environment.getOrDefault("XDG_CONFIG_HOME", "");
    Path folder = xdg.isEmpty() ? home.resolve(".config") : Path.of(xdg);
    return new KnownServers(folder.resolve("slipway").resolve("servers"));
  }

  /** The file itself. */
  public Path file() {
    return file;
  }

  /** Remembers a server. */
  public void add(String url, Path tokenFile) throws IOException {
    change(
        servers -> {
          // What other servers left that are gone, data folder and all.
          servers.values().removeIf(path -> !Files.exists(Path.of(path)));
          servers.remove(key(url));
          while (servers.size() >= SERVERS_MAX) {
            servers.remove(servers.keySet().iterator().next());
          }
          servers.put(key(url), tokenFile.toAbsolutePath().normalize().toString());
        });
  }

  /** Forgets a server, unless another one has taken its place. */
  public void remove(String url, Path tokenFile) throws IOException {
    change(servers -> servers.remove(key(url), tokenFile.toAbsolutePath().normalize().toString()));
  }

  /** The token of a server; empty if it is not known, or its file cannot be read. */
  public Optional<String> token(String url) {
    return tokenFile(url).flatMap(KnownServers::text);
  }

  /** The file of a server's token; empty if the server is not known. */
  public Optional<Path> tokenFile(String url) {
    try {
      return Optional.ofNullable(read().get(key(url))).map(Path::of);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> text(Path file) {
    try {
      return Optional.of(Files.readString(file).strip());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The names of the loopback are one. */
  static String key(String url) {
    return url.replaceFirst("/+$", "")
        .replaceFirst("^(https?://)(127\\.0\\.0\\.1|\\[::1])(?=$|:)", "$1localhost");
  }

  private Map<String, String> read() throws IOException {
    Map<String, String> servers = new LinkedHashMap<>();
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        int space = line.indexOf(' ');
        if (space > 0) {
          servers.put(line.substring(0, space), line.substring(space + 1));
        }
      }
    }
    return servers;
  }

  private void change(Consumer<Map<String, String>> change) throws IOException {
    Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
    Files.createDirectories(folder);
    Function<Map.Entry<String, String>, String> line =
        entry -> entry.getKey() + " " + entry.getValue() + "\n";
    try (FileChannel channel =
            FileChannel.open(
                folder.resolve("servers.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      Map<String, String> servers = read();
      change.accept(servers);
      StringBuilder text = new StringBuilder();
      servers.entrySet().forEach(entry -> text.append(line.apply(entry)));
      if (lock.isValid()) {
        PrivateFile.replace(file, text.toString());
      }
    }
  }
}
