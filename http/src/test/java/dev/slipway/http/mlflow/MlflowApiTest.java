package dev.slipway.http.mlflow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.core.audit.entry.AuditEntry;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.governance.PromotionTarget;
import dev.slipway.core.identity.Principal;
import dev.slipway.core.model.ModelRef;
import dev.slipway.http.control.ControlRequest;
import dev.slipway.http.control.ControlResponse;
import dev.slipway.http.control.V2ExampleReader;
import dev.slipway.http.identity.AccessCounts;
import dev.slipway.http.identity.Caller;
import dev.slipway.platform.artifact.Artifacts;
import dev.slipway.platform.mlflow.RegisteredModels;
import dev.slipway.platform.mlflow.RegisteredVersions;
import dev.slipway.platform.mlflow.RegistryProtection;
import dev.slipway.platform.registry.Registry;
import dev.slipway.platform.registry.RegistryLimits;
import dev.slipway.platform.tracking.Experiments;
import dev.slipway.platform.tracking.LoggedModels;
import dev.slipway.platform.tracking.Runs;
import dev.slipway.protocol.DecodeLimits;
import dev.slipway.store.artifact.FolderArtifactStore;
import dev.slipway.store.blob.FileBlobStore;
import dev.slipway.store.blob.TreeLimits;
import dev.slipway.store.control.ControlView;
import dev.slipway.store.control.SqliteControlStore;
import dev.slipway.store.control.UnitOfWork;
import dev.slipway.store.data.DataFolder;
import dev.slipway.testkit.engine.LinearEngine;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MlflowApiTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String API = "/api/2.0/mlflow/";
  private static final String FILES = "/api/2.0/mlflow-artifacts/artifacts";

  @TempDir Path folder;
  private DataFolder data;
  private SqliteControlStore store;
  private MlflowApi api;

  private record Answer(int status, String text) {
    JsonNode body() {
      try {
        return JSON.readTree(text);
      } catch (IOException e) {
        throw new UncheckedIOException(text, e);
      }
    }

    String at(String pointer) {
      return body().at(pointer).asText();
    }
  }

  /** As with a policy that names neither aliases nor stages. */
  private record NothingProtected() implements RegistryProtection {
    @Override
    public boolean isProtected(ControlView view, PromotionTarget target) {
      return false;
    }

    @Override
    public void requirePromoted(Principal principal, ModelRef ref, PromotionTarget target) {}

    @Override
    public void carryOut(UnitOfWork work, ModelRef ref, PromotionTarget target, Instant now) {}
  }

  private long aheadMillis;

  @BeforeEach
  void start() {
    InstantSource clock = () -> Instant.now().plusMillis(aheadMillis);
    data = DataFolder.open(folder.resolve("data"));
    store = new SqliteControlStore(data.database(), clock);
    FileBlobStore blobs = new FileBlobStore(data.blobs(), TreeLimits.DEFAULT);
    Artifacts artifacts =
        new Artifacts(
            new FolderArtifactStore(data.artifacts(), data.temporary()), blobs, store, clock);
    Registry registry =
        new Registry(
            store,
            blobs,
            List.of(new LinearEngine()),
            new V2ExampleReader(DecodeLimits.DEFAULT),
            RegistryLimits.DEFAULT,
            clock);
    api =
        new MlflowApi(
            new Experiments(store, clock),
            new Runs(store, clock),
            new LoggedModels(store, clock),
            new RegisteredModels(store, new NothingProtected(), clock),
            new RegisteredVersions(store, artifacts, registry, new NothingProtected(), clock),
            artifacts);
  }

  @AfterEach
  void stop() {
    store.close();
    data.close();
  }

  @Test
  void whatClientsProbeIsAnswered() {
    assertThat(get("/health").text()).isEqualTo("OK");
    assertThat(get("/version").text()).matches("\\d+\\.\\d+\\.\\d+");
    assertThat(get("/api/3.0/mlflow/server-info").at("/store_type")).isEqualTo("SqlStore");
    assertThat(get("/ajax-api/2.0/mlflow/experiments/get?experiment_id=0").at("/experiment/name"))
        .isEqualTo("Default");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
"""
          GET|experiments/get?experiment_id=99||404|RESOURCE_DOES_NOT_EXIST|99
          GET|experiments/get||400|INVALID_PARAMETER_VALUE|experiment_id
          GET|experiments/get?experiment_id=x||404|RESOURCE_DOES_NOT_EXIST|id=x
          POST|experiments/create|{"name": "Default"}|400|RESOURCE_ALREADY_EXISTS|already exists
          POST|experiments/create|{"name": ""}|400|INVALID_PARAMETER_VALUE|name
          POST|experiments/create|{"name": ["a"]}|400|INVALID_PARAMETER_VALUE|name
          POST|experiments/create|[1]|400|INVALID_PARAMETER_VALUE|JSON object
          POST|experiments/create|{"name"|400|INVALID_PARAMETER_VALUE|body
          POST|experiments/create|{"name": "a\\u0000b"}|400|INVALID_PARAMETER_VALUE|NUL
          POST|experiments/create|{"name": "\\ud800"}|400|INVALID_PARAMETER_VALUE|whole characters
          POST|experiments/search|{"max_results": 0}|400|INVALID_PARAMETER_VALUE|max_results
          POST|experiments/search|{"page_token": "x", "max_results": 1}|400|INVALID_PARAMETER_VALUE|page_token
          POST|runs/search|{"experiment_ids": ["0"], "filter": "a OR b"}|400|INVALID_PARAMETER_VALUE|filter
          POST|runs/search|{"experiment_ids": ["0"], "order_by": ["x.y"]}|400|INVALID_PARAMETER_VALUE|order_by
          POST|runs/create|{"experiment_id": "99"}|404|RESOURCE_DOES_NOT_EXIST|99
          GET|runs/get?run_id=none||404|RESOURCE_DOES_NOT_EXIST|none
          POST|runs/log-metric|{"run_id": "r", "key": "a", "value": "abc", "timestamp": 1}|400|INVALID_PARAMETER_VALUE|value
          POST|registered-models/create|{"name": "a/b"}|400|INVALID_PARAMETER_VALUE|a/b
          GET|registered-models/get?name=none||404|RESOURCE_DOES_NOT_EXIST|none
          DELETE|registered-models/delete|{"name": "none"}|404|RESOURCE_DOES_NOT_EXIST|none
          GET|model-versions/get?name=a&version=x||400|INVALID_PARAMETER_VALUE|version
          POST|model-versions/transition-stage|{"name": "a", "version": "1", "stage": "Prod"}|400|INVALID_PARAMETER_VALUE|Prod
          POST|experiments/create|{"name": 123}|400|INVALID_PARAMETER_VALUE|Invalid value 123 for parameter 'name' supplied
          POST|experiments/create|{"name": true}|400|INVALID_PARAMETER_VALUE|Invalid value true for parameter 'name' supplied
          POST|experiments/create|{}|400|INVALID_PARAMETER_VALUE|Missing value for required parameter 'name'.
          POST|experiments/create|{"name": "n", "tags": "5"}|400|INVALID_PARAMETER_VALUE|Invalid value "5" for parameter 'tags' supplied
          POST|experiments/create|{"name": "n", "tags": [{"key": "k", "value": 5}]}|400|INVALID_PARAMETER_VALUE|Invalid value 5 for parameter 'tags[0].value' supplied
          POST|runs/search|{"experiment_ids": [0]}|400|INVALID_PARAMETER_VALUE|Invalid value [0] for parameter 'experiment_ids' supplied
          POST|runs/search|{"experiment_ids": ["0"], "max_results": 123456789}|400|INVALID_PARAMETER_VALUE|Invalid value 123456789 for parameter 'max_results' supplied (expected: 1..50000)
          POST|runs/log-metric|{"run_id": 31, "key": "a", "value": 1, "timestamp": 1}|400|INVALID_PARAMETER_VALUE|Invalid value 31 for parameter 'run_id' supplied
          POST|runs/log-metric|{"run_id": "r", "key": "a", "value": 1, "timestamp": 1, "step": "x"}|400|INVALID_PARAMETER_VALUE|Invalid value "x" for parameter 'step' supplied
          POST|runs/set-tag|{"run_id": 31, "key": "a", "value": 41}|400|INVALID_PARAMETER_VALUE|Invalid value 31 for parameter 'run_id' supplied
          POST|runs/log-parameter|{"run_id": 31, "key": "a", "value": 41}|400|INVALID_PARAMETER_VALUE|Invalid value 31 for parameter 'run_id' supplied
          POST|runs/log-metric|{"run_id": "r", "key": "a", "value": 1}|400|INVALID_PARAMETER_VALUE|Missing value for required parameter 'timestamp'.
          POST|runs/log-batch|{"run_id": "r", "metrics": [{"key": "a", "value": 1}]}|400|INVALID_PARAMETER_VALUE|Missing value for required parameter 'metrics[0].timestamp'.
          GET|nothing||404|ENDPOINT_NOT_FOUND|nothing
          DELETE|runs/get||404|ENDPOINT_NOT_FOUND|DELETE
""")
  void everyRefusalHasTheFormThatClientsKnow(
      String method, String path, String body, int status, String code, String message) {
    Answer answer = call(method, API + path, body == null ? "" : body);

    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    assertThat(answer.at("/error_code")).isEqualTo(code);
    assertThat(answer.at("/message")).contains(message);
    assertThat(answer.body()).hasSize(2);
  }

  @Test
  void numbersMayBeTextsAndUnknownFieldsAreIgnored() {
    String run = createRun();
    ok(
        "runs/log-batch",
        """
        {"run_uuid": "%s", "metrics": [
          {"key": "a", "value": "NaN", "timestamp": "17", "step": "3"},
          {"key": "b", "value": "-Infinity", "timestamp": 17, "new_field": {}},
          {"key": "c", "value": Infinity, "timestamp": 17, "step": -9223372036854775808}]}\
        """
            .formatted(run));
    // A client once encoded the body twice.
    ok("runs/set-tag", "\"{\\\"run_id\\\": \\\"%s\\\", \\\"key\\\": \\\"k\\\"}\"".formatted(run));

    Answer found = get(API + "runs/get?run_id=" + run);
    assertThat(found.text())
        .contains("\"key\":\"a\",\"value\":\"NaN\"", "\"-Infinity\"", "\"Infinity\"");
    assertThat(found.body().at("/run/data/metrics/0/step").isIntegralNumber()).isTrue();
    assertThat(found.body().at("/run/data/metrics/2/step").longValue()).isEqualTo(Long.MIN_VALUE);
    assertThat(found.body().at("/run/info/experiment_id").isTextual()).isTrue();
    assertThat(found.body().at("/run/data/tags").toString()).contains("\"k\"");
  }

  @Test
  void aBatchIsLoggedWholeOrNotAtAll() {
    String run = createRun();
    ok(
        "runs/log-parameter",
        "{\"run_id\": \"%s\", \"key\": \"p\", \"value\": \"1\"}".formatted(run));

    Answer refused =
        call(
            "POST",
            API + "runs/log-batch",
            """
            {"run_id": "%s", "metrics": [{"key": "m", "value": 1, "timestamp": 1}],
             "params": [{"key": "p", "value": "2"}], "tags": [{"key": "t", "value": "x"}]}\
            """
                .formatted(run));

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.at("/error_code")).isEqualTo("INVALID_PARAMETER_VALUE");
    JsonNode found = get(API + "runs/get?run_id=" + run).body().at("/run/data");
    assertThat(found.path("metrics")).isEmpty();
    assertThat(found.toString()).doesNotContain("\"t\"");
  }

  /** Scripts tell these cases apart by MLflow's words. */
  @Test
  void refusalsSayWhatClientsLookFor() {
    String run = createRun();
    ok(
        "runs/log-parameter",
        "{\"run_id\": \"%s\", \"key\": \"p\", \"value\": \"1\"}".formatted(run));
    String untag = "{\"run_id\": \"%s\", \"key\": \"t\"}";

    assertThat(
            message(
                "runs/log-parameter",
                "{\"run_id\": \"%s\", \"key\": \"p\", \"value\": \"2\"}".formatted(run)))
        .startsWith("Changing param values is not allowed. Param with key='p'");
    assertThat(
            message(
                "runs/log-batch",
                """
                {"run_id": "%s", "params": [{"key": "q", "value": "1"}, {"key": "q", "value": "2"}]}\
                """
                    .formatted(run)))
        .startsWith("Duplicate parameter keys have been submitted.");
    assertThat(message("runs/delete-tag", untag.formatted("none")))
        .isEqualTo("Run 'none' not found");
    assertThat(message("runs/delete-tag", untag.formatted(run))).startsWith("No tag with name: t");
    ok("runs/delete", "{\"run_id\": \"%s\"}".formatted(run));
    assertThat(message("runs/delete-tag", untag.formatted(run)))
        .startsWith("The run " + run + " must be in the 'active' state");
    assertThat(message("experiments/create", "{\"name\": \"Default\"}"))
        .startsWith("Experiment(name=Default) already exists");
  }

  private String message(String operation, String body) {
    return call("POST", API + operation, body).at("/message");
  }

  /** Stages are about the model; what is said of one version is not. */
  @Test
  void onlyWhatHappensToStagesIsAChangeOfTheModel() {
    ok("registered-models/create", "{\"name\": \"timed\"}");
    ok("model-versions/create", "{\"name\": \"timed\", \"source\": \"mlflow-artifacts:/0/none\"}");
    String updated = updated("timed");
    aheadMillis = 1_000;
    ok("model-versions/set-tag", "{\"name\": \"timed\", \"version\": \"1\", \"key\": \"k\"}");
    call(
        "PATCH",
        API + "model-versions/update",
        "{\"name\": \"timed\", \"version\": \"1\", \"description\": \"d\"}");
    assertThat(updated("timed")).isEqualTo(updated);

    ok(
        "model-versions/transition-stage",
        "{\"name\": \"timed\", \"version\": \"1\", \"stage\": \"Staging\"}");
    assertThat(updated("timed")).isNotEqualTo(updated);
  }

  private String updated(String model) {
    return get(API + "registered-models/get?name=" + model)
        .at("/registered_model/last_updated_timestamp");
  }

  @Test
  void aFileIsFoundByWhatItBelongsTo() throws IOException {
    String run = createRun();
    put("0/" + run + "/artifacts/a/notes.TXT", "of the run");
    put("0/" + run + "/artifacts/a/b c\u00e9.pkl", "odd");
    String logged = ok("logged-models", "{\"experiment_id\": \"0\"}").at("/model/info/model_id");
    put("0/models/" + logged + "/artifacts/MLmodel", "of the logged model");
    ok("registered-models/create", "{\"name\": \"filed\"}");
    ok("model-versions/create", "{\"name\": \"filed\", \"source\": \"runs:/%s/a\"}".formatted(run));

    ControlResponse file = answer("GET", "/get-artifact?run_id=" + run + "&path=a/notes.TXT", "");
    assertThat(Files.readString(file.file())).isEqualTo("of the run");
    assertThat(file.contentType()).isEqualTo("text/plain");
    assertThat(file.headers())
        .containsEntry("x-content-type-options", "nosniff")
        .containsEntry("content-disposition", "attachment; filename=notes.TXT");
    ControlResponse odd =
        answer("GET", "/get-artifact?run_id=" + run + "&path=a/b c\u00e9.pkl", "");
    assertThat(odd.contentType()).isEqualTo("application/octet-stream");
    assertThat(odd.headers())
        .containsEntry("content-disposition", "attachment; filename*=UTF-8''b%20c%C3%A9.pkl");
    ControlResponse ofModel =
        answer(
            "GET",
            API + "logged-models/" + logged + "/artifacts/files?artifact_file_path=MLmodel",
            "");
    assertThat(Files.readString(ofModel.file())).isEqualTo("of the logged model");
    assertThat(ofModel.contentType()).isEqualTo("text/plain");
    ControlResponse ofVersion =
        answer("GET", "/model-versions/get-artifact?name=filed&version=1&path=notes.TXT", "");
    assertThat(Files.readString(ofVersion.file())).isEqualTo("of the run");

    assertThat(get("/get-artifact?run_id=" + run + "&path=../x").status()).isEqualTo(400);
    assertThat(get("/get-artifact?run_id=" + run).at("/message")).contains("'path'");
    assertThat(get("/get-artifact?run_id=none&path=a").status()).isEqualTo(404);
    assertThat(get("/get-artifact?run_id=" + run + "&path=none").status()).isEqualTo(404);
    assertThat(call("PUT", "/get-artifact?run_id=" + run + "&path=a", "").at("/error_code"))
        .isEqualTo("ENDPOINT_NOT_FOUND");
  }

  @Test
  void loggedModelsAreFoundByTheDataTheyWereMeasuredOn() {
    String run = createRun();
    String measured = ok("logged-models", "{\"experiment_id\": \"0\"}").at("/model/info/model_id");
    ok("logged-models", "{\"experiment_id\": \"0\"}");
    ok(
        "runs/log-metric",
        """
        {"run_id": "%s", "key": "m", "value": 1, "timestamp": 1, "dataset_name": "train",
         "dataset_digest": "12", "model_id": "%s"}\
        """
            .formatted(run, measured));

    assertThat(modelsOn("{\"dataset_name\": \"train\", \"dataset_digest\": \"12\"}"))
        .containsExactly(measured);
    assertThat(modelsOn("{\"dataset_name\": \"none\"}, {\"dataset_name\": \"train\"}"))
        .containsExactly(measured);
    assertThat(modelsOn("{\"dataset_name\": \"train\", \"dataset_digest\": \"13\"}")).isEmpty();
    assertThat(modelsOn("")).hasSize(2);
    assertThat(message("logged-models/search", "{\"datasets\": [{\"dataset_digest\": \"1\"}]}"))
        .contains("datasets[0].dataset_name");
  }

  private List<String> modelsOn(String datasets) {
    return ok(
            "logged-models/search",
            "{\"experiment_ids\": [\"0\"], \"datasets\": [%s]}".formatted(datasets))
        .body()
        .path("models")
        .valueStream()
        .map(model -> model.at("/info/model_id").asText())
        .toList();
  }

  @Test
  void aLoggedModelTellsItsVersions() {
    String logged = ok("logged-models", "{\"experiment_id\": \"0\"}").at("/model/info/model_id");
    ok("registered-models/create", "{\"name\": \"say \\\"it\\\"\"}");
    String register =
        "{\"name\": \"say \\\"it\\\"\", \"source\": \"models:/%s\", \"model_id\": \"%s\"}"
            .formatted(logged, logged);
    ok("model-versions/create", register);
    ok("model-versions/create", register);

    assertThat(get(API + "logged-models/" + logged).at("/model/info/tags/0/value"))
        .isEqualTo(
            "[{\"name\": \"say \\\"it\\\"\", \"version\": 1}, {\"name\": \"say \\\"it\\\"\","
                + " \"version\": 2}]");
  }

  @Test
  void tagsComeInTheOrderOfTheirKeys() {
    String run = createRun();
    ok(
        "runs/log-inputs",
        """
        {"run_id": "%s", "datasets": [{"dataset": {"name": "d", "digest": "1", "source_type": "x",
          "source": "y"}, "tags": [{"key": "mlflow.data.context", "value": "train"},
          {"key": "foo", "value": "1"}, {"key": "a", "value": "2"}]}]}\
        """
            .formatted(run));

    assertThat(
            get(API + "runs/get?run_id=" + run)
                .body()
                .at("/run/inputs/dataset_inputs/0/tags")
                .findValuesAsText("key"))
        .containsExactly("a", "foo", "mlflow.data.context");
  }

  @Test
  void aBatchHoldsAThousandAndNoMore() {
    String run = createRun();

    ok("runs/log-batch", batch(run, 1_000));

    Answer refused = call("POST", API + "runs/log-batch", batch(run, 1_001));
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.at("/message")).contains("1001", "1000");
  }

  private static String batch(String run, int metrics) {
    return Stream.iterate(0, i -> i + 1)
        .limit(metrics)
        .map(i -> "{\"key\": \"m\", \"value\": %d, \"timestamp\": %d}".formatted(i, i))
        .collect(Collectors.joining(", ", "{\"run_id\": \"" + run + "\", \"metrics\": [", "]}"));
  }

  @Test
  void artifactsComeAndGo() throws IOException {
    assertThat(put("0/run/a/b.txt", "hello").text()).isEqualTo("{}");
    assertThat(put("0/run/a/b.txt", "again").status()).isEqualTo(200);

    ControlResponse file = answer("GET", FILES + "/0/run/a/b.txt", "");
    assertThat(Files.readString(file.file())).isEqualTo("again");
    assertThat(file.headers()).containsEntry("x-content-type-options", "nosniff");
    assertThat(get(FILES + "?path=0/run/a").body().toString())
        .isEqualTo("{\"files\":[{\"path\":\"b.txt\",\"is_dir\":false,\"file_size\":5}]}");
    assertThat(get(FILES + "?path=0/run/a/b.txt").body().path("files")).isEmpty();
    assertThat(get(FILES + "/0/none").at("/error_code")).isEqualTo("RESOURCE_DOES_NOT_EXIST");
    assertThat(put("0/run/a", "a folder is there").status()).isEqualTo(400);
    assertThat(put("0/run/a/b.txt/c", "a file is there").status()).isEqualTo(400);
    assertThat(call("DELETE", FILES + "/0/run/a", "").text()).isEqualTo("{}");
    assertThat(get(FILES + "?path=0/run").body().path("files")).isEmpty();
    assertThat(data.temporary()).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"..", "../x", "0/../../x", "//etc/passwd", "0//x", "0/./x", "0\\..\\x", "0/x#y"})
  void noPathLeadsOutOfTheArtifacts(String path) {
    for (Answer answer :
        List.of(
            put(path, "x"),
            get(FILES + "/" + path),
            call("DELETE", FILES + "/" + path, ""),
            call("GET", FILES, Map.of("path", List.of(path)), ""))) {
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.at("/error_code")).isEqualTo("INVALID_PARAMETER_VALUE");
    }
    assertThat(data.artifacts()).isEmptyDirectory();
  }

  @Test
  void noLinkLeadsOutOfTheArtifacts() throws IOException {
    Path secret = Files.writeString(folder.resolve("secret"), "s");
    Files.createDirectories(data.artifacts().resolve("0"));
    Files.createSymbolicLink(data.artifacts().resolve("0/file"), secret);
    Files.createSymbolicLink(data.artifacts().resolve("0/folder"), folder);

    assertThat(get(FILES + "/0/file").status()).isEqualTo(404);
    assertThat(get(FILES + "/0/folder/secret").status()).isEqualTo(404);
    assertThat(get(FILES + "?path=0").body().path("files")).isEmpty();
    assertThat(put("0/folder/new", "x").status()).isEqualTo(400);
    assertThat(put("0/folder/new/x", "x").status()).isEqualTo(400);
    assertThat(folder.resolve("new")).doesNotExist();
  }

  @Test
  void theFilesOfARegisteredVersionNeverChange() throws IOException {
    logModel("0/run/artifacts/model", "onnx");
    ok("registered-models/create", "{\"name\": \"line\"}");
    JsonNode version =
        ok(
                "model-versions/create",
                "{\"name\": \"line\", \"source\": \"mlflow-artifacts:/0/run/artifacts/model\"}")
            .body()
            .path("model_version");
    assertThat(version.path("version").isTextual()).isTrue();
    assertThat(version.path("status").asText()).isEqualTo("READY");

    put("0/run/artifacts/model/model.onnx", "linear 9 9");
    call("DELETE", FILES + "/0/run/artifacts", "");

    String uri =
        get(API + "model-versions/get-download-uri?name=line&version=1").at("/artifact_uri");
    assertThat(uri).startsWith("mlflow-artifacts:/frozen/");
    String frozen = uri.substring("mlflow-artifacts:/".length());
    ControlResponse file = answer("GET", FILES + "/" + frozen + "/model.onnx", "");
    assertThat(Files.readString(file.file())).isEqualTo("linear 1 2");
    assertThat(put(frozen + "/model.onnx", "x").at("/error_code")).isEqualTo("PERMISSION_DENIED");
    assertThat(call("DELETE", FILES + "/" + frozen, "").status()).isEqualTo(403);
  }

  @Test
  void aFlavorThatIsNotServedIsRegisteredAndSaysWhyItCannotBeDeployed() {
    logModel("0/run/artifacts/model", "tensorflow");
    ok("registered-models/create", "{\"name\": \"net\"}");

    Answer answer =
        ok(
            "model-versions/create",
            "{\"name\": \"net\", \"source\": \"mlflow-artifacts:/0/run/artifacts/model\"}");

    assertThat(answer.at("/model_version/status")).isEqualTo("READY");
    assertThat(answer.at("/model_version/status_message")).contains("tensorflow", "onnx");
  }

  @Test
  void everyChangeLeavesItsEntryInTheAuditLog() {
    String experiment = ok("experiments/create", "{\"name\": \"e\"}").at("/experiment_id");
    String run =
        ok("runs/create", "{\"experiment_id\": \"%s\"}".formatted(experiment))
            .at("/run/info/run_id");
    String byRun = "{\"run_id\": \"" + run + "\", ";
    String byExperiment = "{\"experiment_id\": \"" + experiment + "\", ";
    ok("experiments/update", byExperiment + "\"new_name\": \"f\"}");
    ok("experiments/set-experiment-tag", byExperiment + "\"key\": \"k\", \"value\": \"v\"}");
    ok("runs/log-metric", byRun + "\"key\": \"m\", \"value\": 1, \"timestamp\": 1}");
    ok("runs/set-tag", byRun + "\"key\": \"k\", \"value\": \"v\"}");
    ok("runs/delete-tag", byRun + "\"key\": \"k\"}");
    ok("runs/update", byRun + "\"status\": \"FINISHED\", \"end_time\": 5}");
    ok(
        "runs/log-inputs",
        byRun + "\"datasets\": [{\"dataset\": {\"name\": \"d\", \"digest\": \"1\"}}]}");
    ok("runs/delete", byRun + "\"x\": 1}");
    ok("runs/restore", byRun + "\"x\": 1}");
    put("0/a", "x");
    call("DELETE", FILES + "/0/a", "");
    ok("registered-models/create", "{\"name\": \"m\"}");
    logModel("0/model", "onnx");
    for (int i = 0; i < 2; i++) {
      ok("model-versions/create", "{\"name\": \"m\", \"source\": \"mlflow-artifacts:/0/model\"}");
    }
    ok("registered-models/set-tag", "{\"name\": \"m\", \"key\": \"k\", \"value\": \"v\"}");
    ok("registered-models/alias", "{\"name\": \"m\", \"alias\": \"a\", \"version\": \"1\"}");
    delete("registered-models/alias", "{\"name\": \"m\", \"alias\": \"a\"}");
    ok(
        "model-versions/transition-stage",
        "{\"name\": \"m\", \"version\": \"1\", \"stage\": \"Staging\"}");
    ok(
        "model-versions/set-tag",
        "{\"name\": \"m\", \"version\": \"1\", \"key\": \"k\", \"value\": \"v\"}");
    delete("model-versions/delete-tag", "{\"name\": \"m\", \"version\": \"1\", \"key\": \"k\"}");
    delete("model-versions/delete", "{\"name\": \"m\", \"version\": \"1\"}");
    ok("registered-models/rename", "{\"name\": \"m\", \"new_name\": \"n\"}");
    delete("registered-models/delete", "{\"name\": \"n\"}");
    ok("experiments/delete", byExperiment + "\"x\": 1}");
    ok("experiments/restore", byExperiment + "\"x\": 1}");
    // What only looks, and what is refused, leaves none.
    get(API + "runs/get?run_id=" + run);
    call("POST", API + "runs/set-tag", byRun + "\"key\": \"\"}");

    assertThat(actions())
        .containsExactly(
            "experiment.created",
            "run.created",
            "experiment.renamed",
            "experiment.tagged",
            "run.logged",
            "run.logged",
            "run.untagged",
            "run.updated",
            "run.linked",
            "run.deleted",
            "run.restored",
            "artifact.written",
            "artifact.deleted",
            "registered-model.created",
            "artifact.written",
            "artifact.written",
            "model-version.registered",
            "model-version.registered",
            "registered-model.tagged",
            "alias.set",
            "alias.removed",
            "model-version.staged",
            "model-version.tagged",
            "model-version.untagged",
            "model-version.deleted",
            "registered-model.renamed",
            "model-version.deleted",
            "model-version.registered",
            "model-version.deleted",
            "registered-model.deleted",
            "experiment.deleted",
            "experiment.restored");
  }

  private List<String> actions() {
    return store.read(
        view ->
            view.auditLeaves(0, view.auditSize()).stream()
                .map(leaf -> AuditEntry.parse(leaf).action())
                .toList());
  }

  @Test
  void pagesOfVersionsFollowEachOther() {
    ok("registered-models/create", "{\"name\": \"m\"}");
    logModel("0/model", "tensorflow");
    for (int i = 0; i < 3; i++) {
      ok("model-versions/create", "{\"name\": \"m\", \"source\": \"mlflow-artifacts:/0/model\"}");
    }
    Answer first =
        call(
            "GET",
            API + "model-versions/search",
            Map.of("filter", List.of("name = 'm'"), "max_results", List.of("2")),
            "");
    assertThat(first.body().path("model_versions")).hasSize(2);
    Answer second =
        call(
            "GET",
            API + "model-versions/search",
            Map.of(
                "filter", List.of("name = 'm'"),
                "max_results", List.of("2"),
                "page_token", List.of(first.at("/next_page_token"))),
            "");
    assertThat(second.body().path("model_versions")).hasSize(1);
    assertThat(second.body().has("next_page_token")).isFalse();
  }

  /** Without a store: whatever a body says is read or refused as the caller's mistake. */
  @Property(tries = 500)
  void anyBodyIsReadOrRefused(@ForAll String body, @ForAll byte[] bytes) {
    for (byte[] text : List.of(body.getBytes(UTF_8), bytes)) {
      try {
        Fields fields = Fields.ofBody(text);
        fields.text("name");
        fields.pairs("tags");
      } catch (SlipwayException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST);
      }
    }
  }

  private void logModel(String path, String flavor) {
    put(path + "/MLmodel", "flavors:\n  %s:\n    data: model.onnx\n".formatted(flavor));
    put(path + "/model.onnx", "linear 1 2");
  }

  private String createRun() {
    return ok("runs/create", "{\"experiment_id\": \"0\"}").at("/run/info/run_id");
  }

  private Answer put(String path, String body) {
    return call("PUT", FILES + "/" + path, body);
  }

  private void delete(String path, String body) {
    Answer answer = call("DELETE", API + path, body);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
  }

  private Answer ok(String path, String body) {
    Answer answer = call("POST", API + path, body);
    assertThat(answer.status()).as("%s: %s", path, answer.text()).isEqualTo(200);
    return answer;
  }

  private Answer get(String path) {
    return call("GET", path, "");
  }

  private Answer call(String method, String path, String body) {
    ControlResponse response = answer(method, path, body);
    return new Answer(response.status(), new String(response.body(), UTF_8));
  }

  private Answer call(String method, String path, Map<String, List<String>> query, String body) {
    ControlResponse response = answer(method, path, query, body);
    return new Answer(response.status(), new String(response.body(), UTF_8));
  }

  /** A query is not decoded here: what needs more than plain characters gives it apart. */
  private ControlResponse answer(String method, String path, String body) {
    int mark = path.indexOf('?');
    Map<String, List<String>> query =
        mark < 0
            ? Map.of()
            : Stream.of(path.substring(mark + 1).split("&"))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> List.of(pair[1])));
    return answer(method, mark < 0 ? path : path.substring(0, mark), query, body);
  }

  private ControlResponse answer(
      String method, String path, Map<String, List<String>> query, String body) {
    return api.handle(
        new ControlRequest(
            method,
            path,
            query.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, value -> value.getValue().getLast())),
            query,
            Map.of(),
            new Caller(Principal.LOCAL, new AccessCounts()),
            new ByteArrayInputStream(body.getBytes(UTF_8)),
            "request-1",
            URI.create("http://localhost")));
  }
}
