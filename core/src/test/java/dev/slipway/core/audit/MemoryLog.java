package dev.slipway.core.audit;

import dev.slipway.core.audit.checkpoint.Checkpoint;
import dev.slipway.core.audit.checkpoint.NoteSignature;
import dev.slipway.core.audit.checkpoint.SignatureType;
import dev.slipway.core.audit.checkpoint.SignedCheckpoint;
import dev.slipway.core.audit.checkpoint.SigningKey;
import dev.slipway.core.audit.entry.Actor;
import dev.slipway.core.audit.entry.AuditEntry;
import dev.slipway.core.audit.entry.Subject;
import dev.slipway.core.audit.log.TileRows;
import dev.slipway.core.audit.tile.EntryBundle;
import dev.slipway.core.audit.tile.LogPath;
import dev.slipway.core.audit.tile.TileSource;
import dev.slipway.core.audit.tree.TreeHash;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** A whole log in memory, whose files a test may change. */
public final class MemoryLog implements TileSource {
  /** When every checkpoint is signed. */
  public static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");

  /** The log's key, unless a test takes another. */
  public static final SigningKey KEY = key("log.example", SignatureType.ED25519, 1);

  private final Map<String, byte[]> files = new TreeMap<>();
  private final List<byte[]> entries = new ArrayList<>();
  private final TileRows rows = new TileRows();

  /** A key that is the same in every run. */
  public static SigningKey key(String name, SignatureType type, int seed) {
    byte[] bytes = new byte[SigningKey.SEED_BYTES];
    bytes[0] = (byte) seed;
    return SigningKey.of(name, type, bytes);
  }

  /** A log of {@code size} numbered entries, published under {@link #KEY}. */
  public static MemoryLog of(int size) {
    MemoryLog log = new MemoryLog();
    log.append(size);
    log.publish(KEY);
    return log;
  }

  /** The entry that a log has at a number, unless a test writes another. */
  public static byte[] entry(long number) {
    return AuditEntry.of(
            new Actor.Component("test"),
            "deployment.changed",
            new Subject("deployment", "d" + number),
            NOON.plusSeconds(number))
        .toBytes();
  }

  /** Appends numbered entries. */
  public void append(int count) {
    for (int i = 0; i < count; i++) {
      append(entry(entries.size()));
    }
  }

  public void append(byte[] entry) {
    entries.add(entry);
    rows.append(TreeHash.ofLeaf(entry), (path, tile) -> files.put(path.text(), tile.toBytes()));
    int full = LogPath.FULL_WIDTH;
    if (entries.size() % full == 0) {
      put(new LogPath.OfBundle(entries.size() / full - 1, full));
    }
  }

  private void put(LogPath.OfBundle path) {
    int first = Math.toIntExact(path.index() * LogPath.FULL_WIDTH);
    files.put(path.text(), new EntryBundle(entries.subList(first, first + path.width())).toBytes());
  }

  /** Writes what is partial, and a checkpoint signed by {@code key} of the origin of its name. */
  public SignedCheckpoint publish(SigningKey key, NoteSignature... cosignatures) {
    rows.partial((path, tile) -> files.put(path.text(), tile.toBytes()));
    int rest = entries.size() % LogPath.FULL_WIDTH;
    if (rest > 0) {
      put(new LogPath.OfBundle(entries.size() / LogPath.FULL_WIDTH, rest));
    }
    SignedCheckpoint signed =
        SignedCheckpoint.sign(
                Checkpoint.of(key.verifier().name(), entries.size(), rows.root()), key, NOON)
            .with(List.of(cosignatures));
    files.put("checkpoint", signed.toBytes());
    files.put("log.vkey", (key.verifier().text() + "\n").getBytes(StandardCharsets.UTF_8));
    return signed;
  }

  public TreeHash root() {
    return rows.root();
  }

  /** The files by name; a test may change them. */
  public Map<String, byte[]> files() {
    return files;
  }

  /** The bytes of a file that is there. */
  public byte[] file(String name) {
    return Objects.requireNonNull(files.get(name), name);
  }

  /** Writes entries anew into the bundle that holds them, and leaves the tiles as they are. */
  public void rewrite(long bundle, List<byte[]> entries) {
    LogPath.OfBundle path = new LogPath.OfBundle(bundle, entries.size());
    files.put(path.text(), new EntryBundle(entries).toBytes());
  }

  /** A copy of the entries of a bundle. */
  public List<byte[]> bundle(int index) {
    int first = index * LogPath.FULL_WIDTH;
    return new ArrayList<>(
        entries.subList(first, Math.min(entries.size(), first + LogPath.FULL_WIDTH)));
  }

  @Override
  public Optional<byte[]> read(LogPath path) {
    return Optional.ofNullable(files.get(path.text())).map(byte[]::clone);
  }
}
