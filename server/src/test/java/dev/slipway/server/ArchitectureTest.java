package dev.slipway.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The rules of docs/architecture.md that a compiler does not check. */
class ArchitectureTest {
  private static JavaClasses slipway;

  @BeforeAll
  static void readClasses() {
    slipway =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("/bench/"))
            .withImportOption(location -> !location.contains("slipway-bench"))
            .importPackages("dev.slipway");
  }

  @Test
  void dependenciesPointOneWay() {
    layeredArchitecture()
        .consideringOnlyDependenciesInAnyPackage("dev.slipway..")
        .layer("core")
        .definedBy("dev.slipway.core..")
        .layer("protocol")
        .definedBy("dev.slipway.protocol..")
        .layer("serving")
        .definedBy("dev.slipway.serving..")
        .layer("engines")
        .definedBy("dev.slipway.engine..")
        .layer("store")
        .definedBy("dev.slipway.store..")
        .layer("platform")
        .definedBy("dev.slipway.platform..")
        .layer("http")
        .definedBy("dev.slipway.http..")
        .layer("server")
        .definedBy("dev.slipway.server..")
        .optionalLayer("testkit")
        .definedBy("dev.slipway.testkit..")
        .whereLayer("server")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("http")
        .mayOnlyBeAccessedByLayers("server")
        .whereLayer("platform")
        .mayOnlyBeAccessedByLayers("http", "server")
        .whereLayer("store")
        .mayOnlyBeAccessedByLayers("platform", "server", "testkit")
        .whereLayer("engines")
        .mayOnlyBeAccessedByLayers("server")
        .whereLayer("serving")
        .mayOnlyBeAccessedByLayers("engines", "platform", "http", "server", "testkit")
        .whereLayer("protocol")
        .mayOnlyBeAccessedByLayers("http", "server")
        .check(slipway);
  }

  /** {@code javax.crypto} is of the JDK's base module. */
  @Test
  void coreImportsOnlyJavaAndJspecify() {
    classes()
        .that()
        .resideInAPackage("dev.slipway.core..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "javax.crypto..", "org.jspecify..", "dev.slipway.core..")
        .check(slipway);
  }

  @Test
  void coreAsksNoClockAndNoRandomness() {
    noClasses()
        .that()
        .resideInAPackage("dev.slipway.core..")
        .should()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(java.time.Instant.class, "now")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.util.UUID")
        .check(slipway);
  }

  @Test
  void onlyTheAdapterKnowsVertx() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.slipway.http..", "dev.slipway.server..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.vertx..", "io.netty..")
        .check(slipway);
  }

  @Test
  void theDataPlaneOfTheAdapterDoesNotReachThePlatform() {
    noClasses()
        .that()
        .resideInAPackage("dev.slipway.http..")
        .and()
        .resideOutsideOfPackages("dev.slipway.http.control..", "dev.slipway.http.mlflow..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.slipway.platform..")
        .check(slipway);
  }

  @Test
  void packagesFormNoCycles() {
    slices().matching("dev.slipway.(**)").should().beFreeOfCycles().check(slipway);
  }

  @Test
  void namesSayWhatDiffers() {
    noClasses()
        .should()
        .haveSimpleNameEndingWith("Impl")
        .orShould()
        .haveSimpleNameEndingWith("Util")
        .orShould()
        .haveSimpleNameEndingWith("Utils")
        .orShould()
        .haveSimpleNameEndingWith("Helper")
        .orShould()
        .haveSimpleNameEndingWith("Manager")
        .check(slipway);
  }
}
