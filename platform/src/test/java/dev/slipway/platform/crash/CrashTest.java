package dev.slipway.platform.crash;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.audit.checkpoint.SignedCheckpoint;
import dev.slipway.core.model.ArtifactDigest;
import dev.slipway.core.model.Deployment;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.platform.ControlPlane;
import dev.slipway.platform.doctor.Check;
import dev.slipway.serving.ServedVariant;
import dev.slipway.store.control.DeploymentChange;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A control plane that is killed with SIGKILL at random moments keeps all it acknowledged. */
class CrashTest {
  private static final int ACKNOWLEDGEMENTS_MAX = 25;
  private static final long DELAY_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(20);

  @TempDir Path folder;
  private final Map<Integer, String> digests = new HashMap<>();
  private final Map<Long, Integer> deployed = new HashMap<>();

  @Test
  void fiveKillsLoseNothingThatWasAcknowledged() throws Exception {
    killAndCheck(5);
  }

  @Test
  @Tag("long")
  void fiftyKillsLoseNothingThatWasAcknowledged() throws Exception {
    killAndCheck(50);
  }

  private void killAndCheck(int kills) throws Exception {
    long seed = System.nanoTime();
    System.out.println("CrashTest seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < kills; i++) {
      int before = digests.size() + deployed.size();
      runAndKill(random);
      assertThat(digests.size() + deployed.size()).isGreaterThan(before);
      requireAllThere();
    }
  }

  private void runAndKill(SplittableRandom random) throws Exception {
    int acknowledgements = random.nextInt(1, ACKNOWLEDGEMENTS_MAX);
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                BusyControlPlane.class.getName(),
                folder.resolve("data").toString(),
                folder.toString(),
                Long.toString(random.nextLong()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader output = process.inputReader(UTF_8)) {
      String line;
      while (acknowledgements > 0 && (line = output.readLine()) != null) {
        acknowledgements -= acknowledged(line) ? 1 : 0;
      }
      // Not an await: the kill has to come at a moment that nothing else depends on.
      LockSupport.parkNanos(random.nextLong(DELAY_NANOS_MAX));
      // The process's own method would close its output, and with it what was acknowledged last.
      process.toHandle().destroyForcibly();
      while ((line = output.readLine()) != null) {
        acknowledged(line);
      }
    }
    assertThat(process.waitFor()).as("killed by SIGKILL").isEqualTo(128 + 9);
  }

  /** Notes an acknowledgement; a line that the kill cut off, which lacks its end mark, is none. */
  private boolean acknowledged(String line) {
    String[] words = line.split(" ");
    if (words.length != 4 || !words[3].equals(".")) {
      return false;
    }
    switch (words[0]) {
      case "version" -> digests.put(Integer.parseInt(words[1]), words[2]);
      case "deployment" -> deployed.put(Long.parseLong(words[1]), Integer.parseInt(words[2]));
      default -> throw new IllegalStateException(line);
    }
    return true;
  }

  /** Every change has its entry, what was signed before is continued, and all of it is signed. */
  private static void requireLogWhole(ControlPlane plane, int versions) {
    long changes =
        plane.deployments.deployments("", 10).stream()
            .mapToLong(status -> status.deployment().revision())
            .sum();
    SignedCheckpoint signed = plane.trail.log().integrate();
    assertThat(signed.checkpoint().size()).isEqualTo(versions + changes);
    assertThat(plane.auditChecks.examine())
        .allSatisfy(
            check -> assertThat(check.status()).as(check.toString()).isEqualTo(Check.Status.OK));
  }

  private void requireAllThere() throws IOException {
    try (ControlPlane plane = new ControlPlane(folder.resolve("data"))) {
      List<ModelVersion> versions = plane.registry.versions("fraud");
      assertThat(versions.stream().map(version -> version.ref().version()).sorted())
          .containsExactlyElementsOf(IntStream.rangeClosed(1, versions.size()).boxed().toList());
      Map<Integer, String> kept = new HashMap<>();
      for (ModelVersion version : versions) {
        kept.put(version.ref().version(), version.digest().value());
        plane.blobs.verify(version.digest());
      }
      assertThat(kept).containsAllEntriesOf(digests);
      requireLogWhole(plane, versions.size());
      assertThat(plane.blobs.digests())
          .as("no artifact is left that a crash kept from its version")
          .extracting(ArtifactDigest::value)
          .containsExactlyInAnyOrderElementsOf(new HashSet<>(kept.values()));

      if (deployed.isEmpty()) {
        return;
      }
      List<DeploymentChange> history = plane.deployments.history("fraud");
      Map<Long, Integer> changes = new HashMap<>();
      history.forEach(change -> changes.put(change.after().revision(), change.after().current()));
      assertThat(changes).containsAllEntriesOf(deployed);
      assertThat(history.stream().map(DeploymentChange::epoch)).doesNotHaveDuplicates();

      Deployment now = plane.deployments.deployment("fraud").deployment();
      assertThat(now).isEqualTo(history.getFirst().after());
      assertThat(plane.deployments.deployment("fraud").variant().state())
          .isEqualTo(ServedVariant.State.READY);
      assertThat(plane.data.blobs().resolve("tmp")).isEmptyDirectory();
    }
  }
}
