package dev.slipway.platform.mlflow;

import dev.slipway.core.audit.entry.AuditEntry;
import dev.slipway.core.audit.entry.Subject;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.governance.PromotionTarget;
import dev.slipway.core.model.ListedVersion;
import dev.slipway.core.model.ModelCard;
import dev.slipway.core.model.ModelRef;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.core.search.Filter;
import dev.slipway.core.search.Ordering;
import dev.slipway.core.search.Page;
import dev.slipway.platform.audit.AuditActions;
import dev.slipway.platform.tracking.Requested;
import dev.slipway.platform.tracking.TrackingLimits;
import dev.slipway.store.control.ControlStore;
import dev.slipway.store.control.ControlView;
import dev.slipway.store.control.UnitOfWork;
import dev.slipway.store.registry.RegistryTables;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Models with their tags and aliases. Thread-safe; every method blocks. */
public final class RegisteredModels {
  private static final String KIND = "registered-model";
  private static final int TEXT_CHARACTERS_MAX = 100_000;

  private final ControlStore store;
  private final RegistryProtection protection;
  private final InstantSource clock;

  public RegisteredModels(ControlStore store, RegistryProtection protection, InstantSource clock) {
    this.store = store;
    this.protection = protection;
    this.clock = clock;
  }

  /**
   * Makes a model without versions.
   *
   * @throws SlipwayException ALREADY_EXISTS; BAD_REQUEST
   */
  public ModelCard create(
      Requested asked, String name, String description, Map<String, String> tags) {
    RegistryNames.requireModel(name);
    requireTags(tags);
    requireText("description", description);
    Instant now = clock.instant();
    return store.commit(
        work -> {
          RegistryTables tables = new RegistryTables(work.sql());
          if (!tables.addModel(name, description, now)) {
            throw new SlipwayException(
                ErrorCode.ALREADY_EXISTS,
                "Registered Model (name=%s) already exists".formatted(name));
          }
          tables.modelTags().put(name, tags);
          work.append(asked.entry("registered-model.created", KIND, name, now));
          return require(work, name);
        });
  }

  /**
   * @throws SlipwayException NOT_FOUND
   */
  public ModelCard model(String name) {
    return store.read(view -> require(view, name));
  }

  /** Searches models; {@code token} as {@link Page#nextToken}. */
  public Page<ModelCard> search(Filter filter, List<Ordering> orders, String token, int count) {
    return store.read(view -> new RegistryTables(view.sql()).models(filter, orders, token, count));
  }

  /**
   * @throws SlipwayException NOT_FOUND; BAD_REQUEST
   */
  public ModelCard describe(Requested asked, String name, String description) {
    requireText("description", description);
    return change(
        asked,
        "registered-model.described",
        name,
        tables -> tables.describe(name, description, clock.instant()));
  }

  /**
   * @throws SlipwayException NOT_FOUND; BAD_REQUEST
   */
  public void tag(Requested asked, String name, String key, String value) {
    requireTags(Map.of(key, value));
    change(
        asked,
        "registered-model.tagged",
        name,
        tables -> tables.modelTags().put(name, Map.of(key, value)));
  }

  /** Removes a tag if it is there. */
  public void untag(Requested asked, String name, String key) {
    change(
        asked, "registered-model.untagged", name, tables -> tables.modelTags().remove(name, key));
  }

  /**
   * Points an alias to a version.
   *
   * @throws SlipwayException NOT_FOUND if there is no such version; BAD_REQUEST; POLICY_REFUSED if
   *     the alias is protected and no promotion allows it
   */
  public void alias(Requested asked, ModelRef ref, String alias) {
    RegistryNames.requireAlias(alias);
    PromotionTarget target = new PromotionTarget.OfAlias(ref.model(), alias);
    boolean isThere =
        store.read(
            view -> {
              RegisteredVersions.require(view, ref);
              return new RegistryTables(view.sql())
                  .aliased(ref.model(), alias)
                  .filter(ref::equals)
                  .isPresent();
            });
    if (!isThere) {
      protection.requirePromoted(asked.principal(), ref, target);
    }
    Instant now = clock.instant();
    store.commit(
        work -> {
          RegisteredVersions.require(work, ref);
          if (!isThere) {
            protection.carryOut(work, ref, target, now);
          }
          new RegistryTables(work.sql()).putAlias(ref, alias);
          touch(work, ref.model(), now);
          return work.append(
              asked.entry("alias.set", "model-alias", subject(ref.model(), alias), now));
        });
  }

  /** Removes an alias if it is there. */
  public void unalias(Requested asked, String name, String alias) {
    RegistryNames.requireAlias(alias);
    Instant now = clock.instant();
    store.commit(
        work -> {
          if (require(work, name).aliases().containsKey(alias)) {
            requireUnprotected(work, new PromotionTarget.OfAlias(name, alias));
          }
          new RegistryTables(work.sql()).removeAlias(name, alias);
          touch(work, name, now);
          return work.append(
              asked.entry("alias.removed", "model-alias", subject(name, alias), now));
        });
  }

  /** What a promotion put somewhere only another promotion takes away. */
  private void requireUnprotected(ControlView view, PromotionTarget target) {
    requireUnprotected(protection, view, target);
  }

  static void requireUnprotected(
      RegistryProtection protection, ControlView view, PromotionTarget target) {
    if (protection.isProtected(view, target)) {
      throw new SlipwayException(
          ErrorCode.POLICY_REFUSED,
          "%s is protected: what is there stays until another version is promoted (slipway promotion request NAME/V --to %s)"
              .formatted(target.label(), target.label()));
    }
  }

  /** Refuses while any of a model's aliases or stages is protected. */
  private void requireNothingProtected(UnitOfWork work, ModelCard model) {
    for (String alias : model.aliases().keySet()) {
      requireUnprotected(work, new PromotionTarget.OfAlias(model.name(), alias));
    }
    for (ListedVersion version : model.latest()) {
      requireUnprotected(work, new PromotionTarget.OfStage(model.name(), version.card().stage()));
    }
  }

  private static String subject(String model, String alias) {
    String text = model + "@" + alias;
    return text.length() > AuditEntry.NAME_CHARACTERS_MAX
        ? text.substring(0, AuditEntry.NAME_CHARACTERS_MAX)
        : text;
  }

  /**
   * @throws SlipwayException NOT_FOUND if there is no such model or alias
   */
  public ListedVersion aliased(String name, String alias) {
    return store.read(
        view -> {
          require(view, name);
          ModelRef ref =
              new RegistryTables(view.sql())
                  .aliased(name, alias)
                  .orElseThrow(
                      () ->
                          new SlipwayException(
                              ErrorCode.NOT_FOUND,
                              "Registered model alias %s not found.".formatted(alias)));
          return RegisteredVersions.require(view, ref);
        });
  }

  /**
   * Gives a model another name. Its versions keep their numbers.
   *
   * @throws SlipwayException NOT_FOUND; ALREADY_EXISTS; PERMISSION_DENIED while it is deployed;
   *     POLICY_REFUSED while a protected alias or stage is its
   */
  public ModelCard rename(Requested asked, String name, String to) {
    RegistryNames.requireModel(to);
    Instant now = clock.instant();
    return store.commit(
        work -> {
          requireNothingProtected(work, require(work, name));
          RegistryTables tables = new RegistryTables(work.sql());
          if (tables.model(to).isPresent()) {
            throw new SlipwayException(
                ErrorCode.ALREADY_EXISTS,
                "Registered Model (name=%s) already exists".formatted(to));
          }
          requireNotDeployed(tables, name, 0);
          List<ModelVersion> versions = work.versions(name);
          tables.rename(name, to, now);
          work.append(asked.entry("registered-model.renamed", KIND, name, now));
          for (ModelVersion version : versions) {
            work.append(deleted(asked, version.ref(), now));
            ModelRef ref = new ModelRef(to, version.ref().version());
            work.append(
                AuditActions.registered(
                    asked.actor(),
                    work.version(ref).orElseThrow(),
                    work.versionState(ref).orElseThrow()));
          }
          return require(work, to);
        });
  }

  /**
   * Deletes a model with its versions, tags and aliases.
   *
   * @throws SlipwayException NOT_FOUND; PERMISSION_DENIED while it is deployed; POLICY_REFUSED
   *     while a protected alias or stage is its
   */
  public void delete(Requested asked, String name) {
    Instant now = clock.instant();
    store.commit(
        work -> {
          requireNothingProtected(work, require(work, name));
          RegistryTables tables = new RegistryTables(work.sql());
          requireNotDeployed(tables, name, 0);
          work.versions(name).forEach(version -> work.append(deleted(asked, version.ref(), now)));
          tables.deleteModel(name);
          return work.append(asked.entry("registered-model.deleted", KIND, name, now));
        });
  }

  static AuditEntry deleted(Requested asked, ModelRef ref, Instant now) {
    return AuditEntry.of(
            asked.actor(),
            AuditActions.VERSION_DELETED,
            new Subject(AuditActions.VERSION, ref.toString()),
            now)
        .withEvidence(List.of(asked.request()));
  }

  private ModelCard change(
      Requested asked, String action, String name, Consumer<RegistryTables> step) {
    Instant now = clock.instant();
    return store.commit(
        work -> {
          require(work, name);
          step.accept(new RegistryTables(work.sql()));
          touch(work, name, now);
          work.append(asked.entry(action, KIND, name, now));
          return require(work, name);
        });
  }

  static void touch(UnitOfWork work, String name, Instant now) {
    new RegistryTables(work.sql()).touch(name, now);
  }

  /**
   * What serves, or served before and may be gone back to, has to stay.
   *
   * @param version number; 0 means any
   */
  static void requireNotDeployed(RegistryTables tables, String name, int version) {
    List<String> deployments = tables.deploymentsOf(name, version);
    if (!deployments.isEmpty()) {
      throw new SlipwayException(
          ErrorCode.PERMISSION_DENIED,
          "%s is in use by deployment %s, which serves it or would after an undo; deploy other"
                  .formatted(
                      version == 0 ? name : new ModelRef(name, version),
                      String.join(", ", deployments))
              + " versions there first");
    }
  }

  static ModelCard require(ControlView view, String name) {
    return new RegistryTables(view.sql())
        .model(name)
        .orElseThrow(
            () ->
                new SlipwayException(
                    ErrorCode.NOT_FOUND,
                    "Registered Model with name=%s not found".formatted(name)));
  }

  static void requireTags(Map<String, String> tags) {
    tags.forEach(
        (key, value) -> {
          TrackingLimits.requireKey("tag", key);
          requireText("tag " + key, value);
        });
  }

  static void requireText(String what, String text) {
    if (text.length() > TEXT_CHARACTERS_MAX) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "%s: %d characters (expected: at most %d)"
              .formatted(what, text.length(), TEXT_CHARACTERS_MAX));
    }
  }
}
