package dev.slipway.testkit.store;

import dev.slipway.store.control.ControlStore;
import dev.slipway.store.control.SqliteControlStore;
import java.nio.file.Path;
import java.time.InstantSource;

class SqliteFeatureTablesTest extends FeatureTablesKit {
  @Override
  protected ControlStore open(Path root) {
    return new SqliteControlStore(root.resolve("control.db"), InstantSource.system());
  }
}
