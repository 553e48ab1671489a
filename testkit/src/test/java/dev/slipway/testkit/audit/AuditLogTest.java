package dev.slipway.testkit.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.audit.checkpoint.SignatureType;
import dev.slipway.core.audit.checkpoint.SignedCheckpoint;
import dev.slipway.core.audit.checkpoint.SigningKey;
import dev.slipway.core.audit.checkpoint.WitnessQuorum;
import dev.slipway.core.audit.log.Integration;
import dev.slipway.core.audit.receipt.Receipt;
import dev.slipway.core.audit.tile.LogPath;
import dev.slipway.core.audit.verify.AuditReport;
import dev.slipway.core.audit.verify.ReceiptCheck;
import dev.slipway.core.audit.witness.Witness;
import dev.slipway.core.audit.witness.WitnessAnswer;
import dev.slipway.core.audit.witness.WitnessAnswer.Conflict;
import dev.slipway.core.audit.witness.WitnessAnswer.Cosigned;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.store.audit.AuditLog;
import dev.slipway.store.audit.DurableWitness;
import dev.slipway.store.audit.FolderTileSource;
import dev.slipway.store.audit.FolderTileStore;
import dev.slipway.store.audit.LastCheckpointFile;
import dev.slipway.store.audit.TileExport;
import dev.slipway.store.files.FileTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditLogTest {
  @TempDir Path folder;

  @Test
  void anEmptyLogHasASignedCheckpoint() {
    SignedCheckpoint checkpoint = open(new MemoryLeaves()).integrate();

    assertThat(checkpoint.checkpoint().size()).isZero();
    assertThat(files()).containsExactly("checkpoint", "log.vkey");
    assertIntact(0);
  }

  @Test
  void everyIntegrationContinuesTheOneBefore() {
    long seed = 20261125;
    Random random = new Random(seed);
    MemoryLeaves leaves = new MemoryLeaves();
    AuditLog log = open(leaves);
    while (leaves.count() < 1200) {
      leaves.append(1 + random.nextInt(150));
      // Now and then the log is opened anew, as after a restart.
      log = random.nextBoolean() ? log : open(leaves);

      SignedCheckpoint checkpoint = log.integrate();

      assertThat(checkpoint.checkpoint().size()).as("seed %d", seed).isEqualTo(leaves.count());
      assertIntact(leaves.count());
    }
    assertThat(log.integrate()).isEqualTo(log.published().orElseThrow());
  }

  @Test
  void aLargeBacklogIsTakenInSteps() {
    int count = (int) Integration.LEAVES_MAX + 300;
    open(MemoryLeaves.of(count)).integrate();

    assertIntact(count);
  }

  @Test
  void partialFilesGoOnceTheyAreFull() {
    MemoryLeaves leaves = MemoryLeaves.of(100);
    AuditLog log = open(leaves);
    log.integrate();
    leaves.append(100);
    log.integrate();
    assertThat(files()).contains("tile/0/000.p/100", "tile/0/000.p/200", "tile/entries/000.p/100");

    leaves.append(100);
    log.integrate();

    assertThat(files())
        .containsExactlyInAnyOrder(
            "checkpoint",
            "log.vkey",
            "tile/0/000",
            "tile/0/001.p/44",
            "tile/1/000.p/1",
            "tile/entries/000",
            "tile/entries/001.p/44");
  }

  @Test
  void receiptsProveTheirEntries() {
    AuditLog log = open(MemoryLeaves.of(700));
    log.integrate();
    for (int index : new int[] {0, 255, 256, 511, 699}) {
      Receipt receipt = Receipt.parse(log.receipt(index).toBytes());

      assertThat(
              ReceiptCheck.refusal(
                  receipt, MemoryLeaves.entry(index), TestLog.KEY.verifier(), WitnessQuorum.NONE))
          .isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {300, 256, 512})
  void aDatabaseThatLostEntriesIsNotSignedOver(int size) {
    MemoryLeaves leaves = MemoryLeaves.of(size);
    AuditLog log = open(leaves);
    log.integrate();
    leaves.truncate(200);

    assertRefused(
        log::integrate, "the database has 200 entries (expected: at least %d".formatted(size));
    // Other entries in the place of the lost ones do not help: the lost ones were logged.
    while (leaves.count() < size + 10) {
      leaves.append(("other " + leaves.count()).getBytes(UTF_8));
    }
    assertRefused(log::integrate, "is not what was logged: the database was changed");
    assertIntact(size);
  }

  @Test
  void aRowThatWasChangedAfterwardsIsFound() {
    MemoryLeaves leaves = MemoryLeaves.of(300);
    AuditLog log = open(leaves);
    log.integrate();
    assertThat(log.firstChangedLeaf()).isEmpty();
    leaves.tamper(100, "forged".getBytes(UTF_8));
    leaves.tamper(299, "forged".getBytes(UTF_8));

    assertThat(log.firstChangedLeaf()).contains(100L);
    leaves.append(1);
    assertRefused(log::integrate, "the committed entry 299 is not what was logged");
    leaves.tamper(100, MemoryLeaves.entry(100));
    leaves.truncate(299);
    assertThat(log.firstChangedLeaf()).contains(299L);
  }

  @Test
  void aLostLastCheckpointIsNotReplacedByWhatIsPublished() throws IOException {
    MemoryLeaves leaves = MemoryLeaves.of(10);
    AuditLog log = open(leaves);
    log.integrate();
    Files.delete(folder.resolve("kept"));

    assertRefused(log::integrate, "the last signed one is not kept aside; if it was lost, put");

    Files.copy(folder.resolve("tiles/checkpoint"), folder.resolve("kept"));
    leaves.append(1);
    log.integrate();
    assertIntact(11);
  }

  @Test
  void filesPutBackToAnOlderStateAreNotSignedOver() throws IOException {
    MemoryLeaves leaves = MemoryLeaves.of(10);
    AuditLog log = open(leaves);
    log.integrate();
    copyTree(folder.resolve("tiles"), folder.resolve("backup"));
    Files.copy(folder.resolve("kept"), folder.resolve("kept-backup"));
    leaves.append(10);
    log.integrate();

    // The older checkpoint that is kept aside contradicts the published one.
    byte[] newest = Files.readAllBytes(folder.resolve("kept"));
    Files.copy(
        folder.resolve("kept-backup"), folder.resolve("kept"), StandardCopyOption.REPLACE_EXISTING);
    assertRefused(log::integrate, "20 entries is published (expected: at most 10");
    Files.write(folder.resolve("kept"), newest);

    // Tiles that lack entries which were signed contradict the one kept aside.
    deleteTree(folder.resolve("tiles"));
    copyTree(folder.resolve("backup"), folder.resolve("tiles"));
    leaves.append(1);
    assertRefused(open(leaves)::integrate, "tile/0/000.p/20: absent");
  }

  @Test
  void aChangedTileIsNotSignedOver() throws IOException {
    MemoryLeaves leaves = MemoryLeaves.of(600);
    AuditLog log = open(leaves);
    log.integrate();
    Path tile = folder.resolve("tiles/tile/1/000.p/2");
    byte[] bytes = Files.readAllBytes(tile);
    bytes[3] ^= 1;
    Files.write(tile, bytes);
    leaves.append(1);

    assertRefused(log::integrate, "600 entries have root ");
    assertThat(log.published().orElseThrow().checkpoint().size()).isEqualTo(600);
  }

  @Test
  void aCheckpointOfAnotherKeyIsNotContinued() {
    MemoryLeaves leaves = MemoryLeaves.of(10);
    open(leaves).integrate();
    SigningKey other = TestLog.key("log.example", SignatureType.ED25519, 9);
    AuditLog log =
        new AuditLog(
            leaves,
            new FolderTileStore(folder.resolve("tiles")),
            new LastCheckpointFile(folder.resolve("kept")),
            other,
            InstantSource.fixed(TestLog.NOON));

    assertRefused(log::integrate, "the checkpoint kept aside of 'log.example' is not signed by");
  }

  @Test
  void aLeafThatIsTooLongIsRefusedAndNothingSigned() {
    MemoryLeaves leaves = MemoryLeaves.of(3);
    AuditLog log = open(leaves);
    log.integrate();
    leaves.append(new byte[65_536]);

    assertRefused(log::integrate, "entry: 65536 bytes (expected: at most 65535)");
    assertIntact(3);
  }

  @Test
  void aWitnessFollowsTheLogAndRefusesItsOldBackup() throws IOException {
    SigningKey witnessKey = TestLog.key("witness.example", SignatureType.COSIGNATURE_ED25519, 2);
    WitnessQuorum quorum = new WitnessQuorum(List.of(witnessKey.verifier()), 1);
    MemoryLeaves leaves = MemoryLeaves.of(100);
    AuditLog log = open(leaves);
    log.integrate();
    copyTree(folder.resolve("tiles"), folder.resolve("old/tiles"));
    Files.copy(folder.resolve("kept"), folder.resolve("old/kept"));
    try (DurableWitness witness =
        new DurableWitness(
            new Witness(List.of(witnessKey), List.of(TestLog.KEY.verifier())),
            folder.resolve("witness"),
            InstantSource.fixed(TestLog.NOON))) {
      assertThat(cosign(log, witness, 0, quorum)).isEqualTo(100);
      leaves.append(500);
      log.integrate();
      assertThat(witness.addCheckpoint(log.witnessRequest(0).toBytes()))
          .isEqualTo(new Conflict(100));
      assertThat(cosign(log, witness, 100, quorum)).isEqualTo(600);
      assertThat(quorum.cosigners(log.published().orElseThrow().note()))
          .containsExactly(witnessKey.verifier());
      assertThat(log.receipt(5).checkpoint()).isEqualTo(log.published().orElseThrow());

      // Everything was put back to an old state together: only the witness can tell.
      AuditLog old = TestLog.open(folder.resolve("old"), MemoryLeaves.of(100));
      old.integrate();
      WitnessAnswer answer = witness.addCheckpoint(old.witnessRequest(100).toBytes());
      assertThat(answer).isEqualTo(new Conflict(600));
      assertThatThrownBy(() -> old.witnessRequest(600))
          .isInstanceOfSatisfying(
              SlipwayException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
          .hasMessageContaining("a witness cosigned 600 entries (expected: at most 100");
    }
    assertIntact(600);
  }

  @Test
  void aFalseCosignatureIsNotPublished() {
    SigningKey witnessKey = TestLog.key("witness.example", SignatureType.COSIGNATURE_ED25519, 2);
    WitnessQuorum quorum = new WitnessQuorum(List.of(witnessKey.verifier()), 1);
    MemoryLeaves leaves = MemoryLeaves.of(3);
    AuditLog log = open(leaves);
    SignedCheckpoint three = log.integrate();
    leaves.append(1);
    SignedCheckpoint four = log.integrate();

    assertThatThrownBy(
            () ->
                log.cosign(
                    four, List.of(witnessKey.sign(three.note().text(), TestLog.NOON)), quorum))
        .isInstanceOfSatisfying(
            SlipwayException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UPSTREAM_FAILED));
    // One for a checkpoint that is no longer the newest comes too late and changes nothing.
    assertThat(
            log.cosign(three, List.of(witnessKey.sign(three.note().text(), TestLog.NOON)), quorum))
        .isEqualTo(four);
    assertThat(log.published()).contains(four);
  }

  @Test
  void anExportIsWhatTheCheckpointCoversAndVerifies() throws IOException {
    MemoryLeaves leaves = MemoryLeaves.of(100);
    AuditLog log = open(leaves);
    log.integrate();
    leaves.append(500);
    log.integrate();
    Path export = folder.resolve("export");

    TileExport.copy(
        new FolderTileSource(folder.resolve("tiles")),
        new FolderTileStore(export),
        (read, of) -> assertThat(of).isEqualTo(600));

    assertThat(TestLog.verify(export).findings()).isEmpty();
    assertThat(files(export)).isEqualTo(files());
    // The same files, byte for byte.
    for (String name : files(export)) {
      assertThat(export.resolve(name))
          .hasSameBinaryContentAs(folder.resolve("tiles").resolve(name));
    }
    assertThatThrownBy(
            () ->
                TileExport.copy(
                    new FolderTileSource(folder.resolve("tiles")),
                    new FolderTileStore(export),
                    (read, of) -> {}))
        .isInstanceOfSatisfying(
            SlipwayException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ALREADY_EXISTS));
  }

  @Test
  void linksAndFoldersInThePlaceOfFilesAreNotRead() throws IOException {
    open(MemoryLeaves.of(3)).integrate();
    Path bundle = folder.resolve("tiles/tile/entries/000.p/3");
    Path elsewhere = folder.resolve("elsewhere");
    Files.move(bundle, elsewhere);
    Files.createSymbolicLink(bundle, elsewhere);

    assertThatThrownBy(
            () -> new FolderTileSource(folder.resolve("tiles")).read(new LogPath.OfBundle(0, 3)))
        .hasMessageEndingWith("not a file (expected: a file)");
  }

  private static long cosign(
      AuditLog log, DurableWitness witness, long oldSize, WitnessQuorum quorum) {
    WitnessAnswer answer = witness.addCheckpoint(log.witnessRequest(oldSize).toBytes());
    assertThat(answer).isInstanceOf(Cosigned.class);
    return log.cosign(log.published().orElseThrow(), ((Cosigned) answer).cosignatures(), quorum)
        .checkpoint()
        .size();
  }

  private AuditLog open(MemoryLeaves leaves) {
    return TestLog.open(folder, leaves);
  }

  private void assertIntact(long size) {
    AuditReport report = TestLog.verify(folder.resolve("tiles"));
    assertThat(report.findings()).isEmpty();
    assertThat(report.entriesRead()).isEqualTo(size);
  }

  private static void assertRefused(ThrowingCallable integrate, String why) {
    assertThatThrownBy(integrate)
        .isInstanceOfSatisfying(
            SlipwayException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_CORRUPT))
        .hasMessageContaining(why);
  }

  private Set<String> files() {
    return files(folder.resolve("tiles"));
  }

  private static Set<String> files(Path root) {
    try (Stream<Path> all = Files.walk(root)) {
      TreeSet<String> names = new TreeSet<>();
      all.filter(Files::isRegularFile).forEach(file -> names.add(root.relativize(file).toString()));
      return names;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.toList()) {
        Path target = to.resolve(from.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else {
          Files.copy(path, target);
        }
      }
    }
  }

  private static void deleteTree(Path root) throws IOException {
    FileTree.delete(root);
  }
}
