package dev.slipway.platform.mlflow;

import dev.slipway.core.artifact.ArtifactPath;
import dev.slipway.core.error.ErrorClass;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.governance.PromotionTarget;
import dev.slipway.core.model.ListedVersion;
import dev.slipway.core.model.ModelRef;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.core.model.VersionCard;
import dev.slipway.core.search.Filter;
import dev.slipway.core.search.Ordering;
import dev.slipway.core.search.Page;
import dev.slipway.platform.artifact.Artifacts;
import dev.slipway.platform.audit.AuditActions;
import dev.slipway.platform.registry.MlmodelFile;
import dev.slipway.platform.registry.Registry;
import dev.slipway.platform.tracking.LoggedModels;
import dev.slipway.platform.tracking.Requested;
import dev.slipway.store.blob.StagedTree;
import dev.slipway.store.control.ControlStore;
import dev.slipway.store.control.ControlView;
import dev.slipway.store.control.UnitOfWork;
import dev.slipway.store.control.VersionDraft;
import dev.slipway.store.registry.RegistryTables;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Numbered versions of models. At its registration the files of a version are copied, frozen and
 * named by digest, so that nothing that happens to the run's artifacts later changes it.
 * Thread-safe; every method blocks.
 */
public final class RegisteredVersions {
  private static final String PROMPT_TAG = "mlflow.prompt.is_prompt";
  private static final int SOURCE_CHARACTERS_MAX = 1_000;

  private final ControlStore store;
  private final Artifacts artifacts;
  private final Registry registry;
  private final RegistryProtection protection;
  private final InstantSource clock;

  public RegisteredVersions(
      ControlStore store,
      Artifacts artifacts,
      Registry registry,
      RegistryProtection protection,
      InstantSource clock) {
    this.store = store;
    this.artifacts = artifacts;
    this.registry = registry;
    this.protection = protection;
    this.clock = clock;
  }

  /** What was found in the files of a version. */
  private record Found(@Nullable VersionDraft draft, String digest, String obstacle) {}

  /**
   * Registers the next version of a model. One that can be served here can be deployed from now on;
   * of others the card says why not.
   *
   * @throws SlipwayException NOT_FOUND if the model, or what the source names, does not exist;
   *     BAD_REQUEST for another kind of source; PAYLOAD_TOO_LARGE past the limits of artifacts
   */
  public ListedVersion create(Requested asked, VersionRequest request) {
    RegisteredModels.requireTags(request.tags());
    RegisteredModels.requireText("description", request.description());
    if (request.source().isEmpty() || request.source().length() > SOURCE_CHARACTERS_MAX) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "source: %d characters (expected: 1 to %d)"
              .formatted(request.source().length(), SOURCE_CHARACTERS_MAX));
    }
    boolean isPrompt = request.tags().containsKey(PROMPT_TAG);
    Origin origin =
        store.read(
            view -> {
              RegisteredModels.require(view, request.model());
              return new Origin(
                  isPrompt ? ArtifactPath.ROOT : ArtifactSources.resolve(view, request.source()),
                  runOf(view, request));
            });
    return create(asked, request.madeBy(origin.runId()), isPrompt, origin.path());
  }

  /** Where a version comes from: its files, and the run that made it, or an empty text. */
  private record Origin(ArtifactPath path, String runId) {}

  /** A logged model's run made its versions too, though clients do not say so. */
  private static String runOf(ControlView view, VersionRequest request) {
    return request.runId().isEmpty() && !request.loggedModelId().isEmpty()
        ? LoggedModels.require(view, request.loggedModelId()).sourceRunId()
        : request.runId();
  }

  private ListedVersion create(
      Requested asked, VersionRequest request, boolean isPrompt, ArtifactPath path) {
    // The root is what a source without files resolves to; all artifacts together are no model.
    Optional<StagedTree> files = path.names().isEmpty() ? Optional.empty() : artifacts.stage(path);
    if (files.isEmpty()) {
      String obstacle = isPrompt ? "it is a prompt" : "its source holds no files";
      return commit(asked, request, new Found(null, "", obstacle));
    }
    try (StagedTree staged = files.get()) {
      Found found = examine(request.model(), staged);
      staged.freeze();
      return commit(asked, request, found);
    }
  }

  private Found examine(String model, StagedTree staged) {
    String digest = staged.digest().value();
    try {
      Optional<MlmodelFile> described = MlmodelFile.in(staged.root());
      if (described.isPresent() && described.get().servable().isEmpty()) {
        return new Found(
            null,
            digest,
            "of its flavors (%s) none is served here (expected: onnx, xgboost or lightgbm)"
                .formatted(String.join(", ", described.get().flavors())));
      }
      String file = described.flatMap(MlmodelFile::servable).orElse("");
      return new Found(registry.examine(model, staged, file), digest, "");
    } catch (SlipwayException e) {
      if (e.code().errorClass() != ErrorClass.CALLER) {
        throw e;
      }
      return new Found(null, digest, e.getMessage());
    }
  }

  private ListedVersion commit(Requested asked, VersionRequest request, Found found) {
    Instant now = clock.instant();
    return store.commit(
        work -> {
          RegisteredModels.require(work, request.model());
          ModelRef ref = new ModelRef(request.model(), work.nextVersion(request.model(), now));
          VersionCard card =
              new VersionCard(
                  ref,
                  request.source(),
                  request.runId(),
                  request.runLink(),
                  request.loggedModelId(),
                  Stage.NONE.text(),
                  request.description(),
                  found.digest(),
                  found.obstacle(),
                  now,
                  now);
          RegistryTables tables = new RegistryTables(work.sql());
          VersionDraft draft = found.draft();
          work.putCard(card);
          tables.putVersionTags(ref, request.tags());
          work.governance().putRegistrant(ref, asked.principal().name());
          if (!card.loggedModelId().isEmpty()) {
            LoggedModels.noteVersion(work, card.loggedModelId(), ref);
          }
          if (draft == null) {
            work.append(
                asked.entry("model-version.listed", AuditActions.VERSION, ref.toString(), now));
          } else {
            ModelVersion version = draft.numbered(ref.version());
            work.putVersion(version);
            work.append(
                AuditActions.registered(
                    asked.actor(), version, work.versionState(ref).orElseThrow()));
          }
          return require(work, ref);
        });
  }

  /**
   * @throws SlipwayException NOT_FOUND
   */
  public ListedVersion version(ModelRef ref) {
    return store.read(view -> require(view, ref));
  }

  /** Searches versions; {@code token} as {@link Page#nextToken}. */
  public Page<ListedVersion> search(Filter filter, List<Ordering> orders, String token, int count) {
    return store.read(
        view -> new RegistryTables(view.sql()).versions(filter, orders, token, count));
  }

  /**
   * The newest version of each stage that has one.
   *
   * @param stages empty means all
   * @throws SlipwayException NOT_FOUND
   */
  public List<ListedVersion> latest(String model, List<Stage> stages) {
    List<String> wanted =
        (stages.isEmpty() ? List.of(Stage.values()) : stages).stream().map(Stage::text).toList();
    return store.read(view -> RegisteredModels.require(view, model)).latest().stream()
        .filter(version -> wanted.contains(version.card().stage()))
        .toList();
  }

  /**
   * URI of the files, frozen at the registration.
   *
   * @throws SlipwayException NOT_FOUND
   */
  public String filesOf(ModelRef ref) {
    VersionCard card = version(ref).card();
    return card.digest().isEmpty()
        ? card.source()
        : VersionCard.FROZEN + card.digest().substring("sha256:".length());
  }

  /**
   * @throws SlipwayException NOT_FOUND; BAD_REQUEST
   */
  public ListedVersion describe(Requested asked, ModelRef ref, String description) {
    RegisteredModels.requireText("description", description);
    Instant now = clock.instant();
    return change(
        asked,
        "model-version.described",
        ref,
        now,
        (work, tables) ->
            update(work, tables, ref, card -> with(card, card.stage(), description, now)));
  }

  /**
   * Moves a version to a stage.
   *
   * @param archiveOthers moves what was there to ARCHIVED; only for STAGING and PRODUCTION
   * @throws SlipwayException NOT_FOUND; BAD_REQUEST; POLICY_REFUSED if the stage is protected and
   *     no promotion allows it, or the version is in a protected one
   */
  public ListedVersion move(Requested asked, ModelRef ref, Stage stage, boolean archiveOthers) {
    if (archiveOthers && stage != Stage.STAGING && stage != Stage.PRODUCTION) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "archive_existing_versions: true for stage %s (expected: Staging or Production)"
              .formatted(stage.text()));
    }
    PromotionTarget target = new PromotionTarget.OfStage(ref.model(), stage.text());
    String from = store.read(view -> require(view, ref)).card().stage();
    boolean moves = !from.equals(stage.text());
    if (moves) {
      store.read(view -> requireFree(view, ref, from));
      protection.requirePromoted(asked.principal(), ref, target);
    }
    Instant now = clock.instant();
    return change(
        asked,
        "model-version.staged",
        ref,
        now,
        (work, tables) -> {
          if (moves) {
            requireFree(work, ref, from);
            protection.carryOut(work, ref, target, now);
          }
          if (archiveOthers) {
            for (int other : tables.inStage(ref.model(), stage.text())) {
              if (other != ref.version()) {
                update(
                    work,
                    tables,
                    new ModelRef(ref.model(), other),
                    card -> with(card, Stage.ARCHIVED.text(), card.description(), now));
              }
            }
          }
          update(work, tables, ref, card -> with(card, stage.text(), card.description(), now));
          RegisteredModels.touch(work, ref.model(), now);
        });
  }

  /**
   * @throws SlipwayException NOT_FOUND; BAD_REQUEST
   */
  public void tag(Requested asked, ModelRef ref, String key, String value) {
    RegisteredModels.requireTags(Map.of(key, value));
    change(
        asked,
        "model-version.tagged",
        ref,
        clock.instant(),
        (work, tables) -> tables.putVersionTags(ref, Map.of(key, value)));
  }

  /** Removes a tag if it is there. */
  public void untag(Requested asked, ModelRef ref, String key) {
    change(
        asked,
        "model-version.untagged",
        ref,
        clock.instant(),
        (work, tables) -> tables.removeVersionTag(ref, key));
  }

  /**
   * Deletes a version, its tags and the aliases that point to it. Its frozen files go with the
   * server's next start, unless another version has them too.
   *
   * @throws SlipwayException NOT_FOUND; PERMISSION_DENIED while it is deployed
   */
  public void delete(Requested asked, ModelRef ref) {
    Instant now = clock.instant();
    store.commit(
        work -> {
          ListedVersion listed = require(work, ref);
          RegistryTables tables = new RegistryTables(work.sql());
          RegisteredModels.requireNotDeployed(tables, ref.model(), ref.version());
          requireFree(work, ref, listed.card().stage());
          for (String alias : listed.aliases()) {
            RegisteredModels.requireUnprotected(
                protection, work, new PromotionTarget.OfAlias(ref.model(), alias));
          }
          tables.deleteVersion(ref);
          RegisteredModels.touch(work, ref.model(), now);
          return work.append(RegisteredModels.deleted(asked, ref, now));
        });
  }

  /** Refuses to take a version out of a protected stage. */
  private boolean requireFree(ControlView view, ModelRef ref, String stage) {
    RegisteredModels.requireUnprotected(
        protection, view, new PromotionTarget.OfStage(ref.model(), stage));
    return true;
  }

  private interface Step {
    void run(UnitOfWork work, RegistryTables tables);
  }

  /** What is said of a version is no change of its model; what is in a stage is one. */
  private ListedVersion change(
      Requested asked, String action, ModelRef ref, Instant now, Step step) {
    return store.commit(
        work -> {
          require(work, ref);
          step.run(work, new RegistryTables(work.sql()));
          work.append(asked.entry(action, AuditActions.VERSION, ref.toString(), now));
          return require(work, ref);
        });
  }

  private static void update(
      UnitOfWork work, RegistryTables tables, ModelRef ref, UnaryOperator<VersionCard> change) {
    tables.update(change.apply(require(work, ref).card()));
  }

  private static VersionCard with(VersionCard card, String stage, String description, Instant now) {
    return new VersionCard(
        card.ref(),
        card.source(),
        card.runId(),
        card.runLink(),
        card.loggedModelId(),
        stage,
        description,
        card.digest(),
        card.obstacle(),
        card.createdAt(),
        now);
  }

  static ListedVersion require(ControlView view, ModelRef ref) {
    return new RegistryTables(view.sql())
        .version(ref)
        .map(
            found ->
                new ListedVersion(
                    withObstacle(found.card()), found.tags(), new ArrayList<>(found.aliases())))
        .orElseThrow(
            () ->
                new SlipwayException(
                    ErrorCode.NOT_FOUND,
                    "Model Version (name=%s, version=%d) not found"
                        .formatted(ref.model(), ref.version())));
  }

  /** A version that could be served is held up by the name of its model alone. */
  private static VersionCard withObstacle(VersionCard card) {
    return card.obstacle().isEmpty()
        ? RegistryNames.obstacle(card.ref().model())
            .map(
                obstacle ->
                    new VersionCard(
                        card.ref(),
                        card.source(),
                        card.runId(),
                        card.runLink(),
                        card.loggedModelId(),
                        card.stage(),
                        card.description(),
                        card.digest(),
                        obstacle,
                        card.createdAt(),
                        card.updatedAt()))
            .orElse(card)
        : card;
  }
}
