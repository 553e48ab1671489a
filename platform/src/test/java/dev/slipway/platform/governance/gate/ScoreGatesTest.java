package dev.slipway.platform.governance.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.audit.json.JsonFields;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.governance.Verdict;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.platform.governance.holdout.Holdout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoreGatesTest {
  private static final Gate BENCHMARK = new BenchmarkGate();
  private static final Gate SLICES = new SlicesGate();

  @TempDir Path folder;
  private Scene scene;

  @BeforeEach
  void start() {
    scene = new Scene(folder);
  }

  @Test
  void aCandidateThatIsAsGoodPassesAndTheEvidenceSaysOnWhichRows() throws IOException {
    Holdout holdout = rows(2_000, 0.2, 1);
    ModelVersion incumbent = scene.version(1, 1, 0);
    GateSubject subject = scene.subject(scene.version(2, 2, 0), incumbent, holdout);

    GateOutcome outcome =
        Scene.run(BENCHMARK, subject, "{'label':'label','metric':'auc','resamples':200}");

    assertThat(outcome.verdict()).isEqualTo(Verdict.PASSED);
    assertThat(outcome.findings()).isEmpty();
    assertThat(outcome.inputs())
        .containsEntry("holdout", holdout.digest())
        .containsEntry("incumbent", ContentDigest.of(incumbent.digest()));
    JsonFields measured = JsonFields.of("measurements", outcome.measurements());
    assertThat(measured.number("difference")).isZero();
    assertThat(measured.number("candidate")).isBetween(0.9, 1.0);
    assertThat(measured.whole("rows")).isEqualTo(2_000);
    assertThat(measured.whole("positives")).isBetween(500L, 1_500L);
  }

  @Test
  void aWorseCandidateFailsAndTooFewRowsDecideNothing() throws IOException {
    ModelVersion incumbent = scene.version(1, 1, 0);
    ModelVersion worse = scene.version(2, 1, 3);
    String parameters = "{'label':'label','metric':'auc','difference_min':-0.01}";

    GateOutcome many =
        Scene.run(BENCHMARK, scene.subject(worse, incumbent, rows(2_000, 0.2, 2)), parameters);
    GateOutcome few =
        Scene.run(
            BENCHMARK,
            scene.subject(scene.version(3, 1, 0.1), incumbent, rows(30, 1.0, 3)),
            parameters);

    assertThat(many.verdict()).isEqualTo(Verdict.FAILED);
    assertThat(many.findings().getFirst()).startsWith("auc: difference -");
    assertThat(few.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
    assertThat(few.findings().getFirst()).contains("more rows may decide it");
  }

  @Test
  void theSameRunComesToTheSameMeasurements() throws IOException {
    GateSubject subject =
        scene.subject(scene.version(2, 1, 0.4), scene.version(1, 1, 0), rows(500, 0.5, 4));
    String parameters = "{'label':'label','metric':'average_precision'}";

    assertThat(Scene.run(BENCHMARK, subject, parameters))
        .isEqualTo(Scene.run(BENCHMARK, subject, parameters));
  }

  @Test
  void whereNothingServesYetTheLeastMetricDecides() throws IOException {
    GateSubject subject = scene.subject(scene.version(1, 1, 0), null, rows(500, 0.2, 5));

    assertThat(verdict(BENCHMARK, subject, "{'label':'label','metric':'auc','metric_min':0.8}"))
        .isEqualTo(Verdict.PASSED);
    assertThat(verdict(BENCHMARK, subject, "{'label':'label','metric':'auc','metric_min':0.9999}"))
        .isEqualTo(Verdict.FAILED);
    assertThat(verdict(BENCHMARK, subject, "{'label':'label','metric':'auc'}"))
        .isEqualTo(Verdict.INCONCLUSIVE);
    assertThat(verdict(BENCHMARK, subject, "{'label':'label','metric':'mae','metric_min':100}"))
        .isEqualTo(Verdict.PASSED);
  }

  @Test
  void aScoreThatIsNoProbabilityFailsAMetricOfProbabilities() throws IOException {
    GateOutcome outcome =
        Scene.run(
            BENCHMARK,
            scene.subject(scene.version(1, 100, 0), null, rows(50, 0.2, 6)),
            "{'label':'label','metric':'log_loss','metric_min':1}");

    assertThat(outcome.verdict()).isEqualTo(Verdict.FAILED);
    assertThat(outcome.findings().getFirst()).contains("a probability, for log_loss");
  }

  @Test
  void whatIsMissingIsAskedFor() throws IOException {
    ModelVersion candidate = scene.version(1, 1, 0);
    GateSubject none = scene.subject(candidate, null, null);
    assertThatThrownBy(() -> Scene.run(BENCHMARK, none, "{'label':'label','metric':'auc'}"))
        .isInstanceOfSatisfying(
            SlipwayException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST))
        .hasMessageContaining("no held-out rows");
    GateSubject subject =
        scene.subject(candidate, null, scene.holdout("a,b,y\n1,2,0\n1,2,3\n0,0,1\n"));
    assertThatThrownBy(() -> Scene.run(BENCHMARK, subject, "{'label':'z','metric':'auc'}"))
        .hasMessageContaining("no column 'z'");
    assertThatThrownBy(() -> Scene.run(BENCHMARK, subject, "{'label':'y','metric':'auc'}"))
        .hasMessageContaining("values '0', '3' and '1'");
  }

  @Test
  void unknownAndImpossibleParametersAreRefused() {
    requireRefused(
        BENCHMARK, "{'label':'y','metric':'auc','metrik_min':1}", "benchmark.metrik_min");
    requireRefused(BENCHMARK, "{'label':'y','metric':'gini'}", "one of auc, average_precision");
    requireRefused(BENCHMARK, "{'label':'y','metric':'auc','confidence':1}", "confidence");
    requireRefused(BENCHMARK, "{'metric':'auc'}", "benchmark.label");
    requireRefused(SLICES, "{'label':'y','metric':'auc','columns':['c']}", "metric_min");
    requireRefused(SLICES, "{'label':'y','metric':'auc','gap_max':0.1}", "columns");
  }

  @Test
  void aSliceThatIsWorseFailsAndASmallOneIsOnlyReported() throws IOException {
    StringBuilder csv = new StringBuilder("a,b,label,region,old\n");
    Random random = new Random(8);
    for (int i = 0; i < 900; i++) {
      boolean south = i % 3 == 0;
      double a = random.nextGaussian();
      boolean positive = a + (south ? 5 : 0.1) * random.nextGaussian() > 0;
      csv.append(
          "%s,0,%s,%s,%d\n"
              .formatted(a, positive ? "True" : "False", south ? "south" : "north", i % 2));
    }
    csv.append("0.1,0,True,tiny,0\n0.2,0,False,tiny,1\n");
    GateSubject subject =
        scene.subject(scene.version(1, 1, 0), null, scene.holdout(csv.toString()));
    String parameters =
        "{'label':'label','metric':'auc','columns':['region',['region','old']],'metric_min':0.9,'gap_max':0.2}";

    GateOutcome outcome = Scene.run(SLICES, subject, parameters);

    assertThat(outcome.verdict()).isEqualTo(Verdict.FAILED);
    assertThat(outcome.findings())
        .anyMatch(finding -> finding.startsWith("region=south: auc 0."))
        .anyMatch(finding -> finding.startsWith("region: auc differs by 0."))
        .anyMatch(finding -> finding.startsWith("region=south, old=1: auc 0."))
        .noneMatch(finding -> finding.contains("tiny"));
    JsonFields byRegion =
        JsonFields.of("measurements", outcome.measurements()).each("columns").getFirst();
    assertThat(byRegion.each("slices")).hasSize(3);
    assertThat(
            verdict(
                SLICES,
                subject,
                "{'label':'label','metric':'auc','columns':['old'],'gap_max':0.2}"))
        .isEqualTo(Verdict.PASSED);
    assertThat(
            verdict(
                SLICES,
                subject,
                "{'label':'label','metric':'auc','columns':['old'],'gap_max':0.2,'rows_min':5000}"))
        .isEqualTo(Verdict.INCONCLUSIVE);
  }

  private static Verdict verdict(Gate gate, GateSubject subject, String parameters) {
    return Scene.run(gate, subject, parameters).verdict();
  }

  private static void requireRefused(Gate gate, String parameters, String message) {
    assertThatThrownBy(() -> gate.requireParameters(Scene.json(parameters)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  /** {@code a} tells the outcome but for noise; {@code b} tells nothing. */
  private Holdout rows(int count, double noise, long seed) throws IOException {
    Random random = new Random(seed);
    StringBuilder csv = new StringBuilder("a,b,label\n");
    for (int i = 0; i < count; i++) {
      double a = random.nextGaussian();
      int label = a + noise * random.nextGaussian() > 0 ? 1 : 0;
      csv.append("%s,%s,%d\n".formatted(a, random.nextGaussian(), label));
    }
    return scene.holdout(csv.toString());
  }
}
