package dev.slipway.core.drift.cell;

import dev.slipway.core.audit.entry.ContentDigest;

/**
 * A version's reference and its name.
 *
 * @param digest of its canonical JSON
 */
public record FrozenReference(ContentDigest digest, VersionReference reference) {
  public static FrozenReference of(VersionReference reference) {
    return new FrozenReference(CellJson.digest(reference), reference);
  }
}
