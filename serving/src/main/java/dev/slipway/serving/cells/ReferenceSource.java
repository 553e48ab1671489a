package dev.slipway.serving.cells;

import dev.slipway.core.drift.cell.FrozenReference;
import dev.slipway.core.model.ModelRef;
import org.jspecify.annotations.Nullable;

/** Knows the references of versions. Called on event loops, so it returns at once. */
public interface ReferenceSource {
  /** The reference of a version; null while it has none. */
  @Nullable FrozenReference reference(ModelRef version);
}
