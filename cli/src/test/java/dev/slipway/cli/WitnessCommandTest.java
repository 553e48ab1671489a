package dev.slipway.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.audit.checkpoint.SignatureType;
import dev.slipway.core.audit.checkpoint.SignedCheckpoint;
import dev.slipway.core.audit.checkpoint.SignedNote;
import dev.slipway.core.audit.checkpoint.SigningKey;
import dev.slipway.core.audit.checkpoint.VerifierKey;
import dev.slipway.core.audit.checkpoint.WitnessQuorum;
import dev.slipway.store.audit.AuditLog;
import dev.slipway.store.audit.DurableWitness;
import dev.slipway.store.audit.FolderTileStore;
import dev.slipway.store.audit.LastCheckpointFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The witness as a command, driven over HTTP by a log. */
class WitnessCommandTest {
  private static final Duration STARTED_WITHIN = Duration.ofSeconds(20);
  private static final SigningKey KEY =
      SigningKey.of("log.example", SignatureType.ED25519, new byte[SigningKey.SEED_BYTES]);

  @TempDir Path folder = Path.of("");
  private Path work = folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private Thread command = new Thread();

  @BeforeEach
  void makeKeys() throws IOException {
    work = Files.createDirectories(folder.resolve("work"));
    Files.writeString(work.resolve("log.vkey"), KEY.verifier().text() + "\n");
    Shell.Result result =
        new Shell(folder)
            .run("audit", "keygen", "--name", "witness.example", "--out", "witness.key");
    Files.writeString(work.resolve("witness.vkey"), result.out());
  }

  @AfterEach
  void stop() throws InterruptedException {
    stopWitness();
    client.close();
  }

  private void stopWitness() throws InterruptedException {
    command.interrupt();
    command.join();
  }

  @Test
  void aLogIsCosignedStepByStepAcrossARestartOfTheWitness() throws Exception {
    URI url = start();
    AuditLog log = open("export", 100);
    SignedCheckpoint first = log.integrate();
    assertThat(get(url, "log.example").statusCode()).isEqualTo(404);
    cosign(url, log, first, 0);

    stopWitness();
    url = start();
    AuditLog grown = open("export", 300);
    SignedCheckpoint second = grown.integrate();
    HttpResponse<String> conflict = post(url, grown.witnessRequest(0).toBytes());
    assertThat(conflict.statusCode()).isEqualTo(409);
    assertThat(conflict.body()).isEqualTo("100\n");
    assertThat(conflict.headers().firstValue("Content-Type")).contains("text/x.tlog.size");
    cosign(url, grown, second, 100);

    Shell.Result verified =
        new Shell(folder)
            .run(
                "audit",
                "verify",
                "export",
                "--key",
                "log.vkey",
                "--witness",
                "witness.vkey",
                "--quorum",
                "1");
    assertThat(verified.exit()).as(verified.out()).isZero();
    assertThat(verified.out()).contains("Witnesses    witness.example+");

    // An old copy of the log carries an old cosignature; what the witness has now tells it.
    integrated("old", 100);
    Files.writeString(work.resolve("known"), get(url, "log.example").body());
    Shell.Result old =
        new Shell(folder).run("audit", "verify", "old", "--key", "log.vkey", "--known", "known");
    assertThat(old.exit()).isEqualTo(7);
    assertThat(old.out()).contains("OLDER_THAN_KNOWN");
  }

  @Test
  void refusalsHaveTheStatusOfTheProtocol() throws Exception {
    URI url = start();
    AuditLog log = integrated("export", 5);
    String good = new String(log.witnessRequest(0).toBytes(), UTF_8);

    assertThat(post(url, "nonsense".getBytes(UTF_8)).statusCode()).isEqualTo(400);
    assertThat(post(url, good.replace("log.example\n5", "other\n5").getBytes(UTF_8)).statusCode())
        .isEqualTo(404);
    assertThat(post(url, good.replace("log.example\n5", "log.example\n6").getBytes(UTF_8)))
        .returns(403, HttpResponse::statusCode);
    assertThat(post(url, good.replace("old 0", "old 6").getBytes(UTF_8)).statusCode())
        .isEqualTo(400);
    assertThat(post(url, good.replace("old 0", "old 5").getBytes(UTF_8)).statusCode())
        .isEqualTo(409);
    assertThat(post(url, new byte[200_000]).statusCode()).isEqualTo(413);
    assertThat(post(url, good.getBytes(UTF_8)).statusCode()).isEqualTo(200);

    // A proof from another size does not lead from the one that the witness knows.
    String forked =
        new String(integrated("longer", 7).witnessRequest(3).toBytes(), UTF_8)
            .replace("old 3", "old 5");
    assertThat(post(url, forked.getBytes(UTF_8)).statusCode()).isEqualTo(422);

    assertThat(send(HttpRequest.newBuilder(url.resolve("/add-checkpoint")).GET()))
        .returns(405, HttpResponse::statusCode);
    assertThat(send(HttpRequest.newBuilder(url.resolve("/other")).GET()).statusCode())
        .isEqualTo(404);
  }

  private void cosign(URI url, AuditLog log, SignedCheckpoint checkpoint, long oldSize)
      throws Exception {
    HttpResponse<String> answer = post(url, log.witnessRequest(oldSize).toBytes());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    WitnessQuorum quorum =
        new WitnessQuorum(
            List.of(VerifierKey.parse(Files.readString(work.resolve("witness.vkey")).strip())), 1);
    SignedCheckpoint cosigned =
        log.cosign(checkpoint, SignedNote.parseSignatures(answer.body()), quorum);
    assertThat(quorum.cosigners(cosigned.note())).hasSize(1);
    assertThat(get(url, "log.example").body()).isEqualTo(new String(cosigned.toBytes(), UTF_8));
  }

  private AuditLog integrated(String name, int count) {
    AuditLog log = open(name, count);
    log.integrate();
    return log;
  }

  private AuditLog open(String name, int count) {
    return new AuditLog(
        AuditCommandTest.numbered(count),
        new FolderTileStore(work.resolve(name)),
        new LastCheckpointFile(folder.resolve("kept-" + name)),
        KEY,
        InstantSource.fixed(Instant.parse("2026-11-25T12:00:00Z")));
  }

  /** Starts the command in a thread of its own and waits until it says where it listens. */
  private URI start() throws InterruptedException {
    out.reset();
    Environment environment =
        new Environment(
            Map.of(),
            work,
            folder.resolve("home"),
            InputStream.nullInputStream(),
            new PrintStream(out, true, UTF_8),
            System.err,
            Set.of());
    command =
        Thread.ofPlatform()
            .start(
                () ->
                    SlipwayCli.run(
                        environment,
                        "audit",
                        "witness",
                        "--key",
                        "witness.key",
                        "--log",
                        "log.vkey",
                        "--data",
                        "witness",
                        "--port",
                        "0"));
    long deadline = System.nanoTime() + STARTED_WITHIN.toNanos();
    while (System.nanoTime() < deadline) {
      String said = out.toString(UTF_8);
      if (said.contains("Watches")) {
        return URI.create(said.lines().findFirst().orElseThrow().replace("Witness", "").strip());
      }
      command.join(Duration.ofMillis(20));
    }
    throw new AssertionError("the witness did not start: " + out.toString(UTF_8));
  }

  private HttpResponse<String> post(URI url, byte[] body) throws Exception {
    return send(
        HttpRequest.newBuilder(url.resolve("/add-checkpoint"))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
  }

  private HttpResponse<String> get(URI url, String origin) throws Exception {
    return send(
        HttpRequest.newBuilder(url.resolve("/" + DurableWitness.hash(origin) + "/checkpoint"))
            .GET());
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(
        request.timeout(Duration.ofSeconds(20)).build(), HttpResponse.BodyHandlers.ofString());
  }
}
