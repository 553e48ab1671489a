package dev.slipway.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.cli.output.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.dom.DOMSource;
import javax.xml.validation.SchemaFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/** What {@code slipway ci check} sends, prints and writes. */
class CiCheckTest {
  private static final String DIGEST = "sha256:" + "0a".repeat(32);

  /** Whatever a file's name may hold: markup, a mention, a cell's end, a bell, no character. */
  private static final String HOSTILE =
      "a</failure>|@all`<img src=x>]]>&\u0007\ufffe\u202e.onnx: bad\nnext";

  @TempDir Path folder = Path.of("");
  private final ControlApiServer server = new ControlApiServer();
  private Shell shell = new Shell(folder);
  private Path work = folder;

  @BeforeEach
  void prepare() throws IOException {
    work = Files.createDirectories(folder.resolve("work"));
    shell = new Shell(folder).with("SLIPWAY_URL", server.url());
    Files.writeString(work.resolve("a b.onnx"), "model a");
    Files.writeString(work.resolve("rows.csv"), "x\n1\n");
    Files.writeString(work.resolve("policy.yaml"), "policy: 1");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void everythingGoesToTheServerInOneZip() {
    server.answerChecks(outcome());

    Shell.Result result =
        check(
            "--to",
            "live",
            "--holdout",
            "rows.csv",
            "--policy",
            "policy.yaml",
            "--skip",
            "latency");

    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(server.lastUpload())
        .containsOnlyKeys("model/a b.onnx", "holdout/rows.csv", "policy.yaml");
    assertThat(server.lastUpload().get("model/a b.onnx")).isEqualTo("model a".getBytes(UTF_8));
    assertThat(server.requests())
        .containsExactly(
            "POST /api/v1/policy/check",
            "POST /api/v1/models/fraud/checks?environment=prod&deployment=live&skip=latency");
  }

  @Test
  void theModelsNameIsTheDeploymentsUnlessItIsSaid() {
    server.answerChecks(outcome());

    assertThat(check().exit()).isZero();

    assertThat(server.requests())
        .containsExactly(
            "POST /api/v1/models/fraud/checks?environment=prod&deployment=fraud&skip=");
    assertThat(server.lastUpload()).containsOnlyKeys("model/a b.onnx");
  }

  @Test
  void theTableTellsTheGatesAndTheExitCodeTheOutcome() {
    ObjectNode failed = outcome();
    evidence(failed, "benchmark", "FAILED", "auc 0.71 (expected: >= 0.9)");
    server.answerChecks(failed);

    Shell.Result result = check();

    assertThat(result.exit()).isEqualTo(5);
    assertThat(result.out().lines())
        .anyMatch(line -> line.matches("signature +PASSED .*"))
        .anyMatch(line -> line.matches("benchmark +FAILED .*auc 0\\.71 \\(expected: >= 0\\.9\\)"));
  }

  @Test
  void whatIsInconclusiveOrUnmetDoesNotPassEither() {
    ObjectNode unclear = outcome();
    evidence(unclear, "latency", "INCONCLUSIVE", "it answers nowhere");
    server.answerChecks(unclear);
    assertThat(check().exit()).isEqualTo(5);

    ObjectNode unmet = outcome();
    unmet.withArray("unmet").add("enough rows: give more");
    server.answerChecks(unmet);
    assertThat(check().exit()).isEqualTo(5);

    ObjectNode skipped = outcome();
    skipped.withArray("skipped").add("latency");
    server.answerChecks(skipped);
    assertThat(check().exit()).isZero();
  }

  @Test
  void junitHasACaseForEachGateWhateverTheFindingsHold() throws Exception {
    ObjectNode answer = outcome();
    evidence(answer, "artifact-scan", "FAILED", HOSTILE);
    evidence(answer, "latency", "INCONCLUSIVE", "it answers nowhere");
    answer.withArray("skipped").add("slices");
    server.answerChecks(answer);

    assertThat(check("--junit", "out/gates.xml").exit()).isEqualTo(5);

    byte[] xml = Files.readAllBytes(work.resolve("out/gates.xml"));
    Element suites = parsed(xml).getDocumentElement();
    assertThat(suites.getAttribute("tests")).isEqualTo("5");
    assertThat(suites.getAttribute("failures")).isEqualTo("2");
    assertThat(suites.getAttribute("skipped")).isEqualTo("1");
    assertThat(names(suites, "testcase"))
        .containsExactly("registration", "signature", "artifact-scan", "latency", "slices");
    Element failure = (Element) suites.getElementsByTagName("failure").item(0);
    assertThat(failure.getTextContent())
        .isEqualTo(HOSTILE.replace('\u0007', '\ufffd').replace('\ufffe', '\ufffd'));
    assertThat(failure.getAttribute("type")).isEqualTo("FAILED");
  }

  @Test
  void sarifHasARuleForEachGateAndAResultForEachFinding() throws IOException {
    ObjectNode answer = outcome();
    evidence(answer, "artifact-scan", "FAILED", HOSTILE, "b.pkl: a pickle");
    evidence(answer, "latency", "INCONCLUSIVE", "it answers nowhere");
    server.answerChecks(answer);

    check("--sarif", "gates.sarif");

    JsonNode document = Json.mapper().readTree(work.resolve("gates.sarif").toFile());
    assertThat(document.path("version").textValue()).isEqualTo("2.1.0");
    assertThat(document.path("runs")).hasSize(1);
    JsonNode run = document.at("/runs/0");
    assertThat(run.at("/tool/driver/name").textValue()).isEqualTo("slipway");
    List<String> rules = run.at("/tool/driver/rules").findValuesAsText("id");
    assertThat(rules)
        .containsExactly("registration", "signature", "artifact-scan", "latency")
        .doesNotHaveDuplicates();
    JsonNode results = run.path("results");
    assertThat(results.findValuesAsText("level")).containsExactly("error", "error", "warning");
    for (JsonNode result : results) {
      assertThat(rules.get(result.path("ruleIndex").intValue()))
          .isEqualTo(result.path("ruleId").textValue());
      JsonNode location = result.at("/locations/0/physicalLocation/artifactLocation");
      assertThat(location.path("uri").textValue()).isEqualTo("a%20b.onnx");
      assertThat(location.path("uriBaseId").textValue()).isEqualTo("%SRCROOT%");
      assertThat(result.at("/properties/evidence").textValue()).isEqualTo(DIGEST);
    }
    assertThat(results.at("/1/message/text").textValue()).isEqualTo("b.pkl: a pickle");
    assertThat(results.findValuesAsText("slipwayFinding/v1")).doesNotHaveDuplicates();
    assertThat(run.at("/properties/artifact").textValue()).isEqualTo(DIGEST);
  }

  @Test
  void theSummaryShowsFindingsAsTheyAreAndNoMarkupOfTheirs() throws IOException {
    ObjectNode answer = outcome();
    evidence(answer, "artifact-scan", "FAILED", HOSTILE, "2", "3", "4", "5", "6", "7");
    server.answerChecks(answer);

    check("--summary", "summary.md");

    List<String> lines = Files.readAllLines(work.resolve("summary.md"));
    assertThat(lines.getFirst()).isEqualTo("## Slipway: fraud does not pass for prod");
    String row =
        lines.stream().filter(line -> line.startsWith("| artifact-scan")).findFirst().orElseThrow();
    assertThat(row)
        .contains("**FAILED**", "<br>2<br>3<br>4<br>5<br>and 2 more", "`" + DIGEST + "`")
        .doesNotContain("<img", "@all");
    assertThat(row.chars().filter(c -> c == '|')).hasSize(5);
    assertThat(lines).contains("| artifact | fraud/3 | `%s` |".formatted(DIGEST));
    assertThat(lines).contains("| incumbent | fraud/2 | `%s` |".formatted(DIGEST));
  }

  @Test
  void aModelThatCannotBeServedIsAFailedCaseOfItsOwn() throws Exception {
    ObjectNode refused = outcome();
    refused.put("refusal", "FORMAT: none").putArray("evidence");
    server.answerChecks(refused);

    assertThat(check("--junit", "gates.xml").exit()).isEqualTo(5);

    Element suites = parsed(Files.readAllBytes(work.resolve("gates.xml"))).getDocumentElement();
    assertThat(names(suites, "testcase")).containsExactly("registration");
    assertThat(suites.getElementsByTagName("failure").item(0).getTextContent())
        .isEqualTo("FORMAT: none");
  }

  @Test
  void aPolicyWithMistakesEndsTheCheckAndIsInTheReports() throws IOException {
    server.refuse(422, "CONFIGURATION_INVALID");

    Shell.Result result =
        check("--policy", "policy.yaml", "--sarif", "gates.sarif", "--summary", "summary.md");

    assertThat(result.exit()).isEqualTo(5);
    assertThat(server.requests()).containsExactly("POST /api/v1/policy/check");
    JsonNode found =
        Json.mapper().readTree(work.resolve("gates.sarif").toFile()).at("/runs/0/results/0");
    assertThat(found.path("ruleId").textValue()).isEqualTo("policy");
    assertThat(found.at("/locations/0/physicalLocation/artifactLocation/uri").textValue())
        .isEqualTo("policy.yaml");
    assertThat(work.resolve("summary.md")).content().contains("| policy | **FAILED** |");
  }

  @Test
  void whatIsNoOutcomeIsAnErrorAndLeavesNoReport() {
    server.refuse(403, "PERMISSION_DENIED");

    Shell.Result result = check("--junit", "gates.xml");

    assertThat(result.exit()).isEqualTo(4);
    assertThat(work.resolve("gates.xml")).doesNotExist();
    server.refuse(503, "TOO_MANY_REQUESTS");
    assertThat(check("--policy", "policy.yaml").exit()).isNotIn(0, 5);
    assertThat(check("--policy", "absent.yaml").err()).contains("absent.yaml cannot be read");
    assertThat(check("--holdout", "absent.csv").err()).contains("absent.csv: not readable");
  }

  @Test
  void filesOutsideTheWorkingFolderAreNamedInFull() throws IOException {
    ObjectNode answer = outcome();
    evidence(answer, "model-card", "FAILED", "no card");
    server.answerChecks(answer);
    Path outside = Files.writeString(folder.resolve("m.onnx"), "model");

    shell.run(
        "ci", "check", outside.toString(), "--name", "fraud", "--env", "prod", "--sarif", "s.json");

    JsonNode location =
        Json.mapper()
            .readTree(work.resolve("s.json").toFile())
            .at("/runs/0/results/0/locations/0/physicalLocation/artifactLocation");
    assertThat(location.path("uri").textValue()).isEqualTo(outside.toUri().toString());
    assertThat(location.has("uriBaseId")).isFalse();
  }

  private Shell.Result check(String... further) {
    List<String> arguments =
        new ArrayList<>(List.of("ci", "check", "a b.onnx", "--name", "fraud", "--env", "prod"));
    arguments.addAll(List.of(further));
    return shell.run(arguments.toArray(String[]::new));
  }

  /** What the server answers where all is well. */
  private static ObjectNode outcome() {
    ObjectNode answer = Json.mapper().createObjectNode();
    answer.put("model", "fraud").put("environment", "prod").put("deployment", "fraud");
    answer.put("policy", DIGEST).put("passed", true).put("refusal", "");
    answer.put("version", "fraud/3").put("artifact", DIGEST);
    answer.put("incumbent", "fraud/2").put("incumbent_artifact", DIGEST);
    answer.putArray("evidence");
    answer.putArray("skipped");
    answer.putArray("unmet");
    evidence(answer, "signature", "PASSED");
    return answer;
  }

  private static void evidence(ObjectNode answer, String gate, String verdict, String... findings) {
    ObjectNode evidence = answer.withArray("evidence").addObject();
    evidence.put("gate", gate).put("verdict", verdict).put("digest", DIGEST);
    evidence.put("at", "2026-11-24T10:00:00.123Z");
    for (String finding : findings) {
      evidence.withArray("findings").add(finding);
    }
  }

  /** The document, held against the schema. */
  private static Document parsed(byte[] xml)
      throws ParserConfigurationException, SAXException, IOException {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultNSInstance();
    factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
    Document document = factory.newDocumentBuilder().parse(new ByteArrayInputStream(xml));
    SchemaFactory.newDefaultInstance()
        .newSchema(Objects.requireNonNull(CiCheckTest.class.getResource("report/junit.xsd")))
        .newValidator()
        .validate(new DOMSource(document));
    return document;
  }

  private static List<String> names(Element suites, String element) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < suites.getElementsByTagName(element).getLength(); i++) {
      names.add(((Element) suites.getElementsByTagName(element).item(i)).getAttribute("name"));
    }
    return names;
  }
}
