package dev.slipway.platform.monitor;

import dev.slipway.core.audit.entry.AuditEntry;
import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.audit.entry.Subject;
import dev.slipway.core.drift.cell.CellJson;
import dev.slipway.core.drift.cell.FrozenReference;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.identity.Principal;
import dev.slipway.core.model.ModelRef;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.core.table.TableLimits;
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
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * The references of versions. One is frozen once, since what was counted on its bins could not be
 * compared with another's. Thread-safe.
 */
public final class References implements ReferenceSource {
  /** A version got its reference; the evidence is the artifact and the data. */
  public static final String FROZEN = "model-version.reference-frozen";

  /** Rows and their copies are held in memory while bins are cut. */
  private static final int CONCURRENT_MAX = 2;

  /**
   * Kind of its subject, which is not the version: that one's states are of what was registered.
   */
  static final String SUBJECT = "model-reference";

  private final ControlStore store;
  private final Registry registry;
  private final ArtifactSource artifacts;
  private final EngineSelector engines;
  private final TableLimits limits;
  private final InstantSource clock;
  private final Semaphore turns = new Semaphore(CONCURRENT_MAX, true);

  /** Of versions that were served since the start; empty for one that has none. */
  private final ConcurrentMap<ModelRef, Optional<FrozenReference>> served =
      new ConcurrentHashMap<>();

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
   *     the version has another reference; TOO_MANY_REQUESTS while others are made
   */
  public FrozenReference freeze(Principal principal, ModelRef ref, Path rows) {
    ModelVersion version = registry.version(ref);
    if (!turns.tryAcquire()) {
      throw new SlipwayException(
          ErrorCode.TOO_MANY_REQUESTS,
          "%d references are being made (expected: fewer)".formatted(CONCURRENT_MAX));
    }
    try {
      TableFile file = read(rows);
      Optional<FrozenReference> before = find(ref);
      if (before.isPresent()) {
        return requireSame(ref, before.get(), file.digest());
      }
      FrozenReference frozen = build(version, file);
      keep(principal, version, frozen);
      served.computeIfPresent(ref, (known, none) -> Optional.of(frozen));
      return frozen;
    } finally {
      turns.release();
    }
  }

  /**
   * Freezes a reference that was made elsewhere, of the same model.
   *
   * @param document as {@link CellJson} writes it
   * @throws SlipwayException as {@link #freeze}; BAD_REQUEST if the document is none
   */
  public FrozenReference adopt(Principal principal, ModelRef ref, byte[] document) {
    ModelVersion version = registry.version(ref);
    FrozenReference frozen;
    try {
      frozen = FrozenReference.of(CellJson.readReference(document));
    } catch (IllegalArgumentException e) {
      throw new SlipwayException(ErrorCode.BAD_REQUEST, String.valueOf(e.getMessage()), e);
    }
    keep(principal, version, frozen);
    served.computeIfPresent(ref, (known, none) -> Optional.of(frozen));
    return frozen;
  }

  private void keep(Principal principal, ModelVersion version, FrozenReference frozen) {
    ModelRef ref = version.ref();
    store.commit(
        work -> {
          ReferenceTable table = new ReferenceTable(work.sql());
          Optional<ReferenceTable.Row> before = table.find(ref);
          if (before.isPresent()) {
            requireSame(ref, before.get().frozen(), frozen.reference().data());
            return false;
          }
          table.add(ref, frozen, clock.instant());
          work.append(
              AuditEntry.of(
                      principal.actor(),
                      FROZEN,
                      new Subject(SUBJECT, ref.toString()),
                      clock.instant())
                  .withStates(null, frozen.digest())
                  .withEvidence(
                      List.of(ContentDigest.of(version.digest()), frozen.reference().data())));
          return true;
        });
  }

  private TableFile read(Path rows) {
    try {
      return TableFile.read(rows, limits);
    } catch (IOException | IllegalArgumentException e) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "rows: " + (e instanceof IOException ? e.toString() : e.getMessage()),
          e);
    }
  }

  private FrozenReference build(ModelVersion version, TableFile file) {
    try (RowModel model = RowModel.open(version, artifacts.artifact(version), engines)) {
      return FrozenReference.of(ReferenceBuilder.of(file.digest(), file.table(), model));
    }
  }

  private static FrozenReference requireSame(
      ModelRef ref, FrozenReference before, ContentDigest data) {
    if (!before.reference().data().equals(data)) {
      throw new SlipwayException(
          ErrorCode.CONFLICT,
          "%s has a reference of other data, %s (expected: none; register a new version for new data)"
              .formatted(ref, before.reference().data()));
    }
    return before;
  }

  /** The reference of a version, from the database. */
  public Optional<FrozenReference> find(ModelRef ref) {
    return store
        .read(view -> new ReferenceTable(view.sql()).find(ref))
        .map(ReferenceTable.Row::frozen);
  }

  @Override
  public void prepare(ModelRef version) {
    served.computeIfAbsent(version, this::find);
  }

  @Override
  public @Nullable FrozenReference reference(ModelRef version) {
    return served.getOrDefault(version, Optional.empty()).orElse(null);
  }
}
