package dev.slipway.platform.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.model.FieldSpec;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.model.TensorSpec;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

class SignatureMergeTest {
  @Test
  void fieldsNameTheColumnsOfTheOnlyInput() {
    TensorSpec merged =
        mergeInput(tensor(-1, 2), "inputs: [{fields: [{name: a, min: 1}, {name: b}]}]");

    assertThat(merged.fields()).extracting(FieldSpec::name).containsExactly("a", "b");
    assertThat(merged.fields().getFirst().min()).isEqualTo(1);
    assertThat(merged.name()).isEqualTo("x");
    assertThat(merged.datatype()).isEqualTo(DataType.FP32);
  }

  @Test
  void fieldsCloseAnOpenNumberOfColumns() {
    assertThat(
            mergeInput(tensor(-1, -1), "inputs: [{fields: [{name: a}, {name: b}, {name: c}]}]")
                .shape())
        .isEqualTo(Shape.of(-1, 3));
  }

  @Test
  void oneFieldHoldsForEveryElement() {
    assertThat(mergeInput(tensor(-1, 28, 28), "inputs: [{fields: [{min: 0, max: 1}]}]").fields())
        .hasSize(1);
  }

  @Test
  void fieldsThatTheModelNamesAreFoundByName() {
    TensorSpec named = named("a", "b", "c");

    TensorSpec merged = mergeInput(named, "inputs: [{fields: [{name: c, min: 0}]}]");

    assertThat(merged.fields()).extracting(FieldSpec::name).containsExactly("a", "b", "c");
    assertThat(merged.fields()).extracting(FieldSpec::min).endsWith(0.0);
  }

  @Test
  void allFieldsTogetherRenameWhatTheModelNames() {
    assertThat(
            mergeInput(named("Column_0", "Column_1"), "inputs: [{fields: [{name: a}, {name: b}]}]")
                .fields())
        .extracting(FieldSpec::name)
        .containsExactly("a", "b");
  }

  @Test
  void contradictionsAreRefusedWithTheLine() {
    assertRefused(
        tensor(-1, 2),
        "inputs: [{name: y}]",
        "slipway-model.yaml line 1: the model has no input 'y' (did you mean 'x'?)");
    assertRefused(
        tensor(-1, 3),
        "inputs: [{fields: [{name: a}, {name: b}]}]",
        "x has 2 fields here (expected: one, or 3, one for each column of [-1, 3])");
    assertRefused(
        named("amount", "hour", "day"),
        "inputs:\n- fields:\n  - {name: amuont}\n",
        "line 3: x has no field 'amuont' (did you mean 'amount'?)");
    assertRefused(
        tensor(-1, 3),
        "inputs: [{shape: [-1, 4]}]",
        "x.shape: [-1, 4] (expected: [-1, 3] with some -1 replaced)");
  }

  @Test
  void shapesCanBeNarrowedAndInputsMadeOptional() {
    TensorSpec merged =
        mergeInput(tensor(-1, -1), "inputs: [{name: x, shape: [-1, 7], optional: true}]");

    assertThat(merged.shape()).isEqualTo(Shape.of(-1, 7));
    assertThat(merged.optional()).isTrue();
  }

  @Test
  void whatIsNotMentionedStays() {
    TensorSpec x = new TensorSpec("x", DataType.INT64, Shape.of(-1, 2), "old", List.of(), true);

    assertThat(mergeInput(x, "description: other")).isEqualTo(x);
    assertThat(mergeInput(x, "inputs: [{name: x}]")).isEqualTo(x);
  }

  private static TensorSpec tensor(long... shape) {
    return TensorSpec.of("x", DataType.FP32, Shape.of(shape));
  }

  private static TensorSpec named(String... names) {
    return new TensorSpec(
        "x",
        DataType.FP32,
        Shape.of(-1, names.length),
        "",
        List.of(names).stream().map(FieldSpec::named).toList(),
        false);
  }

  private static TensorSpec mergeInput(TensorSpec input, String yaml) {
    ModelSignature signature = new ModelSignature(List.of(input), List.of(tensor(-1, 1)));
    return SignatureMerge.merge(signature, ModelDescriptionReader.parse(yaml)).inputs().getFirst();
  }

  private static void assertRefused(TensorSpec input, String yaml, String message) {
    assertThatThrownBy(() -> mergeInput(input, yaml)).hasMessageContaining(message);
  }
}
