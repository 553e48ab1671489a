package dev.slipway.http.openapi;

import static dev.slipway.http.testing.RunningServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.dialect.Dialects;
import dev.slipway.http.control.ControlHandler;
import dev.slipway.http.control.ControlResponse;
import dev.slipway.http.rest.RestRoute;
import dev.slipway.http.testing.RunningServer;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Holds the document against the OpenAPI 3.1 rules, the router's table and the running server. */
class OpenApiTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> METHODS = Set.of("get", "post", "put", "delete", "patch");
  private static final Pattern PARAMETER = Pattern.compile("\\{([^}]+)}");

  private static final Set<String> controlCalls = new TreeSet<>();
  private static RunningServer running;
  private static JsonNode document;

  private record Operation(String path, String method, JsonNode definition) {}

  @BeforeAll
  static void start() throws IOException {
    ControlHandler control =
        request -> {
          synchronized (controlCalls) {
            controlCalls.add(request.method() + " " + request.path());
          }
          String type =
              request.path().matches(".*/(receipt|log/.*)")
                  ? "text/plain"
                  : request.path().contains("/backups/") ? "application/zip" : "application/json";
          return new ControlResponse(200, type, "{}".getBytes(StandardCharsets.UTF_8));
        };
    running = RunningServer.start(RunningServer.OPTIONS.withServerVersion("1.2.3"), control);
    document = JSON.readTree(running.get("/openapi.json").body());
  }

  @AfterAll
  static void stop() {
    running.close();
  }

  private static List<Operation> operations() {
    List<Operation> operations = new ArrayList<>();
    for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
        operations.add(new Operation(path.getKey(), operation.getKey(), operation.getValue()));
      }
    }
    return operations;
  }

  @Test
  void theDocumentIsOpenApi31() {
    assertThat(document.path("openapi").asText()).startsWith("3.1.");
    assertThat(document.path("info").path("title").asText()).isNotEmpty();
    assertThat(document.path("info").path("version").asText()).isEqualTo("1.2.3");
    Set<String> operationIds = new HashSet<>();
    for (Operation operation : operations()) {
      String name = operation.method + " " + operation.path;
      assertThat(operation.path).startsWith("/");
      assertThat(METHODS).as(name).contains(operation.method);
      assertThat(operationIds.add(operation.definition.path("operationId").asText()))
          .as(name)
          .isTrue();
      assertThat(operation.definition.path("responses").size()).as(name).isPositive();
      assertThat(declaredPathParameters(operation))
          .as(name)
          .isEqualTo(templateParameters(operation.path));
      for (Map.Entry<String, JsonNode> response :
          operation.definition.path("responses").properties()) {
        assertThat(response.getKey()).as(name).matches("[1-5][0-9]{2}");
        assertThat(resolved(response.getValue()).path("description").asText())
            .as(name)
            .isNotEmpty();
      }
    }
  }

  private static Set<String> templateParameters(String path) {
    Set<String> names = new HashSet<>();
    Matcher matcher = PARAMETER.matcher(path);
    while (matcher.find()) {
      names.add(matcher.group(1));
    }
    return names;
  }

  private static Set<String> declaredPathParameters(Operation operation) {
    Set<String> names = new HashSet<>();
    for (JsonNode parameter : operation.definition.path("parameters")) {
      JsonNode definition = resolved(parameter);
      assertThat(definition.path("schema").isObject()).isTrue();
      if (definition.path("in").asText().equals("path")) {
        assertThat(definition.path("required").asBoolean()).isTrue();
        names.add(definition.path("name").asText());
      }
    }
    return names;
  }

  private static JsonNode resolved(JsonNode node) {
    String reference = node.path("$ref").asText();
    return reference.isEmpty() ? node : document.at(reference.substring(1));
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    List<JsonNode> references = document.findValues("$ref");
    assertThat(references).isNotEmpty();
    for (JsonNode reference : references) {
      assertThat(reference.asText()).startsWith("#/");
      assertThat(document.at(reference.asText().substring(1)).isMissingNode())
          .as(reference.asText())
          .isFalse();
    }
  }

  @Test
  void everySchemaIsJsonSchema() {
    Schema metaSchema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(SchemaLocation.of(Dialects.getDraft202012().getId()));
    for (Map.Entry<String, JsonNode> schema :
        document.path("components").path("schemas").properties()) {
      List<Error> errors = metaSchema.validate(schema.getValue().toString(), InputFormat.JSON);
      assertThat(errors).as(schema.getKey()).isEmpty();
    }
  }

  @Test
  void theRouterKnowsExactlyTheDocumentedPathsOfTheDataPlane() {
    Set<String> routed = new TreeSet<>();
    for (RestRoute route : RestRoute.values()) {
      for (String template : route.templates()) {
        routed.add(route.method().name() + " " + template);
      }
    }
    Set<String> documented = new TreeSet<>();
    for (Operation operation : operations()) {
      if (!operation.path.startsWith("/api/v1/")) {
        documented.add(operation.method.toUpperCase(Locale.ROOT) + " " + operation.path);
      }
    }
    assertThat(documented).isEqualTo(routed);
  }

  @Test
  void everyDocumentedOperationIsAnsweredAsDocumented() throws IOException {
    for (Operation operation : operations()) {
      boolean changes = operation.path.startsWith("/v2/repository/");
      String path =
          operation
              .path
              .replace("{model}", changes ? "versions" : "sum")
              .replace("{version}", "1")
              .replace("{name}", "sum")
              .replace("{index}", "0")
              .replace("{id}", "0")
              .replace("{digest}", "sha256:" + "0".repeat(64))
              .replace("{backup}", "none")
              .replace("{file}", "checkpoint");
      HttpResponse<byte[]> response =
          running.send(
              running
                  .request(path)
                  .method(
                      operation.method.toUpperCase(Locale.ROOT),
                      BodyPublishers.ofString(body(operation))));
      String what = operation.method + " " + operation.path + ": " + text(response);
      JsonNode documented =
          resolved(operation.definition.path("responses").path("" + response.statusCode()));
      assertThat(response.statusCode()).as(what).isEqualTo(200);
      String type = response.headers().firstValue("content-type").orElse("").split(";")[0];
      JsonNode content = documented.path("content").path(type);
      assertThat(documented.path("content").has(type)).as(what).isTrue();
      if (type.equals("application/json") && !operation.path.startsWith("/api/")) {
        assertThat(validate(content.path("schema"), response)).as(what).isEmpty();
      }
    }
  }

  private static List<Error> validate(JsonNode schema, HttpResponse<byte[]> response) {
    // The schemas refer to each other by their place in the document.
    String whole =
        "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"components\":%s,\"allOf\":[%s]}"
            .formatted(document.path("components"), schema);
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(whole, InputFormat.JSON)
        .validate(text(response), InputFormat.JSON);
  }

  private static String body(Operation operation) {
    if (operation.path.endsWith("/infer")) {
      return RunningServer.rows(1, 2, 3);
    }
    return operation.path.endsWith(":predict") ? "{\"instances\":[[1,2,3]]}" : "";
  }

  @Test
  void theControlApiIsDocumentedAsItsReferenceDescribesIt() throws IOException {
    Path reference =
        Path.of(System.getProperty("slipway.root"), "docs", "reference", "control-api.md");
    Set<String> described = new TreeSet<>();
    Matcher line =
        Pattern.compile("`(GET|POST|PUT|DELETE|PATCH) (/api/v1/[^`?\\[ ]+)")
            .matcher(Files.readString(reference));
    while (line.find()) {
      described.add(line.group(1) + " " + line.group(2));
    }
    Set<String> documented = new TreeSet<>();
    for (Operation operation : operations()) {
      if (operation.path.startsWith("/api/v1/")) {
        documented.add(operation.method.toUpperCase(Locale.ROOT) + " " + operation.path);
      }
    }
    assertThat(documented).isEqualTo(described).isNotEmpty();
  }
}
