package dev.slipway.server;

import dev.slipway.core.audit.entry.Actor;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.identity.Principal;
import dev.slipway.core.identity.PrincipalKind;
import dev.slipway.core.identity.Rights;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.platform.deployment.Deployments;
import dev.slipway.platform.monitor.References;
import dev.slipway.platform.registry.Registry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * An example that the server can bring along.
 *
 * @param name of the model and its deployment
 * @param files resources beside this class that make up the artifact
 * @param reference resource with how the data look that it was trained on
 */
record Demo(String name, List<String> files, String reference) {
  private static final Principal DEMO =
      new Principal("demo", PrincipalKind.SERVICE, new Actor.Component("demo"), Rights.NONE, null);

  private static final Demo FRAUD =
      new Demo(
          "fraud",
          List.of("fraud-lightgbm.onnx", "slipway-model.yaml"),
          "fraud-lightgbm.reference.json");

  /**
   * @throws SlipwayException CONFIGURATION_INVALID if there is no such example
   */
  static Demo named(String name) {
    if (name.equals(FRAUD.name)) {
      return FRAUD;
    }
    throw new SlipwayException(
        ErrorCode.CONFIGURATION_INVALID, "demo: '%s' (expected: fraud)".formatted(name));
  }

  /**
   * Registers and deploys it with the reference of its training data, unless that deployment exists
   * already.
   */
  void deploy(Registry registry, References references, Deployments deployments, Path temporary) {
    if (!deployments.deployments("", Integer.MAX_VALUE).stream()
        .filter(status -> status.deployment().name().equals(name))
        .toList()
        .isEmpty()) {
      return;
    }
    try {
      Path folder = Files.createTempDirectory(temporary, name);
      for (String file : files) {
        Files.write(folder.resolve(file), resource(file));
      }
      ModelVersion version = registry.register(DEMO, name, folder, false).version();
      references.adopt(DEMO, version.ref(), resource(reference));
      deployments.deploy(DEMO.actor(), name, version.ref());
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorCode.STORE_UNAVAILABLE, "the demo %s cannot be unpacked".formatted(name), e);
    }
  }

  private byte[] resource(String file) throws IOException {
    try (InputStream resource = Demo.class.getResourceAsStream(name + "/" + file)) {
      if (resource == null) {
        throw new IOException("resource " + file + " is missing");
      }
      return resource.readAllBytes();
    }
  }
}
