import dev.slipway.core.audit.checkpoint.SignedCheckpoint;
import dev.slipway.core.audit.checkpoint.SignedNote;
import dev.slipway.core.audit.checkpoint.VerifierKey;
import dev.slipway.core.audit.checkpoint.WitnessQuorum;
import dev.slipway.core.audit.entry.Actor;
import dev.slipway.core.audit.entry.AuditEntry;
import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.audit.entry.Reason;
import dev.slipway.core.audit.entry.Subject;
import dev.slipway.core.audit.log.SequencedLeaves;
import dev.slipway.store.audit.AuditLog;
import dev.slipway.store.audit.FolderTileSource;
import dev.slipway.store.audit.FolderTileStore;
import dev.slipway.store.audit.KeyFiles;
import dev.slipway.store.audit.LastCheckpointFile;
import dev.slipway.store.audit.TileExport;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a log as a server does, has it cosigned by running witnesses, and exports it:
 *
 * <pre>MakeExport WORK ENTRIES WITNESS_URL=WITNESS_VKEY_FILE...</pre>
 *
 * <p>Takes the log's private key from {@code WORK/log.key}. The export goes to {@code WORK/export},
 * receipts of several sizes of the log with their entries to {@code WORK/export.receipts}.
 */
public final class MakeExport {
  private MakeExport() {}

  public static void main(String[] arguments) throws Exception {
    Path work = Path.of(arguments[0]);
    int count = Integer.parseInt(arguments[1]);
    Leaves leaves = new Leaves();
    AuditLog log =
        new AuditLog(
            leaves,
            new FolderTileStore(work.resolve("tiles")),
            new LastCheckpointFile(work.resolve("last-checkpoint")),
            KeyFiles.readPrivate(work.resolve("log.key")),
            InstantSource.system());
    Path receipts = Files.createDirectories(work.resolve("export.receipts"));
    long cosigned = 0;
    for (int size : new int[] {1, count / 3, count / 2, count}) {
      while (leaves.count() < size) {
        leaves.add();
      }
      SignedCheckpoint checkpoint = log.integrate();
      for (int i = 2; i < arguments.length; i++) {
        checkpoint = cosign(log, checkpoint, cosigned, arguments[i].split("=", 2));
      }
      cosigned = size;
      for (long index : new long[] {0, size / 2, size - 1}) {
        String name = size + "-" + index;
        Files.write(receipts.resolve(name + ".tlog-proof"), log.receipt(index).toBytes());
        Files.write(receipts.resolve(name + ".entry"), leaves.read(index, index + 1).getFirst());
      }
    }
    TileExport.copy(
        new FolderTileSource(work.resolve("tiles")),
        new FolderTileStore(work.resolve("export")),
        (read, of) -> {});
  }

  private static SignedCheckpoint cosign(
      AuditLog log, SignedCheckpoint checkpoint, long oldSize, String[] witness) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(URI.create(witness[0] + "/add-checkpoint"))
                  .POST(
                      HttpRequest.BodyPublishers.ofByteArray(log.witnessRequest(oldSize).toBytes()))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IllegalStateException(witness[0] + ": " + answer + " " + answer.body());
      }
      List<VerifierKey> keys = KeyFiles.readPublic(Path.of(witness[1]));
      return log.cosign(
          checkpoint, SignedNote.parseSignatures(answer.body()), new WitnessQuorum(keys, 1));
    }
  }

  private static final class Leaves implements SequencedLeaves {
    private final List<byte[]> leaves = new ArrayList<>();

    void add() {
      int number = leaves.size();
      ContentDigest digest = ContentDigest.of(("state " + number).getBytes(StandardCharsets.UTF_8));
      leaves.add(
          AuditEntry.of(
                  new Actor.ServiceAccount("ci"),
                  "deployment.changed",
                  new Subject("deployment", "fraud-" + number % 7),
                  Instant.parse("2026-11-25T12:00:00Z").plusSeconds(number))
              .withStates(null, digest)
              .because(new Reason.Stated("größer als \u0001 und 😂"))
              .toBytes());
    }

    @Override
    public long count() {
      return leaves.size();
    }

    @Override
    public List<byte[]> read(long from, long to) {
      return List.copyOf(leaves.subList((int) from, (int) to));
    }
  }
}
