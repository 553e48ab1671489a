package dev.slipway.platform.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.model.ModelVersion;
import dev.slipway.platform.ControlPlane;
import dev.slipway.testkit.engine.LinearEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {
  @TempDir Path folder;
  private ControlPlane plane;
  private ModelVersion version;

  @BeforeEach
  void start() throws IOException {
    plane = new ControlPlane(folder.resolve("data"));
    version =
        plane
            .registry
            .register(
                ControlPlane.LOCAL, "fraud", LinearEngine.write(folder.resolve("m"), 1), false)
            .version();
    plane.deployments.deploy(ControlPlane.LOCAL, "fraud", version.ref());
  }

  @AfterEach
  void stop() {
    plane.close();
  }

  @Test
  void aHealthyServerHasNothingToMend() {
    DoctorLimits roomy = new DoctorLimits(0, 0, 1 << 20);

    assertThat(doctor(roomy, InstantSource.system()).examine())
        .allSatisfy(
            check -> {
              assertThat(check.status()).as(check.toString()).isEqualTo(Check.Status.OK);
              assertThat(check.detail()).isNotEmpty();
              assertThat(check.mend()).isEmpty();
            });
  }

  @Test
  void aChangedArtifactIsFoundAndRegisteringItAgainMendsIt() throws IOException {
    Path kept = plane.blobs.open(version.digest()).root().resolve("model.onnx");
    Files.delete(kept);
    Files.writeString(kept, "linear 9");

    Check check = check("artifacts");
    assertThat(check.status()).isEqualTo(Check.Status.FAILED);
    assertThat(check.detail())
        .contains("1 of 1 artifacts read", "fraud/1", version.digest().value());
    assertThat(check.mend()).contains("register the same files again");

    Path same = LinearEngine.write(folder.resolve("again"), 1);
    plane.registry.register(ControlPlane.LOCAL, "mend", same, false);
    assertThat(check("artifacts").status()).isEqualTo(Check.Status.OK);
  }

  @Test
  void aDeploymentThatCouldNotBeRestoredIsNamed() throws IOException {
    Path kept = plane.blobs.open(version.digest()).root().resolve("model.onnx");
    Files.delete(kept);
    plane.close();
    plane = new ControlPlane(folder.resolve("data"));

    Check check = check("deployments");

    assertThat(check.status()).isEqualTo(Check.Status.FAILED);
    assertThat(check.detail()).startsWith("fraud: ").contains(version.digest().value());
    assertThat(check.mend()).contains("slipway undo");
  }

  @Test
  void aDiskThatFillsUpIsToldInTime() {
    DoctorLimits warning = new DoctorLimits(Long.MAX_VALUE, 0, 1 << 20);
    DoctorLimits failed = new DoctorLimits(Long.MAX_VALUE, Long.MAX_VALUE, 1 << 20);

    assertThat(check(doctor(warning, InstantSource.system()), "disk").status())
        .isEqualTo(Check.Status.WARNING);
    assertThat(check(doctor(failed, InstantSource.system()), "disk").status())
        .isEqualTo(Check.Status.FAILED);
  }

  @Test
  void aClockThatWasSetBackIsNoticed() {
    InstantSource late = InstantSource.offset(InstantSource.system(), Duration.ofMinutes(-5));

    Check check = check(doctor(DoctorLimits.DEFAULT, late), "clock");

    assertThat(check.status()).isEqualTo(Check.Status.WARNING);
    assertThat(check.detail()).contains("a change is recorded at");
  }

  @Test
  void artifactsBeyondTheBudgetAreCountedButNotRead() {
    assertThat(
            check(doctor(new DoctorLimits(0, 0, 0), InstantSource.system()), "artifacts").detail())
        .startsWith("0 of 1 artifacts read");
  }

  @Test
  void anEntryOfTheLogThatWasEditedInTheDatabaseIsNamed() {
    awaitSigned();
    execute(
        "UPDATE audit_leaf SET leaf = (SELECT leaf FROM audit_leaf WHERE entry = 1) WHERE entry ="
            + " 0");

    Check check = check("audit-log");

    assertThat(check.status()).isEqualTo(Check.Status.FAILED);
    assertThat(check.detail()).isEqualTo("entry 0 in the database is not what was logged");
  }

  @Test
  void aTileThatWasCutIsNamed() throws IOException {
    awaitSigned();
    Path tile = plane.data.auditLog().resolve("tile/0/000.p/2");
    byte[] bytes = Files.readAllBytes(tile);
    Files.write(tile, Arrays.copyOf(bytes, bytes.length - 1));

    Check check = check("audit-log");

    assertThat(check.status()).isEqualTo(Check.Status.FAILED);
    assertThat(check.detail()).contains("tile/0/000.p/2");
  }

  @Test
  void aVersionThatWasEditedInTheDatabaseIsNamed() {
    execute("UPDATE model_version SET settings = replace(settings, '0', '1')");

    Check check = check("audit-states");

    assertThat(check.status()).isEqualTo(Check.Status.FAILED);
    assertThat(check.detail()).isEqualTo("version fraud/1 is not what was registered");
  }

  @Test
  void aDeploymentThatWasMovedInTheDatabaseIsNamed() throws IOException {
    plane.registry.register(
        ControlPlane.LOCAL, "fraud", LinearEngine.write(folder.resolve("m2"), 2), false);
    assertThat(check("audit-states").status()).isEqualTo(Check.Status.OK);
    execute("UPDATE deployment SET current_version = 2");

    Check check = check("audit-states");

    assertThat(check.status()).isEqualTo(Check.Status.FAILED);
    assertThat(check.detail())
        .isEqualTo("deployment fraud serves fraud/2, which is not what audit entry 1 says");
  }

  @Test
  void whatIsInTheDatabaseAndWasNeverLoggedIsNamed() {
    execute(
        "INSERT INTO model_version SELECT model, 2, digest, format, primary_file, signature,"
            + " settings, description, example_request, size_bytes, registered_micros"
            + " FROM model_version");
    execute("UPDATE deployment_history SET current_version = 2");

    Check check = check("audit-states");

    assertThat(check.status()).isEqualTo(Check.Status.FAILED);
    assertThat(check.detail())
        .contains(
            "version fraud/2 was never logged",
            "revision 1 of deployment fraud is not what audit entry 1 says");
  }

  private void awaitSigned() {
    plane.trail.log().integrate();
  }

  private void execute(String sql) {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + plane.data.database());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private Doctor doctor(DoctorLimits limits, InstantSource clock) {
    return new Doctor(
        plane.data,
        plane.store,
        plane.blobs,
        plane.registry,
        plane.deployments,
        plane.auditChecks,
        limits,
        clock);
  }

  private Check check(String name) {
    return check(plane.doctor, name);
  }

  private static Check check(Doctor doctor, String name) {
    return doctor.examine().stream()
        .filter(check -> check.name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
