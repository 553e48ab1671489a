package dev.slipway.bench.suite;

import dev.slipway.bench.engine.FraudModel;
import dev.slipway.bench.engine.MeasuredEngine;
import dev.slipway.bench.process.ServerProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A Slipway under measurement, and the way to deploy to it.
 *
 * @param root the project's folder
 */
record SlipwayServer(ServerProcess process, ControlClient control, Path root)
    implements AutoCloseable {
  private static final String DESCRIPTION = "slipway-model.yaml";
  private static final Path FRAUD = Path.of("examples/fraud/models/fraud-lightgbm", DESCRIPTION);

  /** Registers the LightGBM model and deploys it, both under that name, which must be new. */
  void serveFraud(String name, MeasuredEngine engine) throws IOException, InterruptedException {
    registerFraud(name, FraudModel.LIGHTGBM, engine);
    control.deploy(name, name, 1);
  }

  /**
   * Registers a fraud model as the next version of {@code name}, with the checks of every column's
   * values that the example has.
   */
  void registerFraud(String name, FraudModel model, MeasuredEngine engine)
      throws IOException, InterruptedException {
    Path file = root.resolve(engine.file(model).path());
    register(
        name,
        String.valueOf(file.getFileName()),
        Files.readAllBytes(file),
        Files.readString(root.resolve(FRAUD)) + "engine: " + engine.setting() + "\n");
  }

  /**
   * Registers a model as the next version of {@code name}.
   *
   * @param description its slipway-model.yaml
   */
  void register(String name, String fileName, byte[] file, String description)
      throws IOException, InterruptedException {
    control.register(
        name, Map.of(fileName, file, DESCRIPTION, description.getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public void close() {
    control.close();
    process.close();
  }
}
