package dev.slipway.platform.audit;

import dev.slipway.store.control.ControlStore;
import dev.slipway.store.control.ControlView;
import dev.slipway.store.control.UnitOfWork;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * A control store whose changes wait for the audit log where that is too far behind, and wake it
 * when they are committed.
 */
public final class AuditedControlStore implements ControlStore {
  private static final long NOTHING = -1;

  private final ControlStore store;
  private final AuditTrail trail;

  public AuditedControlStore(ControlStore store, AuditTrail trail) {
    this.store = store;
    this.trail = trail;
  }

  @Override
  public <T> T read(Function<? super ControlView, T> reading) {
    return store.read(reading);
  }

  @Override
  public <T> T commit(Function<? super UnitOfWork, T> change) {
    AtomicLong appended = new AtomicLong(NOTHING);
    T result =
        store.commit(
            work -> {
              appended.set(NOTHING);
              return change.apply(
                  new WatchedUnitOfWork(
                      work,
                      index -> {
                        trail.requireRoom(index);
                        appended.set(index);
                      }));
            });
    if (appended.get() != NOTHING) {
      trail.committed(appended.get() + 1);
    }
    return result;
  }

  @Override
  public boolean copyTo(Path file) {
    return store.copyTo(file);
  }

  @Override
  public int schemaVersion() {
    return store.schemaVersion();
  }

  @Override
  public void close() {
    store.close();
  }
}
