package dev.slipway.testkit.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.audit.checkpoint.SignatureType;
import dev.slipway.core.audit.checkpoint.SigningKey;
import dev.slipway.core.audit.checkpoint.VerifierKey;
import dev.slipway.core.audit.witness.Witness;
import dev.slipway.core.audit.witness.WitnessAnswer;
import dev.slipway.core.audit.witness.WitnessAnswer.Conflict;
import dev.slipway.core.audit.witness.WitnessAnswer.Cosigned;
import dev.slipway.core.audit.witness.WitnessAnswer.Refusal;
import dev.slipway.core.audit.witness.WitnessAnswer.Refused;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.store.audit.AuditLog;
import dev.slipway.store.audit.DurableWitness;
import dev.slipway.store.audit.KeyFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableWitnessTest {
  private static final SigningKey KEY =
      TestLog.key("witness.example", SignatureType.COSIGNATURE_ML_DSA_44, 2);

  @TempDir Path folder;

  @Test
  void whatWasCosignedIsRememberedAcrossRestarts() {
    MemoryLeaves leaves = MemoryLeaves.of(10);
    AuditLog log = TestLog.open(folder, leaves);
    log.integrate();
    String origin = DurableWitness.hash("log.example");
    try (DurableWitness witness = open()) {
      assertThat(witness.latest(origin)).isEmpty();
      assertThat(witness.addCheckpoint(log.witnessRequest(0).toBytes()))
          .isInstanceOf(Cosigned.class);
    }
    leaves.append(10);
    log.integrate();
    try (DurableWitness witness = open()) {
      assertThat(witness.latest(origin).orElseThrow().checkpoint().size()).isEqualTo(10);
      assertThat(
              witness
                  .latest(origin)
                  .orElseThrow()
                  .note()
                  .verifiedBy(List.of(KEY.verifier(), TestLog.KEY.verifier())))
          .hasSize(2);
      assertThat(witness.addCheckpoint(log.witnessRequest(0).toBytes()))
          .isEqualTo(new Conflict(10));
      assertThat(witness.addCheckpoint(log.witnessRequest(10).toBytes()))
          .isInstanceOf(Cosigned.class);
    }
  }

  @Test
  void racingRequestsNeverRollItBack() throws Exception {
    List<byte[]> requests = new ArrayList<>();
    MemoryLeaves leaves = new MemoryLeaves();
    AuditLog log = TestLog.open(folder, leaves);
    for (int i = 0; i < 20; i++) {
      leaves.append(7);
      log.integrate();
      requests.add(log.witnessRequest(0).toBytes());
    }
    try (DurableWitness witness = open();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<WitnessAnswer>> answers =
          requests.stream().map(body -> threads.submit(() -> witness.addCheckpoint(body))).toList();
      List<Cosigned> cosigned = new ArrayList<>();
      for (Future<WitnessAnswer> answer : answers) {
        switch (answer.get()) {
          case Cosigned won -> cosigned.add(won);
          case Conflict lost -> assertThat(lost.size()).isPositive();
          case Refused refused -> throw new AssertionError(refused.message());
        }
      }
      // All claimed that the witness knew nothing; that was true for one of them.
      assertThat(cosigned).hasSize(1);
      assertThat(witness.latest(DurableWitness.hash("log.example")))
          .contains(cosigned.getFirst().latest());
    }
  }

  @Test
  void malformedRequestsChangeNothing() {
    try (DurableWitness witness = open()) {
      assertThat(witness.addCheckpoint("old 0\n".getBytes(UTF_8)))
          .isInstanceOfSatisfying(
              Refused.class,
              refused -> assertThat(refused.refusal()).isEqualTo(Refusal.BAD_REQUEST));
      assertThat(witness.latest("../../etc")).isEmpty();
    }
    assertThat(folder.resolve("witness")).isDirectoryNotContaining(Files::isDirectory);
  }

  @Test
  void oneProcessAtATimeHasTheFolder() {
    try (DurableWitness witness = open()) {
      assertThatThrownBy(this::open)
          .isInstanceOfSatisfying(
              SlipwayException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIGURATION_INVALID))
          .hasMessageContaining("is in use by another witness");
      assertThat(witness.latest("0".repeat(64))).isEmpty();
    }
    open().close();
  }

  @Test
  void aDamagedMemoryCosignsNothing() throws IOException {
    AuditLog log = TestLog.open(folder, MemoryLeaves.of(3));
    log.integrate();
    try (DurableWitness witness = open()) {
      witness.addCheckpoint(log.witnessRequest(0).toBytes());
      Path memory =
          folder
              .resolve("witness")
              .resolve(DurableWitness.hash("log.example"))
              .resolve("checkpoint");
      Files.writeString(memory, "nonsense");

      assertThatThrownBy(() -> witness.addCheckpoint(log.witnessRequest(0).toBytes()))
          .isInstanceOfSatisfying(
              SlipwayException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_CORRUPT));
    }
  }

  @Test
  void privateKeysAreForTheirOwnerOnlyAndNeverShown() throws IOException {
    Path file = folder.resolve("witness.key");
    KeyFiles.createPrivate(file, KEY);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(KeyFiles.readPrivate(file).verifier()).isEqualTo(KEY.verifier());
    assertThatThrownBy(() -> KeyFiles.createPrivate(file, KEY))
        .isInstanceOfSatisfying(
            SlipwayException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ALREADY_EXISTS));
    // A private key where a public one belongs is not quoted.
    assertThatThrownBy(() -> KeyFiles.readPublic(file))
        .isInstanceOf(SlipwayException.class)
        .hasMessageNotContaining(KEY.text().substring(40));
  }

  @Test
  void filesOfPublicKeysMayHaveRemarks() throws IOException {
    VerifierKey key = TestLog.KEY.verifier();
    Path file =
        Files.writeString(
            folder.resolve("logs"),
            "# ours\n\n" + key.text() + "\n" + KEY.verifier().text() + "\n");

    assertThat(KeyFiles.readPublic(file)).containsExactly(key, KEY.verifier());
    Files.writeString(file, "# none\n");
    assertThatThrownBy(() -> KeyFiles.readPublic(file)).hasMessageContaining("no key (expected:");
    assertThatThrownBy(() -> KeyFiles.readPublic(folder.resolve("absent")))
        .isInstanceOfSatisfying(
            SlipwayException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
  }

  private DurableWitness open() {
    return new DurableWitness(
        new Witness(List.of(KEY), List.of(TestLog.KEY.verifier())),
        folder.resolve("witness"),
        InstantSource.fixed(TestLog.NOON));
  }
}
