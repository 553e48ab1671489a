package dev.slipway.server;

import dev.slipway.core.audit.entry.Actor;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.platform.deployment.Deployments;
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
 */
record Demo(String name, List<String> files) {
  private static final Actor ACTOR = new Actor.Component("demo");

  private static final Demo FRAUD =
      new Demo("fraud", List.of("fraud-lightgbm.onnx", "slipway-model.yaml"));

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

  /** Registers and deploys it, unless that deployment exists already. */
  void deploy(Registry registry, Deployments deployments, Path temporary) {
    if (!deployments.deployments("", Integer.MAX_VALUE).stream()
        .filter(status -> status.deployment().name().equals(name))
        .toList()
        .isEmpty()) {
      return;
    }
    try {
      Path folder = Files.createTempDirectory(temporary, name);
      for (String file : files) {
        try (InputStream resource = Demo.class.getResourceAsStream(name + "/" + file)) {
          if (resource == null) {
            throw new IOException("resource " + file + " is missing");
          }
          Files.copy(resource, folder.resolve(file));
        }
      }
      ModelVersion version = registry.register(ACTOR, name, folder, false).version();
      deployments.deploy(ACTOR, name, version.ref());
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorCode.STORE_UNAVAILABLE, "the demo %s cannot be unpacked".formatted(name), e);
    }
  }
}
