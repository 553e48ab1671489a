package dev.slipway.serving.testing;

import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.EngineSettings.Scheduling;
import dev.slipway.serving.batching.ModelResidency;
import dev.slipway.serving.engine.LoadedModel;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A model that is loaded and evicted when a test says so. */
public final class ManualResidency implements ModelResidency {
  private final Supplier<LoadedModel> loader;
  private final Set<Tenant> tenants = new HashSet<>();
  private final Set<Tenant> waiting = new HashSet<>();
  private @Nullable LoadedModel model;
  private boolean leaving;
  private Scheduling scheduling;

  public ManualResidency(Supplier<LoadedModel> loader, Scheduling scheduling) {
    this.loader = loader;
    this.scheduling = scheduling;
    this.model = loader.get();
  }

  /** Asks the tenants to leave; closes the model once they have. */
  public void evict() {
    if (model != null && !leaving) {
      leaving = true;
      Set.copyOf(tenants).forEach(Tenant::evict);
      closeIfLeft();
    }
  }

  /** Finishes the loads that were asked for. */
  public void finishLoading() {
    if (!leaving && !waiting.isEmpty()) {
      if (model == null) {
        model = loader.get();
      }
      Set<Tenant> told = Set.copyOf(waiting);
      waiting.clear();
      told.forEach(Tenant::loaded);
    }
  }

  public void failLoading(SlipwayException reason) {
    Set<Tenant> told = Set.copyOf(waiting);
    waiting.clear();
    told.forEach(tenant -> tenant.loadFailed(reason));
  }

  public boolean isWaitedFor() {
    return !waiting.isEmpty();
  }

  public boolean isLoaded() {
    return model != null;
  }

  private void closeIfLeft() {
    if (leaving && tenants.isEmpty() && model != null) {
      model.close();
      model = null;
      leaving = false;
    }
  }

  @Override
  public @Nullable LoadedModel attach(Tenant tenant) {
    if (model == null || leaving) {
      return null;
    }
    tenants.add(tenant);
    return model;
  }

  @Override
  public void detached(Tenant tenant) {
    if (!tenants.remove(tenant)) {
      throw new IllegalStateException("a tenant left that was not there");
    }
    closeIfLeft();
  }

  @Override
  public void requestLoad(Tenant tenant) {
    waiting.add(tenant);
  }

  @Override
  public Scheduling scheduling() {
    return scheduling;
  }

  @Override
  public void proposeScheduling(Scheduling proposed) {
    scheduling = proposed;
  }

  @Override
  public long measuredNanos() {
    return 1_000;
  }

  @Override
  public void touch(long nowNanos) {}
}
