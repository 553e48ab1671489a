import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.mlflow.api.proto.ModelRegistry.ModelVersion;
import org.mlflow.api.proto.Service.Experiment;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Run;
import org.mlflow.api.proto.Service.RunStatus;
import org.mlflow.api.proto.Service.ViewType;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.MlflowHttpException;
import org.mlflow.tracking.RunsPage;

/**
 * MLflow's client for Java against the server at the given address; ends with 1 at the first
 * difference.
 */
public final class JavaClient {
  public static void main(String[] arguments) {
    try (MlflowClient client = new MlflowClient(arguments[0])) {
      String experiment = client.createExperiment("java-" + UUID.randomUUID());
      tracks(client, experiment);
      pages(client, experiment);
      registers(client, experiment);
    }
    System.err.println("interop: mlflow for Java: passed");
  }

  private static void tracks(MlflowClient client, String experiment) {
    String run = client.createRun(experiment).getRunId();
    client.logParam(run, "depth", "6");
    client.logMetric(run, "loss", 0.5, 1_000, 1);
    client.logMetric(run, "loss", 0.25, 2_000, 2);
    client.logMetric(run, "up", Double.POSITIVE_INFINITY);
    client.logMetric(run, "none", Double.NaN);
    client.setTag(run, "team", "fraud");
    client.setTag(run, "gone", "soon");
    client.deleteTag(run, "gone");
    client.setExperimentTag(experiment, "team", "fraud");
    client.setTerminated(run, RunStatus.FINISHED, System.currentTimeMillis());

    Run found = client.getRun(run);
    require("status", RunStatus.FINISHED, found.getInfo().getStatus());
    require("params", "6", found.getData().getParams(0).getValue());
    for (Metric metric : found.getData().getMetricsList()) {
      double expected =
          switch (metric.getKey()) {
            case "loss" -> 0.25;
            case "up" -> Double.POSITIVE_INFINITY;
            default -> Double.NaN;
          };
      require(metric.getKey(), expected, metric.getValue());
    }
    require(
        "points",
        List.of(0.5, 0.25),
        client.getMetricHistory(run, "loss").stream().map(Metric::getValue).toList());
    require(
        "gone",
        true,
        found.getData().getTagsList().stream().noneMatch(tag -> tag.getKey().equals("gone")));
    Experiment known = client.getExperiment(experiment);
    require("by name", Optional.of(known), client.getExperimentByName(known.getName()));
    try {
      client.logParam(run, "depth", "7");
      throw new IllegalStateException("a param changed");
    } catch (MlflowHttpException refused) {
      require("refusal", 400, refused.getStatusCode());
    }
  }

  private static void pages(MlflowClient client, String experiment) {
    for (int i = 0; i < 5; i++) {
      client.logMetric(client.createRun(experiment).getRunId(), "number", i);
    }
    List<Double> seen = new ArrayList<>();
    RunsPage page =
        client.searchRuns(
            List.of(experiment),
            "metrics.number >= 0",
            ViewType.ACTIVE_ONLY,
            2,
            List.of("metrics.number DESC"));
    while (true) {
      page.getItems().forEach(run -> seen.add(run.getData().getMetrics(0).getValue()));
      if (!page.hasNextPage()) {
        break;
      }
      page = (RunsPage) page.getNextPage();
    }
    require("pages", List.of(4.0, 3.0, 2.0, 1.0, 0.0), seen);
  }

  private static void registers(MlflowClient client, String experiment) {
    String name = "java-" + UUID.randomUUID();
    String run = client.createRun(experiment).getRunId();
    client.sendPost("registered-models/create", "{\"name\": \"%s\"}".formatted(name));
    for (int i = 1; i <= 3; i++) {
      client.sendPost(
          "model-versions/create",
          "{\"name\": \"%s\", \"source\": \"runs:/%s/model\", \"run_id\": \"%s\"}"
              .formatted(name, run, run));
    }
    client.sendPost(
        "model-versions/transition-stage",
        "{\"name\": \"%s\", \"version\": \"1\", \"stage\": \"Staging\"}".formatted(name));
    client.sendPatch(
        "model-versions/update",
        "{\"name\": \"%s\", \"version\": \"2\", \"description\": \"two\"}".formatted(name));
    ModelVersion second = client.getModelVersion(name, "2");
    require("description", "two", second.getDescription());
    require("run", run, second.getRunId());
    var latest = new HashSet<String>();
    client
        .getLatestVersions(name)
        .forEach(version -> latest.add(version.getCurrentStage() + version.getVersion()));
    require("latest", new HashSet<>(List.of("Staging1", "None3")), latest);
    require(
        "search",
        List.of("3", "2", "1"),
        client
            .searchModelVersions("name = '" + name + "'", 10, List.of("version_number DESC"))
            .getItems()
            .stream()
            .map(ModelVersion::getVersion)
            .toList());
    require("uri", "runs:/" + run + "/model", client.getModelVersionDownloadUri(name, "1"));
  }

  private static void require(String what, Object expected, Object actual) {
    if (!expected.equals(actual)) {
      throw new IllegalStateException("%s: %s (expected: %s)".formatted(what, actual, expected));
    }
  }
}
