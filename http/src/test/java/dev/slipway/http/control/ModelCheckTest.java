package dev.slipway.http.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.core.identity.PrincipalKind;
import dev.slipway.core.identity.Rights;
import dev.slipway.http.control.ControlApiScene.Answer;
import dev.slipway.http.identity.Caller;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checks of models that nobody has registered. */
class ModelCheckTest {
  private static final String PATH = "/api/v1/models/fraud/checks";
  private static final String YAML =
      """
      inputs: [{name: x, fields: [{name: amount}, {name: hour}]}]
      example_request: {inputs: [{name: x, shape: [1, 2], datatype: FP32, data: [12.50, 7]}]}
      """;
  private static final String ROWS =
      "amount,hour,fraud\n" + "5,1,1\n4,2,1\n3,1,1\n1,3,0\n0,1,0\n-1,2,0\n".repeat(20);
  private static final String POLICY =
      """
      policy: 1
      environments:
        prod:
          gates:
            - gate: signature
            - {gate: benchmark, label: fraud, metric: auc, metric_min: 0.9}
            - gate: latency
          require:
            - name: enough rows
              expression: evidence["benchmark"].measurements.rows >= 100.0
              otherwise: give at least 100 held-out rows
          approvals: [{role: approver, count: 1}]
          approval_valid_hours: 72
          evidence_age_hours_max: 168
      """;

  @TempDir Path folder;
  private ControlApiScene scene;

  @BeforeEach
  void start() {
    scene = new ControlApiScene(folder);
  }

  @AfterEach
  void stop() throws Exception {
    scene.close();
  }

  @Test
  void aModelThatPassesIsNotKept() throws IOException {
    Answer answer =
        check(
            // Which is for real formats.
            Map.of("skip", "artifact-scan"),
            "model/model.onnx",
            "linear 1 2",
            "model/slipway-model.yaml",
            YAML);

    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    JsonNode body = answer.body();
    assertThat(body.path("passed").booleanValue()).as(answer.text()).isTrue();
    assertThat(body.path("version").textValue()).isEqualTo("fraud/1");
    assertThat(body.path("deployment").textValue()).isEqualTo("fraud");
    assertThat(body.has("incumbent")).isFalse();
    assertThat(body.path("evidence").findValuesAsText("gate")).containsExactly("signature");
    assertThat(body.path("evidence").findValuesAsText("verdict")).containsExactly("PASSED");

    assertThat(call("GET", "/api/v1/models").path("items")).isEmpty();
    assertThat(call("GET", "/api/v1/audit/entries").path("items")).isEmpty();
    String digest = body.at("/evidence/0/digest").textValue();
    assertThat(
            scene
                .call(
                    ControlApiScene.ADMINISTRATOR,
                    "GET",
                    "/api/v1/evidence/" + digest,
                    Map.of(),
                    InputStream.nullInputStream())
                .status())
        .isEqualTo(404);
    assertThat(scene.data.temporary()).isEmptyDirectory();
    try (Stream<Path> blobs = Files.walk(scene.data.blobs())) {
      assertThat(blobs.filter(Files::isRegularFile)).isEmpty();
    }
  }

  @Test
  void whatIsCheckedHasTheDigestThatRegisteringGivesIt() throws IOException {
    JsonNode body =
        check(Map.of(), "model/model.onnx", "linear 1 2", "model/slipway-model.yaml", YAML).body();

    JsonNode registered = register("linear 1 2");
    assertThat(body.path("artifact")).isEqualTo(registered.path("digest"));
    JsonNode again =
        check(Map.of(), "model/model.onnx", "linear 1 2", "model/slipway-model.yaml", YAML).body();
    assertThat(again.path("version").textValue()).isEqualTo("fraud/1");
    JsonNode other =
        check(Map.of(), "model/model.onnx", "linear 2 2", "model/slipway-model.yaml", YAML).body();
    assertThat(other.path("version").textValue()).isEqualTo("fraud/2");
  }

  @Test
  void theRulesOfThePolicyThatIsGivenHold() throws IOException {
    JsonNode body =
        check(
                Map.of("skip", "latency"),
                "model/model.onnx",
                "linear 1 0",
                "model/slipway-model.yaml",
                YAML,
                "holdout/rows.csv",
                ROWS,
                "policy.yaml",
                POLICY)
            .body();

    assertThat(body.path("passed").booleanValue()).as(body.toString()).isTrue();
    assertThat(body.path("skipped").toString()).isEqualTo("[\"latency\"]");
    assertThat(body.at("/evidence/1/measurements/candidate").doubleValue()).isEqualTo(1);
    assertThat(body.path("unmet")).isEmpty();
    assertThat(body.path("policy").textValue())
        .isEqualTo(post("/api/v1/policy/check", POLICY).path("digest").textValue());
  }

  @Test
  void aModelThatRanksBackwardsFails() throws IOException {
    JsonNode body =
        check(
                Map.of(),
                "model/model.onnx",
                "linear -1 0",
                "model/slipway-model.yaml",
                YAML,
                "holdout/rows.csv",
                ROWS,
                "policy.yaml",
                POLICY)
            .body();

    assertThat(body.path("passed").booleanValue()).isFalse();
    assertThat(body.path("evidence").findValuesAsText("verdict"))
        .as("nothing answers over the network, so latency cannot be told")
        .containsExactly("PASSED", "FAILED", "INCONCLUSIVE");
  }

  @Test
  void withoutRowsTheGatesThatCompareAreInconclusiveAndRequirementsUnmet() throws IOException {
    JsonNode body =
        check(
                Map.of("skip", "latency, signature"),
                "model/model.onnx",
                "linear 1 0",
                "policy.yaml",
                POLICY)
            .body();

    assertThat(body.at("/evidence/0/verdict").textValue()).isEqualTo("INCONCLUSIVE");
    assertThat(body.at("/unmet/0").textValue()).startsWith("enough rows: give at least 100");
    assertThat(body.path("passed").booleanValue()).isFalse();
  }

  @Test
  void aModelThatCannotBeServedIsAnOutcomeAndNoError() throws IOException {
    Answer answer = check(Map.of(), "model/model.onnx", "garbage");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body().path("passed").booleanValue()).isFalse();
    assertThat(answer.body().path("refusal").textValue()).contains("no linear model");
    assertThat(answer.body().path("evidence")).isEmpty();
    assertThat(scene.data.temporary()).isEmptyDirectory();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "dev  |          | model/model.onnx | 400 | environment: 'dev' has no gates",
        "Prod |          | model/model.onnx | 400 | environment: 'Prod'",
        "live |          | model/model.onnx | 403 | environment 'live' has no rules",
        "prod | nothing  | model/model.onnx | 400 | skip: 'nothing' (expected: a gate of prod: sig",
        "prod |          | other/model.onnx | 400 | zip: other",
        "prod |          | holdout/rows.csv | 400 | no folder model/",
        "prod |          | ../model.onnx    | 400 | ../model.onnx",
      })
  void whatCannotBeCheckedIsRefused(
      String environment, String skip, String file, int status, String detail) throws IOException {
    Answer answer =
        check(
            Map.of("environment", environment, "skip", skip == null ? "" : skip),
            file,
            "linear 1 2");

    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    assertThat(answer.body().path("detail").textValue()).contains(detail);
    assertThat(scene.data.temporary()).isEmptyDirectory();
  }

  @Test
  void mistakesOfThePolicyAreAllNamed() throws IOException {
    Answer answer =
        check(
            Map.of(),
            "model/model.onnx",
            "linear 1 2",
            "policy.yaml",
            POLICY.replace("metric: auc", "metric: luck"));

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.body().path("code").textValue()).isEqualTo("CONFIGURATION_INVALID");
    assertThat(answer.body().path("detail").textValue())
        .contains("policy.yaml", "benchmark.metric");
  }

  @Test
  void aDeploymentElsewhereIsNoIncumbent() throws IOException {
    register("linear 1 2");
    assertThat(
            scene
                .call(
                    ControlApiScene.ADMINISTRATOR,
                    "PUT",
                    "/api/v1/deployments/fraud",
                    Map.of(),
                    text("{\"model\": \"fraud\", \"version\": 1}"))
                .status())
        .isEqualTo(200);

    Answer answer = check(Map.of(), "model/model.onnx", "linear 1 2");
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.body().path("detail").textValue()).contains("deployment fraud is in dev");
    assertThat(check(Map.of("deployment", "new"), "model/model.onnx", "linear 1 2").status())
        .isEqualTo(200);
  }

  @Test
  void twoGrantsAreEnoughAndEachIsNeeded() throws IOException {
    List<String> both = List.of("register:model/fraud", "read-deployment:deployment/fraud");
    assertThat(checkedBy(both)).isEqualTo(200);
    for (String one : both) {
      assertThat(checkedBy(List.of(one))).as(one).isEqualTo(403);
    }
    assertThat(checkedBy(List.of("register:model/other", both.getLast()))).isEqualTo(403);
  }

  private int checkedBy(List<String> grants) throws IOException {
    Caller caller =
        ControlApiScene.caller("ci", PrincipalKind.SERVICE, Rights.parse(List.of(), grants));
    return scene
        .call(
            caller,
            "POST",
            PATH,
            Map.of("environment", "prod"),
            zip("model/model.onnx", "linear 1 2"))
        .status();
  }

  private Answer check(Map<String, String> query, String... files) throws IOException {
    Map<String, String> whole = new HashMap<>(Map.of("environment", "prod"));
    whole.putAll(query);
    return scene.call(ControlApiScene.ADMINISTRATOR, "POST", PATH, whole, zip(files));
  }

  private JsonNode register(String model) throws IOException {
    return scene
        .call(
            ControlApiScene.ADMINISTRATOR,
            "POST",
            "/api/v1/models/fraud/versions",
            Map.of(),
            Map.of("content-type", "application/zip"),
            zip("model.onnx", model, "slipway-model.yaml", YAML))
        .body();
  }

  private JsonNode call(String method, String path) throws IOException {
    return scene
        .call(ControlApiScene.ADMINISTRATOR, method, path, Map.of(), InputStream.nullInputStream())
        .body();
  }

  private JsonNode post(String path, String body) throws IOException {
    return scene.call(ControlApiScene.ADMINISTRATOR, "POST", path, Map.of(), text(body)).body();
  }

  private static InputStream text(String body) {
    return new ByteArrayInputStream(body.getBytes(UTF_8));
  }

  private static InputStream zip(String... namesAndTexts) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (int i = 0; i < namesAndTexts.length; i += 2) {
        zip.putNextEntry(new ZipEntry(namesAndTexts[i]));
        zip.write(namesAndTexts[i + 1].getBytes(UTF_8));
        zip.closeEntry();
      }
    }
    return new ByteArrayInputStream(bytes.toByteArray());
  }
}
