package dev.slipway.platform.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.FieldSpec;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.model.TensorSpec;
import dev.slipway.core.table.CsvReader;
import dev.slipway.core.table.CsvTable;
import dev.slipway.core.table.Table;
import dev.slipway.core.table.TableLimits;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.platform.governance.LinearVersions;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowModelTest {
  @TempDir Path folder;

  @Test
  void rowsAreAnsweredInOrderWhateverTheOrderOfTheColumns() throws IOException {
    LinearVersions versions = new LinearVersions(folder);
    StringBuilder text = new StringBuilder("b,unused,a\n");
    for (int i = 0; i < 2_500; i++) {
      text.append(i).append(",x,").append(-i).append('\n');
    }
    try (RowModel model = versions.open(versions.version("m", 1, List.of("a", "b"), 1, 10))) {
      double[] scores = model.scores(table(text.toString()), ScoreChoice.DEFAULT);

      assertThat(scores).hasSize(2_500);
      for (int i = 0; i < scores.length; i++) {
        assertThat(scores[i]).isEqualTo(9.0 * i);
      }
    }
  }

  @Test
  void aMissingColumnAndAValueOfAnotherTypeAreNamed() throws IOException {
    LinearVersions versions = new LinearVersions(folder);
    try (RowModel model = versions.open(versions.version("m", 1, List.of("a", "b"), 1, 10))) {
      assertThatThrownBy(() -> model.scores(table("a\n1\n"), ScoreChoice.DEFAULT))
          .isInstanceOf(SlipwayException.class)
          .hasMessageContaining("no column b");
      assertThatThrownBy(() -> model.scores(table("a,b\n1,2\n3,x\n"), ScoreChoice.DEFAULT))
          .hasMessage("row 2, b: 'x' (expected: FP32)");
      assertThatThrownBy(() -> model.scores(table("a,b\n1,2\n"), new ScoreChoice("z", 0)))
          .hasMessageContaining("output: 'z'");
      assertThatThrownBy(() -> model.scores(table("a,b\n1,2\n"), new ScoreChoice("y", 1)))
          .hasMessageContaining("no score 1");
    }
  }

  @Test
  void unnamedElementsAreNamedByInputAndPlace() {
    ModelSignature signature =
        new ModelSignature(
            List.of(
                TensorSpec.of("x", DataType.FP32, Shape.of(-1, 2, 2)),
                TensorSpec.of("n", DataType.INT64, Shape.of(-1, 1)),
                new TensorSpec(
                    "t",
                    DataType.BYTES,
                    Shape.of(-1, 1),
                    "",
                    List.of(FieldSpec.named("city")),
                    false),
                new TensorSpec("o", DataType.FP32, Shape.of(-1), "", List.of(), true)),
            List.of());

    assertThat(RowTensors.columns(signature))
        .containsExactly("x[0]", "x[1]", "x[2]", "x[3]", "n", "city");
  }

  @Test
  void everyDatatypeKeepsItsValue() throws IOException {
    ModelSignature signature =
        new ModelSignature(
            List.of(
                TensorSpec.of("i64", DataType.INT64, Shape.of(-1)),
                TensorSpec.of("u8", DataType.UINT8, Shape.of(-1)),
                TensorSpec.of("flag", DataType.BOOL, Shape.of(-1)),
                TensorSpec.of("f16", DataType.FP16, Shape.of(-1)),
                TensorSpec.of("text", DataType.BYTES, Shape.of(-1))),
            List.of());
    Table table = table("i64,u8,flag,f16,text\n9007199254740993,255,true,0.5,ä\n-1,0,False,,007\n");

    List<Tensor> tensors = RowTensors.of(signature, table).rows(0, 2);

    assertThat(tensors.get(0).data().getLong(0)).isEqualTo(9007199254740993L);
    assertThat(tensors.get(0).data().getLong(8)).isEqualTo(-1);
    assertThat(tensors.get(1).data().get(0)).isEqualTo((byte) 255);
    assertThat(tensors.get(2).data().get(0)).isEqualTo((byte) 1);
    assertThat(tensors.get(2).data().get(1)).isEqualTo((byte) 0);
    assertThat(Float.float16ToFloat(tensors.get(3).data().getShort(0))).isEqualTo(0.5f);
    assertThat(Float.float16ToFloat(tensors.get(3).data().getShort(2))).isNaN();
    byte[] texts = new byte[tensors.get(4).data().limit()];
    tensors.get(4).data().get(0, texts);
    assertThat(new String(texts, StandardCharsets.UTF_8))
        .isEqualTo("\u0002\0\0\0ä\u0003\0\0\0" + "007");
  }

  private static Table table(String text) throws IOException {
    return CsvTable.survey(new CsvReader(new StringReader(text)), TableLimits.DEFAULT)
        .read(new CsvReader(new StringReader(text)));
  }
}
