package dev.slipway.testkit.store;

import dev.slipway.store.control.ControlStore;
import dev.slipway.store.control.PostgresControlStore;
import dev.slipway.store.control.PostgresSettings;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;

class PostgresTrackingTest extends TrackingKit {
  private static final AtomicInteger NEXT = new AtomicInteger();

  @Override
  protected ControlStore open(Path root) {
    RealPostgres server = RealPostgres.shared();
    String database = "tracking_" + NEXT.incrementAndGet();
    server.create(database);
    return new PostgresControlStore(
        PostgresSettings.of(server.url(database), "postgres", null), InstantSource.system());
  }
}
