package dev.slipway.platform.monitor;

import dev.slipway.core.audit.entry.AuditEntry;
import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.audit.entry.Subject;
import dev.slipway.core.drift.cell.FrozenReference;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.identity.Principal;
import dev.slipway.core.model.ModelRef;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.core.table.TableLimits;
import dev.slipway.platform.audit.AuditActions;
import dev.slipway.platform.registry.Registry;
import dev.slipway.platform.rows.RowModel;
import dev.slipway.serving.cells.ReferenceSource;
import dev.slipway.serving.engine.ArtifactSource;
import dev.slipway.serving.engine.EngineSelector;
import dev.slipway.store.control.ControlStore;
import dev.slipway.store.monitor.ReferenceTable;
import dev.slipway.store.table.TableFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The references of versions. One is frozen once, since what was counted on its bins could not be
 * compared with another's. Thread-safe.
 */
public final class References implements ReferenceSource {
  /** A version got its reference; the evidence is the artifact and the data. */
  public static final String FROZEN = "model-version.reference-frozen";

  private final ControlStore store;
  private final Registry registry;
  private final ArtifactSource artifacts;
  private final EngineSelector engines;
  private final TableLimits limits;
  private final InstantSource clock;
  private final ConcurrentMap<ModelRef, FrozenReference> served = new ConcurrentHashMap<>();

  public References(
      ControlStore store,
      Registry registry,
      ArtifactSource artifacts,
      EngineSelector engines,
      TableLimits limits,
      InstantSource clock) {
    this.store = store;
    this.registry = registry;
    this.artifacts = artifacts;
    this.engines = engines;
    this.limits = limits;
    this.clock = clock;
  }

  /**
   * Freezes how the data look that a version was made for. The same again changes nothing.
   *
   * @param rows a CSV or Parquet file with a column for every value that the model takes
   * @throws SlipwayException NOT_FOUND if the version is not registered; BAD_REQUEST if the rows
   *     cannot be read or do not fit; VALUE_REJECTED if the model refuses one of them; CONFLICT if
   *     the version has another reference
   */
  public FrozenReference freeze(Principal principal, ModelRef ref, Path rows) {
    ModelVersion version = registry.version(ref);
    FrozenReference frozen = build(version, rows);
    store.commit(
        work -> {
          ReferenceTable table = new ReferenceTable(work.sql());
          Optional<ReferenceTable.Row> before = table.find(ref);
          if (before.isPresent()) {
            requireSame(ref, before.get().frozen(), frozen);
            return false;
          }
          table.add(ref, frozen, clock.instant());
          work.append(
              AuditEntry.of(
                      principal.actor(),
                      FROZEN,
                      new Subject(AuditActions.VERSION, ref.toString()),
                      clock.instant())
                  .withStates(null, frozen.digest())
                  .withEvidence(
                      List.of(ContentDigest.of(version.digest()), frozen.reference().data())));
          return true;
        });
    served.put(ref, frozen);
    return frozen;
  }

  private FrozenReference build(ModelVersion version, Path rows) {
    TableFile file;
    try {
      file = TableFile.read(rows, limits);
    } catch (IOException | IllegalArgumentException e) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "rows: " + (e instanceof IOException ? e.toString() : e.getMessage()),
          e);
    }
    try (RowModel model = RowModel.open(version, artifacts.artifact(version), engines)) {
      return FrozenReference.of(ReferenceBuilder.of(file.digest(), file.table(), model));
    }
  }

  private static void requireSame(ModelRef ref, FrozenReference before, FrozenReference frozen) {
    if (!before.digest().equals(frozen.digest())) {
      throw new SlipwayException(
          ErrorCode.CONFLICT,
          "%s has a reference of other data, %s (expected: none; register a new version for new data)"
              .formatted(ref, before.reference().data()));
    }
  }

  /** The reference of a version, from the database. */
  public Optional<FrozenReference> find(ModelRef ref) {
    return store
        .read(view -> new ReferenceTable(view.sql()).find(ref))
        .map(ReferenceTable.Row::frozen);
  }

  @Override
  public void prepare(ModelRef version) {
    find(version).ifPresent(frozen -> served.put(version, frozen));
  }

  @Override
  public @Nullable FrozenReference reference(ModelRef version) {
    return served.get(version);
  }
}
