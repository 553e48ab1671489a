package dev.slipway.platform.crash;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipway.core.identity.Principal;
import dev.slipway.core.model.Deployment;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.platform.ControlPlane;
import dev.slipway.testkit.engine.LinearEngine;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * Registers, deploys and undoes for ever, and prints each acknowledgement after it was given. Run
 * as a process of its own, to be killed.
 */
final class BusyControlPlane {
  private BusyControlPlane() {}

  /**
   * @param arguments data folder, folder for model files, seed
   */
  public static void main(String[] arguments) throws IOException {
    Path models = Files.createTempDirectory(Path.of(arguments[1]), "busy");
    SplittableRandom random = new SplittableRandom(Long.parseLong(arguments[2]));
    PrintStream out = new PrintStream(System.out, true, UTF_8);
    try (ControlPlane plane = new ControlPlane(Path.of(arguments[0]))) {
      out.println("ready");
      for (int i = 0; ; i++) {
        Path model = LinearEngine.write(models.resolve("m" + i), random.nextDouble(), i);
        ModelVersion version =
            plane.registry.register(Principal.LOCAL, "fraud", model, false).version();
        out.println("version " + version.ref().version() + " " + version.digest() + " .");
        Deployment deployed =
            plane.deployments.deploy(ControlPlane.LOCAL, "fraud", version.ref()).deployment();
        acknowledge(out, deployed);
        // A kill may have come between the first version and its deployment.
        if (deployed.previous() > 0 && random.nextBoolean()) {
          acknowledge(out, plane.deployments.undo(ControlPlane.LOCAL, "fraud").deployment());
        }
      }
    }
  }

  private static void acknowledge(PrintStream out, Deployment deployment) {
    out.println("deployment " + deployment.revision() + " " + deployment.current() + " .");
  }
}
