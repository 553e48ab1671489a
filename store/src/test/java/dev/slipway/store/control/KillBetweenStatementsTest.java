package dev.slipway.store.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.audit.checkpoint.SignatureType;
import dev.slipway.core.audit.checkpoint.SignedCheckpoint;
import dev.slipway.core.audit.checkpoint.SigningKey;
import dev.slipway.core.audit.checkpoint.WitnessQuorum;
import dev.slipway.core.audit.entry.Actor;
import dev.slipway.core.audit.entry.AuditEntry;
import dev.slipway.core.audit.entry.Subject;
import dev.slipway.core.audit.verify.AuditVerifier;
import dev.slipway.core.audit.verify.Trust;
import dev.slipway.core.model.ArtifactDigest;
import dev.slipway.core.model.ArtifactFormat;
import dev.slipway.core.model.Deployment;
import dev.slipway.core.model.Environment;
import dev.slipway.core.model.ModelRef;
import dev.slipway.core.model.ModelSettings;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.core.model.TensorSpec;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import dev.slipway.store.audit.AuditLog;
import dev.slipway.store.audit.FolderTileStore;
import dev.slipway.store.audit.LastCheckpoint;
import dev.slipway.store.audit.LastCheckpointFile;
import dev.slipway.store.audit.TileStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that is killed with SIGKILL between any two steps of a change, statements to the
 * database first and files of the audit log then, leaves the whole change, entry included, or
 * nothing of it; and a log that goes on from what was signed.
 */
class KillBetweenStatementsTest {
  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

  /** What a writer says when nothing is left at which it could be killed. */
  private static final String ALL_DONE = "done";

  private static final SigningKey KEY =
      SigningKey.of("test/log", SignatureType.ED25519, new byte[SigningKey.SEED_BYTES]);

  @TempDir Path folder;

  @Test
  void theWholeChangeIsThereOrNothingOfIt() throws Exception {
    int whole = 0;
    int step = 1;
    boolean killed = true;
    while (killed) {
      Path root = Files.createDirectory(folder.resolve("step-" + step));
      new SqliteControlStore(root.resolve("control.db"), InstantSource.system()).close();
      killed = writeAndKill(root, step);
      whole += isWhole(root) ? 1 : 0;
      step++;
    }
    int statements = step - 1 - whole;
    assertThat(statements).as("kills before the commit was done").isGreaterThanOrEqualTo(10);
    assertThat(whole).as("kills after it").isGreaterThan(8);
  }

  private static boolean writeAndKill(Path root, int step) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-Dslf4j.internal.verbosity=ERROR",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                root.toString(),
                Integer.toString(step))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String said;
    try (BufferedReader output = process.inputReader(UTF_8)) {
      said = output.readLine();
      process.toHandle().destroyForcibly();
      process.waitFor();
    }
    assertThat(said).isIn("reached", ALL_DONE);
    return said.equals("reached");
  }

  /** Whether the change is there; fails if a part of it is. */
  private static boolean isWhole(Path root) {
    try (SqliteControlStore store =
        new SqliteControlStore(root.resolve("control.db"), InstantSource.system())) {
      requireLogGoesOn(root, store);
      return store.read(
          view -> {
            boolean there = view.model("fraud").isPresent();
            assertThat(view.versions("fraud")).hasSize(there ? 1 : 0);
            assertThat(view.deployment("fraud").isPresent()).isEqualTo(there);
            assertThat(view.history("fraud")).hasSize(there ? 1 : 0);
            assertThat(view.auditSize()).isEqualTo(there ? 1 : 0);
            assertThat(view.auditLeaves(0, view.auditSize())).hasSize(there ? 1 : 0);
            return there;
          });
    }
  }

  /** The log takes over what is committed, and continues what the killed process has signed. */
  private static void requireLogGoesOn(Path root, SqliteControlStore store) {
    FolderTileStore tiles = new FolderTileStore(root.resolve("audit"));
    LastCheckpointFile kept = new LastCheckpointFile(root.resolve("kept"));
    List<SignedCheckpoint> known = kept.read().map(List::of).orElse(List.of());
    SignedCheckpoint published = log(tiles, kept, store).integrate();

    assertThat(published.checkpoint().size()).isEqualTo(store.read(ControlView::auditSize));
    Trust trust = new Trust(KEY.verifier(), WitnessQuorum.NONE, known, List.of());
    assertThat(AuditVerifier.verify(tiles, trust, (read, all) -> {}).findings()).isEmpty();
  }

  private static AuditLog log(TileStore tiles, LastCheckpoint kept, SqliteControlStore store) {
    return new AuditLog(new CommittedLeaves(store), tiles, kept, KEY, InstantSource.system());
  }

  /** Makes one change, and stops for ever at one of its steps. */
  static final class Writer {
    private Writer() {}

    /**
     * @param arguments folder, number of the step to stop at
     */
    public static void main(String[] arguments) throws IOException {
      Path root = Path.of(arguments[0]);
      AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);
      Runnable step =
          () -> {
            if (left.decrementAndGet() == 0) {
              System.out.println("reached");
              while (true) {
                LockSupport.park();
              }
            }
          };
      Connector connector =
          StepByStep.around(() -> SqliteControlStore.connect(root.resolve("control.db")), step);
      try (SqliteControlStore store =
          new SqliteControlStore(
              root.resolve("control.db"),
              connector,
              MigrationFiles.RELEASED,
              InstantSource.system())) {
        left.set(Integer.parseInt(arguments[1]));
        store.commit(
            work -> {
              ModelVersion version = work.addVersion(draft());
              long entry =
                  work.append(
                      AuditEntry.of(
                          new Actor.LocalCaller(),
                          "deployment.changed",
                          new Subject("deployment", "fraud"),
                          NOW));
              Deployment deployment =
                  Deployment.first("fraud", Environment.DEV, new ModelRef("fraud", 1), NOW);
              work.putDeployment(
                  new DeploymentChange(deployment, DeploymentChange.Kind.DEPLOY, 1, entry, null));
              return version;
            });
        TileStore tiles = new FolderTileStore(root.resolve("audit"));
        LastCheckpoint kept = new LastCheckpointFile(root.resolve("kept"));
        log(
                StepByStep.around(TileStore.class, tiles, step, Set.of("write", "sync")),
                StepByStep.around(LastCheckpoint.class, kept, step, Set.of("write")),
                store)
            .integrate();
        System.out.println(ALL_DONE);
        System.in.read();
      }
    }

    private static VersionDraft draft() {
      TensorSpec tensor = TensorSpec.of("x", DataType.FP32, Shape.of(-1, 4));
      return new VersionDraft(
          "fraud",
          new ArtifactDigest("sha256:" + "0123456789abcdef".repeat(4)),
          ArtifactFormat.ONNX,
          "model.onnx",
          new ModelSignature(List.of(tensor), List.of(tensor)),
          ModelSettings.DEFAULT,
          "",
          "",
          1,
          NOW);
    }
  }
}
