package dev.slipway.platform.registry;

import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.identity.Principal;
import dev.slipway.core.model.ArtifactDigest;
import dev.slipway.core.model.ModelName;
import dev.slipway.core.model.ModelRef;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.core.model.RegisteredModel;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.platform.audit.AuditActions;
import dev.slipway.serving.engine.EngineSelector;
import dev.slipway.serving.engine.InferenceSession;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.MeasuredCost;
import dev.slipway.serving.engine.ModelArtifact;
import dev.slipway.serving.engine.ModelEngine;
import dev.slipway.serving.engine.WarmUp;
import dev.slipway.store.blob.BlobStore;
import dev.slipway.store.blob.StagedTree;
import dev.slipway.store.control.ControlStore;
import dev.slipway.store.control.ControlView;
import dev.slipway.store.control.VersionDraft;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes models in. A version is looked at, tried with one real inference, frozen, and only then
 * registered, all on one private copy of its bytes; a model that fails any of it changes nothing.
 * Thread-safe; every method blocks.
 */
public final class Registry {
  private static final Logger LOG = LoggerFactory.getLogger(Registry.class);

  private final ControlStore store;
  private final BlobStore blobs;
  private final EngineSelector engines;
  private final ExampleInputs examples;
  private final RegistryLimits limits;
  private final InstantSource clock;
  private final Semaphore turns;

  /**
   * @param engines in the order in which they are preferred
   */
  public Registry(
      ControlStore store,
      BlobStore blobs,
      List<ModelEngine> engines,
      ExampleReader examples,
      RegistryLimits limits,
      InstantSource clock) {
    this.store = store;
    this.blobs = blobs;
    this.examples = new ExampleInputs(examples);
    this.engines = new EngineSelector(engines, new WarmUp(version -> List.of()));
    this.limits = limits;
    this.clock = clock;
    this.turns = new Semaphore(limits.concurrentMax(), true);
  }

  /**
   * Registers the next version of a model. The same bytes as the newest version's give that
   * version, so that a retry is harmless.
   *
   * @param principal who asks
   * @param source model file, or folder with one; a {@code slipway-model.yaml} in the folder, or
   *     beside the file, describes it and is frozen with it
   * @param dryRun checks everything and keeps nothing
   * @throws SlipwayException of class CALLER if the artifact or its description is refused;
   *     TOO_MANY_REQUESTS if others take too long; STORE_UNAVAILABLE if it cannot be kept
   */
  public Registration register(Principal principal, String name, Path source, boolean dryRun) {
    ModelName.require(name);
    takeTurn();
    try (StagedTree staged = blobs.stage(sources(source))) {
      Optional<ModelVersion> latest = store.read(view -> view.latestVersion(name));
      if (latest.isPresent() && latest.get().digest().equals(staged.digest())) {
        if (!dryRun) {
          // Puts the right bytes back where those that are kept were damaged or lost.
          staged.freeze();
        }
        return new Registration(latest.get(), false);
      }
      VersionDraft draft = check(name, staged, "");
      if (dryRun) {
        int next = latest.map(version -> version.ref().version() + 1).orElse(1);
        return new Registration(draft.numbered(next), false);
      }
      staged.freeze();
      return commit(principal, draft);
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorCode.STORE_UNAVAILABLE, "the copied artifact cannot be read: " + e, e);
    } finally {
      turns.release();
    }
  }

  /**
   * Checks a staged artifact as {@link #register} does, and keeps nothing.
   *
   * @param name of the model; any text
   * @param modelFile path of the model file in it, where its description names none; empty if only
   *     what the files hold tells
   * @return what could be registered
   * @throws SlipwayException of class CALLER if it cannot be served here; TOO_MANY_REQUESTS if
   *     others take too long
   */
  public VersionDraft examine(String name, StagedTree staged, String modelFile) {
    takeTurn();
    try {
      return check(name, staged, modelFile);
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorCode.STORE_UNAVAILABLE, "the copied artifact cannot be read: " + e, e);
    } finally {
      turns.release();
    }
  }

  /**
   * Checks what {@link #register} would take in, and lends it without keeping anything.
   *
   * @param source as for {@link #register}
   * @return to be closed
   * @throws SlipwayException as {@link #register}
   */
  public ExaminedModel examine(String name, Path source) {
    ModelName.require(name);
    takeTurn();
    try {
      StagedTree staged = blobs.stage(sources(source));
      boolean lent = false;
      try {
        VersionDraft draft = check(name, staged, "");
        int number =
            store
                .read(view -> view.latestVersion(name))
                .map(
                    latest ->
                        latest.ref().version() + (latest.digest().equals(draft.digest()) ? 0 : 1))
                .orElse(1);
        ExaminedModel examined = new ExaminedModel(draft.numbered(number), staged);
        lent = true;
        return examined;
      } finally {
        if (!lent) {
          staged.close();
        }
      }
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorCode.STORE_UNAVAILABLE, "the copied artifact cannot be read: " + e, e);
    } finally {
      turns.release();
    }
  }

  /**
   * @throws SlipwayException NOT_FOUND
   */
  public RegisteredModel model(String name) {
    return store.read(view -> requireModel(view, name));
  }

  /**
   * Versions of a model, the newest first.
   *
   * @throws SlipwayException NOT_FOUND
   */
  public List<ModelVersion> versions(String name) {
    return store.read(
        view -> {
          requireModel(view, name);
          return view.versions(name);
        });
  }

  /** Models in the order of their names, at most {@code count}, beginning after {@code after}. */
  public List<RegisteredModel> models(String after, int count) {
    return store.read(view -> view.models(after, count));
  }

  /**
   * @throws SlipwayException NOT_FOUND
   */
  public ModelVersion version(ModelRef ref) {
    return store.read(
        view -> {
          RegisteredModel model = requireModel(view, ref.model());
          return view.version(ref)
              .orElseThrow(
                  () ->
                      new SlipwayException(
                          ErrorCode.NOT_FOUND,
                          "model version %s (expected: 1..%d)"
                              .formatted(ref, model.latestVersion())));
        });
  }

  /**
   * Removes the artifacts that were frozen here and that no version names, which a crash between
   * freezing and registering left. Only for the start, before anything is registered: a
   * registration under way has an artifact before it has a version.
   *
   * <p>Where no version is registered at all, nothing is removed, so that whoever loses the
   * database does not lose the models with it.
   */
  public void discardUnregistered() {
    Set<ArtifactDigest> named = store.read(ControlView::artifacts);
    List<ArtifactDigest> left =
        blobs.discardable().stream().filter(digest -> !named.contains(digest)).toList();
    if (left.isEmpty()) {
      return;
    }
    if (named.isEmpty()) {
      LOG.warn("{} artifacts are kept, and no version is registered that names any", left.size());
      return;
    }
    long bytes = 0;
    int removed = 0;
    for (ArtifactDigest digest : left) {
      try {
        bytes += blobs.discard(digest);
        removed++;
      } catch (SlipwayException e) {
        LOG.warn("{}; the next start tries again", e.getMessage(), e);
        // A store that does not answer would keep the start waiting for each of them.
        break;
      }
    }
    LOG.info("removed {} artifacts that no version names, {} bytes", removed, bytes);
  }

  private static List<Path> sources(Path source) {
    Path description = source.resolveSibling(ModelDescriptionReader.FILE);
    boolean described =
        Files.isRegularFile(source)
            && Files.isRegularFile(description)
            && !description.equals(source);
    return described ? List.of(source, description) : List.of(source);
  }

  private static RegisteredModel requireModel(ControlView view, String name) {
    return view.model(name)
        .orElseThrow(
            () ->
                new SlipwayException(
                    ErrorCode.NOT_FOUND, "model '%s' is not registered".formatted(name)));
  }

  private void takeTurn() {
    try {
      if (turns.tryAcquire(limits.waitMax().toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new SlipwayException(
        ErrorCode.TOO_MANY_REQUESTS,
        "%d registrations are under way (expected: at most that)"
            .formatted(limits.concurrentMax()));
  }

  private VersionDraft check(String name, StagedTree staged, String modelFile) throws IOException {
    StagedModel model = StagedModel.find(staged.root(), modelFile);
    ModelDescription description = model.description();
    ModelArtifact artifact =
        new ModelArtifact(
            staged.digest(),
            model.format(),
            staged.root(),
            staged.root().resolve(model.primaryFile()));
    ModelSignature signature =
        SignatureMerge.merge(
            engines.inspect(artifact, description.settings().engine()), description);
    VersionDraft draft =
        new VersionDraft(
            name,
            staged.digest(),
            model.format(),
            model.primaryFile(),
            signature,
            description.settings(),
            description.description(),
            description.exampleRequest(),
            staged.sizeBytes(),
            clock.instant());
    tryOut(draft.numbered(1), artifact);
    return draft;
  }

  /** Loads the model as the serving plane will, and lets it answer. */
  private void tryOut(ModelVersion version, ModelArtifact artifact) {
    List<Tensor> example = examples.apply(version);
    try (LoadedModel model = engines.load(version, artifact, MeasuredCost.UNKNOWN).model();
        InferenceSession session = model.openSession()) {
      TrialRun trial = new TrialRun(version.signature(), session);
      if (example.isEmpty()) {
        trial.withSyntheticInputs();
      } else {
        trial.withExample(example);
      }
    }
  }

  private Registration commit(Principal principal, VersionDraft draft) {
    return store.commit(
        work -> {
          // Another registration of the same bytes may have been faster.
          Optional<ModelVersion> latest = work.latestVersion(draft.model());
          if (latest.isPresent() && latest.get().digest().equals(draft.digest())) {
            return new Registration(latest.get(), false);
          }
          ModelVersion version = work.addVersion(draft);
          ContentDigest state = work.versionState(version.ref()).orElseThrow();
          work.governance().putRegistrant(version.ref(), principal.name());
          work.append(AuditActions.registered(principal.actor(), version, state));
          return new Registration(version, true);
        });
  }
}
