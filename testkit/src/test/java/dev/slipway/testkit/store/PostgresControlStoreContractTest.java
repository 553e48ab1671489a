package dev.slipway.testkit.store;

import dev.slipway.store.control.ControlStore;
import dev.slipway.store.control.PostgresControlStore;
import dev.slipway.store.control.PostgresSettings;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

class PostgresControlStoreContractTest extends ControlStoreKit {
  private static final Map<Path, String> DATABASES = new HashMap<>();

  @Override
  protected ControlStore open(Path root) {
    RealPostgres server = RealPostgres.shared();
    String database =
        DATABASES.computeIfAbsent(
            root,
            path -> {
              String name = "contract_" + DATABASES.size();
              server.create(name);
              return name;
            });
    return new PostgresControlStore(
        PostgresSettings.of(server.url(database), "postgres", null), InstantSource.system());
  }
}
