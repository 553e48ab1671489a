package dev.slipway.core.drift.cell;

import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.drift.BinCounts;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How the data look that a version was made for. Frozen: a version has one, once and for all.
 *
 * @param data digest of the file they came from
 * @param rows of these data, {@code >= 1}
 * @param fields inputs and outputs in the order of the signature
 */
public record VersionReference(ContentDigest data, long rows, List<FieldReference> fields) {
  /** Keeps a cell small, however wide a model's inputs are. */
  public static final int FIELDS_MAX = 512;

  public VersionReference {
    fields = List.copyOf(fields);
    if (rows < 1 || fields.isEmpty() || fields.size() > FIELDS_MAX) {
      throw new IllegalArgumentException(
          "%d fields of %d rows (expected: 1 to %d, of at least one)"
              .formatted(fields.size(), rows, FIELDS_MAX));
    }
    Set<FieldPlace> places = new HashSet<>();
    for (FieldReference field : fields) {
      if (!places.add(field.place())) {
        throw new IllegalArgumentException(field.place() + " (expected: each place once)");
      }
    }
  }

  /** Nothing counted yet on its bins. */
  public CellCounts none() {
    return new CellCounts(
        0,
        fields.stream().map(field -> BinCounts.none(field.reference().counts().bins())).toList());
  }
}
