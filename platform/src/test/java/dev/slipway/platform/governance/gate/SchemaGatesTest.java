package dev.slipway.platform.governance.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.governance.Verdict;
import dev.slipway.core.model.FieldSpec;
import dev.slipway.core.model.FieldSpec.NanPolicy;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.platform.RowExampleReader;
import dev.slipway.platform.registry.ExampleInputs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaGatesTest {
  private static final Gate SIGNATURE =
      new SignatureGate(new ExampleInputs(new RowExampleReader()));
  private static final Gate DATA = new DataValidationGate();
  private static final List<FieldSpec> NAMED =
      List.of(
          new FieldSpec("a", "", 0, 10, List.of(), NanPolicy.REJECT),
          new FieldSpec(
              "b",
              "",
              Double.NEGATIVE_INFINITY,
              Double.POSITIVE_INFINITY,
              List.of("0", "1"),
              NanPolicy.ALLOW));

  @TempDir Path folder;
  private Scene scene;

  @BeforeEach
  void start() {
    scene = new Scene(folder);
  }

  @Test
  void aNamedSignatureWithAnAnsweredExamplePasses() throws IOException {
    String example = Scene.EXAMPLE.replace("[1,2]}", "[1,1]}");
    GateOutcome outcome =
        Scene.run(
            SIGNATURE, scene.subject(scene.version(1, NAMED, example, 1, 2), null, null), "{}");

    assertThat(outcome.findings()).isEmpty();
    assertThat(outcome.verdict()).isEqualTo(Verdict.PASSED);
  }

  @Test
  void missingNamesAndAMissingExampleAreFound() throws IOException {
    GateSubject subject = scene.subject(scene.version(1, List.of(), "", 1, 2), null, null);

    GateOutcome outcome = Scene.run(SIGNATURE, subject, "{}");

    assertThat(outcome.verdict()).isEqualTo(Verdict.FAILED);
    assertThat(outcome.findings())
        .hasSize(2)
        .anyMatch(finding -> finding.startsWith("inputs.x: 2 values a row without names"))
        .anyMatch(finding -> finding.startsWith("example_request: none"));
    assertThat(Scene.run(SIGNATURE, subject, "{'field_names':false}").findings()).hasSize(1);
  }

  @Test
  void anExampleThatIsNotAnsweredIsFound() throws IOException {
    ModelVersion refused =
        scene.version(1, NAMED, Scene.EXAMPLE.replace("[1,2]}", "[11,1]}"), 1, 2);
    ModelVersion fails =
        scene.version(2, NAMED, Scene.EXAMPLE.replace("[1,2]}", "[1,1]}"), 1, Double.NaN);

    assertThat(Scene.run(SIGNATURE, scene.subject(refused, null, null), "{}").findings())
        .singleElement()
        .asString()
        .startsWith("example_request: CONFIGURATION_INVALID");
    assertThat(Scene.run(SIGNATURE, scene.subject(fails, null, null), "{}").findings())
        .singleElement()
        .asString()
        .startsWith("example_request: ");
  }

  @Test
  void rowsThatAreAsExpectedPassExpectationByExpectation() throws IOException {
    GateSubject subject =
        scene.subject(
            scene.version(1, NAMED, "", 1, 2),
            null,
            scene.holdout("a,b,id,city\n1,0,x1,Bern\n2.5,1.0,x2,\n10,,x3,Basel\n"));

    GateOutcome outcome =
        Scene.run(
            DATA,
            subject,
            """
            {'rows_min':3,'columns':{
              'a':{'type':'number','min':0,'max':10,'missing_share_max':0},
              'b':{'categories':[0,1],'missing_share_max':0.34},
              'id':{'unique':true},
              'city':{'type':'text','categories':['Bern','Basel']}}}
            """);

    assertThat(outcome.findings()).isEmpty();
    assertThat(outcome.verdict()).isEqualTo(Verdict.PASSED);
    assertThat(outcome.inputs()).containsKey("holdout");
  }

  @Test
  void everyBrokenExpectationIsNamedWithItsFirstRow() throws IOException {
    GateSubject subject =
        scene.subject(
            scene.version(1, NAMED, "", 1, 2),
            null,
            scene.holdout("a,b,id\n1,0,x\n-2,2,x\n,1,y\n"));

    GateOutcome outcome =
        Scene.run(
            DATA,
            subject,
            """
            {'rows_min':4,'columns':{
              'a':{'type':'whole','min':-1},
              'id':{'unique':true,'type':'number'},
              'gone':{},
              'b':{'type':'boolean'}}}
            """);

    assertThat(outcome.verdict()).isEqualTo(Verdict.FAILED);
    assertThat(outcome.findings())
        .containsExactlyInAnyOrder(
            "rows_min: 3 (expected: 4)",
            "columns.a.range: 1 of 3 not, first row 2: '-2' (expected: -1.0 to Infinity)",
            "columns.id.unique: 1 of 3 not, first row 2: 'x' (expected: each value once)",
            "columns.id.type: 3 of 3 not, first row 1: 'x' (expected: number)",
            "columns.gone.present: absent (expected: there)",
            "columns.b.type: 1 of 3 not, first row 2: '2' (expected: boolean)",
            "signature.a.range: 1 of 3 not, first row 2: '-2' (expected: 0.0 to 10.0)",
            "signature.a.missing_share_max: 1 of 3 missing (expected: a share of at most 0.0)",
            "signature.b.categories: 1 of 3 not, first row 2: '2' (expected: one of 0, 1)");
  }

  @Test
  void misspeltExpectationsAreRefused() {
    assertThatThrownBy(() -> DATA.requireParameters(Scene.json("{'columns':{'a':{'mini':1}}}")))
        .hasMessageContaining("data-validation.columns.a.mini");
    assertThatThrownBy(() -> DATA.requireParameters(Scene.json("{'columns':{'a':{'type':'int'}}}")))
        .hasMessageContaining("number, whole, boolean or text");
    assertThatThrownBy(
            () -> DATA.requireParameters(Scene.json("{'columns':{'a':{'min':2,'max':1}}}")))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
