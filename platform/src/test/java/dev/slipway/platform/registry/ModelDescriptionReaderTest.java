package dev.slipway.platform.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.BatchSettings;
import dev.slipway.core.model.BatchSettings.TimeoutAction;
import dev.slipway.core.model.EngineSettings;
import dev.slipway.core.model.EngineSettings.Scheduling;
import dev.slipway.core.model.ExecutionProvider;
import dev.slipway.core.model.FieldSpec;
import dev.slipway.core.model.FieldSpec.NanPolicy;
import dev.slipway.core.model.ModelSettings;
import dev.slipway.core.tensor.Shape;
import dev.slipway.platform.registry.ModelDescription.TensorNote;
import dev.slipway.store.control.ModelJson;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelDescriptionReaderTest {
  private static final String FULL =
      """
      # Everything that can be said.
      description: Card fraud, 15 features
      model_file: model.onnx
      engine: onnx
      provider: tensorrt
      intra_op_threads: 2
      instances: 3
      scheduling: worker
      max_batch_size: 64
      dynamic_batching:
        max_queue_delay_microseconds: 500
        priority_levels: 3
        default_priority_level: 2
        default_queue_policy:
          timeout_action: DELAY
          default_timeout_microseconds: 20000
          allow_timeout_override: false
          max_queue_size: 100
      response_cache:
        enable: true
      inputs:
        - name: features
          description: what is known of the payment
          shape: [-1, 2]
          optional: false
          fields:
            - name: amount
              description: in euro
              min: 0
              max: 1e6
              nan: reject
            - {name: country, categories: [no, CH, "3.0"], min: -.inf}
      outputs:
        - {name: probability, description: of fraud}
      example_request:
        inputs:
          - {name: features, shape: [1, 2], datatype: FP64, data: [12.50, 9007199254740993]}
      """;

  @Test
  void everythingThatCanBeSaidIsRead() {
    ModelDescription read = ModelDescriptionReader.parse(FULL);

    assertThat(read.description()).isEqualTo("Card fraud, 15 features");
    assertThat(read.modelFile()).isEqualTo("model.onnx");
    assertThat(read.settings())
        .isEqualTo(
            new ModelSettings(
                new EngineSettings("onnx", ExecutionProvider.TENSORRT, 2, 3, Scheduling.WORKER),
                new BatchSettings(64, 500, 100, 3, 2, 20_000, false, TimeoutAction.DELAY),
                true));
    TensorNote input = read.inputs().getFirst();
    assertThat(input.name()).isEqualTo("features");
    assertThat(input.shape()).contains(Shape.of(-1, 2));
    assertThat(input.optional()).contains(false);
    assertThat(input.fields())
        .extracting(note -> note.spec())
        .containsExactly(
            new FieldSpec("amount", "in euro", 0, 1e6, List.of(), NanPolicy.REJECT),
            new FieldSpec(
                "country",
                "",
                Double.NEGATIVE_INFINITY,
                Double.POSITIVE_INFINITY,
                List.of("no", "CH", "3.0"),
                NanPolicy.ALLOW));
    assertThat(read.outputs().getFirst().description()).isEqualTo("of fraud");
    assertThat(read.exampleRequest())
        .isEqualTo(
            "{\"inputs\":[{\"name\":\"features\",\"shape\":[1,2],\"datatype\":\"FP64\","
                + "\"data\":[12.50,9007199254740993]}]}");
  }

  @Test
  void settingsAreKeptInTheFormInWhichTheyAreStated() {
    ModelSettings settings = ModelDescriptionReader.parse(FULL).settings();

    // YAML contains JSON, so that what the API answers can be put into the file as it is.
    assertThat(ModelDescriptionReader.parse(ModelJson.write(settings).toString()).settings())
        .isEqualTo(settings);
  }

  @Test
  void nothingSaidMeansTheDefaults() {
    assertThat(ModelDescriptionReader.parse("")).isEqualTo(ModelDescription.NONE);
    assertThat(ModelDescriptionReader.parse("# nothing\n\n")).isEqualTo(ModelDescription.NONE);
    assertThat(ModelDescriptionReader.parse("description:")).isEqualTo(ModelDescription.NONE);
  }

  @Test
  void anExampleMayBeJsonText() {
    assertThat(ModelDescriptionReader.parse("example_request: '{\"inputs\": []}'").exampleRequest())
        .isEqualTo("{\"inputs\": []}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "max_batchsize: 3 | line 1: unknown key max_batchsize (did you mean 'max_batch_size'?)",
        "zzz: 3 | line 1: unknown key zzz (expected: one of description, model_file",
        "max_batch_size: -1 | max_batch_size: -1 (expected: a whole number from 0 to 1000000)",
        "max_batch_size: many | max_batch_size: many (expected: a whole number from 0",
        "max_batch_size: [1] | max_batch_size: (expected: a whole number from 0",
        "max_batch_size: 99999999999999999999 | (expected: a whole number",
        "provider: gpu | provider: gpu (expected: one of cpu, cuda, tensorrt, openvino)",
        "intra_op_threads: 0 | intra_op_threads: 0 (expected: a whole number from 1 to 1024)",
        "response_cache: true | response_cache: (expected: a mapping",
        "response_cache: {enabled: true} | unknown key response_cache.enabled (did you mean",
        "response_cache: {enable: maybe} | response_cache.enable: maybe (expected: true or false)",
        "dynamic_batching: {preferred_batch_size: [4]} | preferred_batch_size is not used",
        "dynamic_batching: {default_priority_level: 2} | default_priority_level: 2 (expected",
        "inputs: {name: x} | inputs: (expected: a list)",
        "inputs: [x] | inputs[0]: (expected: a mapping",
        "inputs: [{nmae: x}] | unknown key inputs[0].nmae (did you mean 'name'?)",
        "inputs: [{shape: [a]}] | shape: [a] (expected: whole numbers, -1 for any)",
        "inputs: [{shape: [-2]}] | shape: [-2] (expected: whole numbers, -1 for any)",
        "inputs: [{fields: [{min: 2, max: 1}]}] | range [2.0, 1.0] (expected: min <= max)",
        "inputs: [{fields: [{min: .nan}]}] | inputs[0].fields[0].min: .nan (expected: a number)",
        "inputs: [{fields: [{nan: no}]}] | nan: no (expected: one of allow, reject)",
        "just text | (expected: a mapping of keys to values)",
        "[1, 2] | (expected: a mapping of keys to values)",
        "a: [ | line 1",
        "{max_batch_size: 1, max_batch_size: 2} | max_batch_size",
      })
  void whatIsWrongIsRefusedWithItsPlace(String yaml, String message) {
    assertThatThrownBy(() -> ModelDescriptionReader.parse(yaml))
        .isInstanceOfSatisfying(
            SlipwayException.class,
            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.CONFIGURATION_INVALID))
        .hasMessageStartingWith("slipway-model.yaml")
        .hasMessageContaining(message);
  }

  @Test
  void theLineOfAMistakeIsTheMistakesOwn() {
    assertThatThrownBy(
            () -> ModelDescriptionReader.parse(FULL.replace("    - name: amount", "    - nome: a")))
        .hasMessageContaining("unknown key inputs[0].fields[0].nome (did you mean 'name'?)")
        .hasMessageContaining("line 27");
  }

  @Test
  void anchorsThatMultiplyAreRefused() {
    StringBuilder bomb = new StringBuilder("example_request:\n  a0: &a0 [x, x]\n");
    for (int i = 1; i < 40; i++) {
      bomb.append("  a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }

    assertThatThrownBy(() -> ModelDescriptionReader.parse(bomb.toString()))
        .isInstanceOfSatisfying(
            SlipwayException.class,
            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.CONFIGURATION_INVALID));
  }

  @Test
  void deepNestingIsRefused() {
    assertThatThrownBy(() -> ModelDescriptionReader.parse("example_request: " + "[".repeat(10_000)))
        .isInstanceOf(SlipwayException.class);
  }

  @Property(tries = 500)
  void anyTextIsReadOrRefusedButNeverBreaks(@ForAll String text) {
    try {
      ModelDescriptionReader.parse(text);
    } catch (SlipwayException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.CONFIGURATION_INVALID);
    }
  }
}
