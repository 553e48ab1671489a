package dev.slipway.store.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.audit.entry.Actor;
import dev.slipway.core.audit.entry.AuditEntry;
import dev.slipway.core.audit.entry.Subject;
import dev.slipway.core.model.ArtifactDigest;
import dev.slipway.core.model.ArtifactFormat;
import dev.slipway.core.model.Deployment;
import dev.slipway.core.model.ModelRef;
import dev.slipway.core.model.ModelSettings;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.core.model.TensorSpec;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that is killed with SIGKILL between any two statements of a change leaves the whole
 * change, entry included, or nothing of it.
 */
class KillBetweenStatementsTest {
  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

  /** What a writer says when nothing is left at which it could be killed. */
  private static final String ALL_DONE = "done";

  @TempDir Path folder;

  @Test
  void theWholeChangeIsThereOrNothingOfIt() throws Exception {
    int whole = 0;
    int step = 1;
    boolean killed = true;
    while (killed) {
      Path file = folder.resolve("control-" + step + ".db");
      new SqliteControlStore(file, InstantSource.system()).close();
      killed = writeAndKill(file, step);
      whole += isWhole(file) ? 1 : 0;
      step++;
    }
    // Killed after the commit was done, and not killed at all.
    assertThat(whole).isEqualTo(2);
    assertThat(step).as("kills").isGreaterThan(10);
  }

  private static boolean writeAndKill(Path file, int step) throws Exception {
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
                file.toString(),
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
  private static boolean isWhole(Path file) {
    try (SqliteControlStore store = new SqliteControlStore(file, InstantSource.system())) {
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

  /** Makes one change, and stops for ever at one of its steps. */
  static final class Writer {
    private Writer() {}

    /**
     * @param arguments database file, number of the step to stop at
     */
    public static void main(String[] arguments) throws IOException {
      Path file = Path.of(arguments[0]);
      AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);
      Connector connector =
          StepByStep.around(
              () -> SqliteControlStore.connect(file),
              () -> {
                if (left.decrementAndGet() == 0) {
                  System.out.println("reached");
                  while (true) {
                    LockSupport.park();
                  }
                }
              });
      try (SqliteControlStore store = new SqliteControlStore(connector, InstantSource.system())) {
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
              Deployment deployment = Deployment.first("fraud", new ModelRef("fraud", 1), NOW);
              work.putDeployment(
                  new DeploymentChange(deployment, DeploymentChange.Kind.DEPLOY, 1, entry));
              return version;
            });
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
