package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.audit.checkpoint.SignatureType;
import dev.slipway.core.audit.checkpoint.SigningKey;
import dev.slipway.core.audit.entry.Actor;
import dev.slipway.core.audit.entry.AuditEntry;
import dev.slipway.core.audit.entry.Subject;
import dev.slipway.core.audit.log.SequencedLeaves;
import dev.slipway.store.audit.AuditLog;
import dev.slipway.store.audit.FolderTileStore;
import dev.slipway.store.audit.LastCheckpointFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuditCommandTest {
  private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");
  private static final SigningKey KEY =
      SigningKey.of("log.example", SignatureType.ED25519, new byte[SigningKey.SEED_BYTES]);

  @TempDir Path folder = Path.of("");
  private Path work = folder;

  @BeforeEach
  void writeLog() throws IOException {
    work = Files.createDirectories(folder.resolve("work"));
    integrate("export", 300);
    Files.writeString(work.resolve("log.vkey"), KEY.verifier().text() + "\n");
  }

  @Test
  void anIntactLogUnderItsKeyEndsWithZero() {
    Shell.Result result = run("verify", "export", "--key", "log.vkey");

    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.out())
        .contains(
            "Log          log.example\n",
            "Entries      300 (300 read)\n",
            "Authenticity proven: signed by " + KEY + "\n",
            "Result       intact\n");
  }

  @Test
  void withoutAKeyAuthenticityIsNotProven() {
    Shell.Result result = run("verify", "export");

    assertThat(result.exit()).isZero();
    assertThat(result.out()).contains("Authenticity not proven (key " + KEY + ")\n");
    assertThat(run("verify", "export", "-o", "json").out())
        .contains("\"authenticity\" : \"not proven\"", "\"result\" : \"intact\"");
  }

  @Test
  void oneChangedByteEndsWithSevenAndNamesTheEntry() throws IOException {
    Path bundle = work.resolve("export/tile/entries/001.p/44");
    byte[] bytes = Files.readAllBytes(bundle);
    bytes[bytes.length - 30] ^= 1;
    Files.write(bundle, bytes);

    Shell.Result result = run("verify", "export", "--key", "log.vkey");

    assertThat(result.exit()).isEqualTo(7);
    assertThat(result.out())
        .contains(
            "Result       damaged\n",
            "First bad    entry 299\n",
            "ENTRY_ALTERED: entry 299 is not what was logged");
    assertThat(run("verify", "export", "--key", "log.vkey", "-o", "json").out())
        .contains("\"first_bad_entry\" : 299", "\"kind\" : \"ENTRY_ALTERED\"");
  }

  @Test
  void aLogSignedAnewIsRefusedUnderTheOriginalKey() throws IOException {
    byte[] seed = new byte[SigningKey.SEED_BYTES];
    seed[0] = 9;
    SigningKey other = SigningKey.of("log.example", SignatureType.ED25519, seed);
    integrate("forged", 300, other);

    Shell.Result result = run("verify", "forged", "--key", "log.vkey");

    assertThat(result.exit()).isEqualTo(7);
    assertThat(result.out())
        .contains("NOT_SIGNED_BY_LOG: ", "is signed by %s (expected: %s)".formatted(other, KEY));
    assertThat(run("verify", "forged").exit()).isZero();
  }

  @Test
  void anOldCopyIsFoundByACheckpointKnownFromBefore() throws IOException {
    integrate("newer", 400);

    Shell.Result result =
        run("verify", "export", "--key", "log.vkey", "--known", "newer/checkpoint");

    assertThat(result.exit()).isEqualTo(7);
    assertThat(result.out()).contains("OLDER_THAN_KNOWN: ", "First bad    entry 300\n");
    assertThat(run("verify", "newer", "--key", "log.vkey", "--known", "export/checkpoint").exit())
        .isZero();
  }

  @Test
  void receiptsAreCheckedAgainstTheLog() throws IOException {
    Files.write(work.resolve("receipt"), open("export", 300, KEY).receipt(7).toBytes());
    assertThat(run("verify", "export", "--key", "log.vkey", "--receipt", "receipt").exit())
        .isZero();

    String text = Files.readString(work.resolve("receipt"));
    Files.writeString(work.resolve("forged"), text.replace("index 7\n", "index 8\n"));
    Shell.Result result = run("verify", "export", "--key", "log.vkey", "--receipt", "forged");

    assertThat(result.exit()).isEqualTo(7);
    assertThat(result.out()).contains("RECEIPT_FORGED: the receipt for entry 8 does not prove");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "verify absent | 3 | absent: no such folder",
        "verify export --key absent | 3 | absent (expected: a file)",
        "verify export --key export/checkpoint | 2 | key file",
        "verify export --known log.vkey | 2 | log.vkey: note: no signatures",
        "verify export --receipt log.vkey | 2 | log.vkey: receipt: no empty line",
        "verify export --quorum 1 | 2 | witnesses required: 1 (expected: from 0 to 0)",
        "verify export --witness log.vkey | 2 | type 0x01 (expected: 0x04 or 0x06)",
        "keygen --name a+b --out x | 2 | key name: 'a+b'",
        "keygen --name a --out log.vkey | 2 | is there (expected: a new file)",
        "witness --key log.vkey --log log.vkey --data w --port 0 | 2 | private key (expected:"
      })
  void whatCannotBeUsedIsNamed(String line, int exit, String why) {
    Shell.Result result = run(line.strip().split(" ", -1));

    assertThat(result.exit()).as(result.err()).isEqualTo(exit);
    assertThat(result.err()).contains(why.strip(), "  next:       slipway audit ");
  }

  @Test
  void aNewKeyIsPrintedInPublicAndKeptInPrivate() throws IOException {
    for (String type : List.of("witness", "witness-ml-dsa", "log")) {
      Shell.Result result =
          run("keygen", "--name", "w.example", "--type", type, "--out", type + ".key");

      assertThat(result.exit()).as(result.err()).isZero();
      String secret = Files.readString(work.resolve(type + ".key")).strip();
      assertThat(SigningKey.parse(secret).verifier().text() + "\n").isEqualTo(result.out());
      assertThat(result.out() + result.err()).doesNotContain(secret.substring(30));
    }
  }

  private void integrate(String name, int count) throws IOException {
    integrate(name, count, KEY);
  }

  private void integrate(String name, int count, SigningKey key) throws IOException {
    open(name, count, key).integrate();
  }

  private AuditLog open(String name, int count, SigningKey key) {
    return new AuditLog(
        numbered(count),
        new FolderTileStore(work.resolve(name)),
        new LastCheckpointFile(folder.resolve("kept-" + name)),
        key,
        InstantSource.fixed(NOON));
  }

  /** Committed leaves, as many as are asked for. */
  static SequencedLeaves numbered(int count) {
    return new SequencedLeaves() {
      @Override
      public long count() {
        return count;
      }

      @Override
      public List<byte[]> read(long from, long to) {
        return LongStream.range(from, to)
            .mapToObj(
                number ->
                    AuditEntry.of(
                            new Actor.LocalCaller(),
                            "model.registered",
                            new Subject("model-version", "fraud/" + number),
                            NOON.plusSeconds(number))
                        .toBytes())
            .toList();
      }
    };
  }

  private Shell.Result run(String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "audit";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return new Shell(folder).run(all);
  }
}
