package dev.slipway.testkit.store;

import dev.slipway.store.control.ControlStore;
import java.nio.file.Path;

class PostgresTrackingTest extends TrackingKit {
  @Override
  protected ControlStore open(Path root) {
    return RealPostgres.open(root);
  }
}
