package dev.slipway.http.mlflow;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ListedVersion;
import dev.slipway.core.model.ModelCard;
import dev.slipway.core.model.ModelRef;
import dev.slipway.core.search.Page;
import dev.slipway.platform.mlflow.RegisteredModels;
import dev.slipway.platform.mlflow.RegisteredVersions;
import dev.slipway.platform.mlflow.Stage;
import dev.slipway.platform.mlflow.VersionRequest;
import java.util.List;

/** Operations on registered models and their versions. */
final class RegistryRoutes {
  private static final int MODELS_DEFAULT = 100;
  private static final int MODELS_MAX = 1_000;
  private static final int VERSIONS_DEFAULT = 10_000;
  private static final int VERSIONS_MAX = 200_000;

  private final RegisteredModels models;
  private final RegisteredVersions versions;

  RegistryRoutes(RegisteredModels models, RegisteredVersions versions) {
    this.models = models;
    this.versions = versions;
  }

  List<MlflowRoute> routes() {
    return List.of(
        MlflowRoute.post("registered-models/create", this::createModel),
        MlflowRoute.post("registered-models/rename", this::renameModel),
        MlflowRoute.patch("registered-models/update", this::describeModel),
        MlflowRoute.delete("registered-models/delete", this::deleteModel),
        MlflowRoute.get("registered-models/get", this::getModel),
        MlflowRoute.get("registered-models/search", this::searchModels),
        MlflowRoute.post("registered-models/get-latest-versions", this::latest),
        MlflowRoute.get("registered-models/get-latest-versions", this::latest),
        MlflowRoute.post("registered-models/set-tag", this::tagModel),
        MlflowRoute.delete("registered-models/delete-tag", this::untagModel),
        MlflowRoute.post("registered-models/alias", this::setAlias),
        MlflowRoute.delete("registered-models/alias", this::deleteAlias),
        MlflowRoute.get("registered-models/alias", this::getByAlias),
        MlflowRoute.post("model-versions/create", this::createVersion),
        MlflowRoute.patch("model-versions/update", this::describeVersion),
        MlflowRoute.post("model-versions/transition-stage", this::moveVersion),
        MlflowRoute.delete("model-versions/delete", this::deleteVersion),
        MlflowRoute.get("model-versions/get", call -> answer(versions.version(ref(call)))),
        MlflowRoute.get("model-versions/search", this::searchVersions),
        MlflowRoute.get("model-versions/get-download-uri", this::files),
        MlflowRoute.post("model-versions/set-tag", this::tagVersion),
        MlflowRoute.delete("model-versions/delete-tag", this::untagVersion));
  }

  private ObjectNode createModel(MlflowCall call) {
    Fields fields = call.fields();
    return answer(
        models.create(call.asked(), name(call), fields.text("description"), fields.pairs("tags")));
  }

  private ObjectNode renameModel(MlflowCall call) {
    return answer(models.rename(call.asked(), name(call), call.fields().required("new_name")));
  }

  private ObjectNode describeModel(MlflowCall call) {
    return answer(models.describe(call.asked(), name(call), call.fields().text("description")));
  }

  private ObjectNode deleteModel(MlflowCall call) {
    models.delete(call.asked(), name(call));
    return MlflowJson.object();
  }

  private ObjectNode getModel(MlflowCall call) {
    return answer(models.model(name(call)));
  }

  private ObjectNode searchModels(MlflowCall call) {
    Page<ModelCard> page =
        models.search(
            call.filter(),
            call.orders(),
            call.pageToken(),
            call.fields().count("max_results", MODELS_DEFAULT, MODELS_MAX));
    ObjectNode node = MlflowJson.object();
    MlflowJson.list(node, "registered_models", page.items(), RegistryJson::model);
    return MlflowJson.page(node, page.nextToken());
  }

  private ObjectNode latest(MlflowCall call) {
    List<Stage> stages = call.fields().texts("stages").stream().map(Stage::parse).toList();
    ObjectNode node = MlflowJson.object();
    MlflowJson.list(
        node, "model_versions", versions.latest(name(call), stages), RegistryJson::version);
    return node;
  }

  private ObjectNode tagModel(MlflowCall call) {
    Fields fields = call.fields();
    models.tag(call.asked(), name(call), fields.required("key"), fields.text("value"));
    return MlflowJson.object();
  }

  private ObjectNode untagModel(MlflowCall call) {
    models.untag(call.asked(), name(call), call.fields().required("key"));
    return MlflowJson.object();
  }

  private ObjectNode setAlias(MlflowCall call) {
    models.alias(call.asked(), ref(call), call.fields().required("alias"));
    return MlflowJson.object();
  }

  private ObjectNode deleteAlias(MlflowCall call) {
    models.unalias(call.asked(), name(call), call.fields().required("alias"));
    return MlflowJson.object();
  }

  private ObjectNode getByAlias(MlflowCall call) {
    return answer(models.aliased(name(call), call.fields().required("alias")));
  }

  private ObjectNode createVersion(MlflowCall call) {
    Fields fields = call.fields();
    return answer(
        versions.create(
            call.asked(),
            new VersionRequest(
                name(call),
                fields.required("source"),
                fields.text("run_id"),
                fields.text("run_link"),
                fields.text("model_id"),
                fields.text("description"),
                fields.pairs("tags"))));
  }

  private ObjectNode describeVersion(MlflowCall call) {
    return answer(versions.describe(call.asked(), ref(call), call.fields().text("description")));
  }

  private ObjectNode moveVersion(MlflowCall call) {
    Fields fields = call.fields();
    return answer(
        versions.move(
            call.asked(),
            ref(call),
            Stage.parse(fields.required("stage")),
            fields.flag("archive_existing_versions")));
  }

  private ObjectNode deleteVersion(MlflowCall call) {
    versions.delete(call.asked(), ref(call));
    return MlflowJson.object();
  }

  private ObjectNode searchVersions(MlflowCall call) {
    Page<ListedVersion> page =
        versions.search(
            call.filter(),
            call.orders(),
            call.pageToken(),
            call.fields().count("max_results", VERSIONS_DEFAULT, VERSIONS_MAX));
    ObjectNode node = MlflowJson.object();
    MlflowJson.list(node, "model_versions", page.items(), RegistryJson::version);
    return MlflowJson.page(node, page.nextToken());
  }

  private ObjectNode files(MlflowCall call) {
    return MlflowJson.object().put("artifact_uri", versions.filesOf(ref(call)));
  }

  private ObjectNode tagVersion(MlflowCall call) {
    Fields fields = call.fields();
    versions.tag(call.asked(), ref(call), fields.required("key"), fields.text("value"));
    return MlflowJson.object();
  }

  private ObjectNode untagVersion(MlflowCall call) {
    versions.untag(call.asked(), ref(call), call.fields().required("key"));
    return MlflowJson.object();
  }

  private static ObjectNode answer(ModelCard model) {
    ObjectNode node = MlflowJson.object();
    node.set("registered_model", RegistryJson.model(model));
    return node;
  }

  private static ObjectNode answer(ListedVersion version) {
    ObjectNode node = MlflowJson.object();
    node.set("model_version", RegistryJson.version(version));
    return node;
  }

  private static String name(MlflowCall call) {
    return call.fields().required("name");
  }

  private static ModelRef ref(MlflowCall call) {
    return ref(call.fields());
  }

  static ModelRef ref(Fields fields) {
    String text = fields.required("version");
    try {
      return new ModelRef(fields.required("name"), Integer.parseInt(text));
    } catch (NumberFormatException e) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "Parameter 'version' must be an integer, got '%s'.".formatted(text),
          e);
    }
  }
}
