package dev.slipway.http.control;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.identity.Action;
import dev.slipway.core.identity.Resource;
import dev.slipway.core.model.Environment;
import dev.slipway.core.model.ModelName;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.platform.governance.ModelChecks;
import dev.slipway.platform.upload.UploadedArtifact;
import dev.slipway.platform.upload.Uploads;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks of models that are not registered. The body is a zip: the model below {@code model/}, the
 * held-out rows as the one file of {@code holdout/} if there are any, and {@code policy.yaml} if
 * another policy than the one in force is to hold.
 */
final class CheckRoutes {
  private static final Logger LOG = LoggerFactory.getLogger(CheckRoutes.class);
  private static final String MODEL = "model";
  private static final String HOLDOUT = "holdout";
  private static final String POLICY = "policy.yaml";
  private static final long POLICY_BYTES_MAX = 1 << 20;

  private final ModelChecks checks;
  private final Uploads uploads;

  CheckRoutes(ModelChecks checks, Uploads uploads) {
    this.checks = checks;
    this.uploads = uploads;
  }

  List<Route> routes() {
    return List.of(Route.of("POST", "models/{name}/checks", Action.REGISTER, this::check));
  }

  private ControlResponse check(ControlRequest request, List<String> arguments) {
    String model = ModelName.require(arguments.getFirst());
    Map<String, String> query = request.query();
    Environment environment = new Environment(query.getOrDefault("environment", ""));
    String deployment = ModelName.require(query.getOrDefault("deployment", model));
    // The evidence tells how well the deployment's version does.
    request
        .caller()
        .require(Action.READ_DEPLOYMENT, new Resource(Resource.Kind.DEPLOYMENT, deployment));
    Set<String> skipped =
        Stream.of(query.getOrDefault("skip", "").split(",", -1))
            .map(String::strip)
            .filter(gate -> !gate.isEmpty())
            .collect(Collectors.toUnmodifiableSet());
    try (UploadedArtifact upload = uploads.zip(request.body())) {
      Path folder = upload.folder();
      requireKnown(folder);
      ModelChecks.Result result =
          checks.check(
              new ModelChecks.Request(
                  model,
                  folder.resolve(MODEL),
                  environment,
                  deployment,
                  policy(folder.resolve(POLICY)),
                  holdout(folder.resolve(HOLDOUT)),
                  skipped),
              gate -> LOG.info("check of {} ({}): gate {} runs", model, request.requestId(), gate));
      return ControlJson.answer(200, document(model, environment, deployment, result));
    } catch (IOException e) {
      throw new SlipwayException(ErrorCode.STORE_UNAVAILABLE, "cannot read the upload: " + e, e);
    }
  }

  private static void requireKnown(Path folder) throws IOException {
    for (Path entry : entries(folder)) {
      String name = entry.getFileName().toString();
      if (!List.of(MODEL, HOLDOUT, POLICY).contains(name)) {
        throw new SlipwayException(
            ErrorCode.BAD_REQUEST,
            "zip: %s (expected: model/, holdout/ and policy.yaml)".formatted(name));
      }
    }
    if (!Files.isDirectory(folder.resolve(MODEL), LinkOption.NOFOLLOW_LINKS)) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST, "zip: no folder model/ (expected: it holds the model)");
    }
  }

  private static List<Path> entries(Path folder) throws IOException {
    try (Stream<Path> list = Files.list(folder)) {
      return list.toList();
    }
  }

  private static @Nullable String policy(Path file) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return null;
    }
    if (Files.size(file) > POLICY_BYTES_MAX) {
      throw new SlipwayException(
          ErrorCode.PAYLOAD_TOO_LARGE,
          "policy.yaml: %d bytes (expected: at most %d)"
              .formatted(Files.size(file), POLICY_BYTES_MAX));
    }
    try {
      return Files.readString(file);
    } catch (CharacterCodingException e) {
      throw new SlipwayException(
          ErrorCode.CONFIGURATION_INVALID, "policy.yaml: it is no text in UTF-8", e);
    }
  }

  private static @Nullable Path holdout(Path folder) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return null;
    }
    List<Path> files = entries(folder);
    if (files.size() != 1 || !Files.isRegularFile(files.getFirst(), LinkOption.NOFOLLOW_LINKS)) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST, "zip: holdout/ (expected: exactly one file in it)");
    }
    return files.getFirst();
  }

  private static ObjectNode document(
      String model, Environment environment, String deployment, ModelChecks.Result result) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("model", model);
    node.put("environment", environment.name());
    node.put("deployment", deployment);
    node.put("policy", result.policy().value());
    node.put("passed", result.passed());
    node.put("refusal", result.refusal());
    put(node, "version", "artifact", result.version());
    put(node, "incumbent", "incumbent_artifact", result.incumbent());
    ArrayNode evidence = node.putArray("evidence");
    result.evidence().forEach(one -> evidence.add(PromotionRoutes.document(one)));
    ArrayNode skipped = node.putArray("skipped");
    result.skipped().forEach(skipped::add);
    ArrayNode unmet = node.putArray("unmet");
    result.unmet().forEach(unmet::add);
    return node;
  }

  private static void put(
      ObjectNode node, String name, String digest, @Nullable ModelVersion version) {
    if (version != null) {
      node.put(name, version.ref().toString());
      node.put(digest, version.digest().value());
    }
  }
}
