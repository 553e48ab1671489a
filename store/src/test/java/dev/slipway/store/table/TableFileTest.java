package dev.slipway.store.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.table.Column;
import dev.slipway.core.table.Table;
import dev.slipway.core.table.TableLimits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableFileTest {
  @TempDir Path folder = Path.of("");

  /** PyArrow wrote it: 1.5, null, NaN and infinities; as float32 1.5, null, NaN; texts and null. */
  @Test
  void aNullInParquetIsMissingAndANanThatWasWrittenIsInvalid() throws IOException {
    Path file = folder.resolve("nan-and-null.parquet");
    try (InputStream in =
        Objects.requireNonNull(getClass().getResourceAsStream("nan-and-null.parquet"))) {
      Files.copy(in, file);
    }

    Table table = TableFile.read(file, TableLimits.DEFAULT).table();

    Column x = table.column("x").orElseThrow();
    assertThat(rows(x, x::isMissing)).containsExactly(1, 2);
    assertThat(rows(x, x::isInvalidNumber)).containsExactly(2, 3, 4);
    Column narrow = table.column("f").orElseThrow();
    assertThat(rows(narrow, narrow::isInvalidNumber)).containsExactly(2);
    Column texts = table.column("t").orElseThrow();
    assertThat(rows(texts, texts::isMissing)).containsExactly(1);
  }

  @Test
  void anEmptyCellIsMissingAndANanThatWasWrittenIsInvalid() throws IOException {
    Table table = read("x,t\n1.5,a\n,\nNaN,b\ninf,c\n-inf,d\n0,a\n").table();

    Column x = table.column("x").orElseThrow();
    assertThat(x).isInstanceOf(Column.Numbers.class);
    assertThat(rows(x, x::isMissing)).containsExactly(1, 2);
    assertThat(rows(x, x::isInvalidNumber)).containsExactly(2, 3, 4);
    Column texts = table.column("t").orElseThrow();
    assertThat(rows(texts, texts::isMissing)).containsExactly(1);
    assertThat(rows(texts, texts::isInvalidNumber)).as("given, no number").hasSize(5);
  }

  @Test
  void theDigestIsThatOfTheBytes() throws IOException {
    assertThat(read("x\n1\n").digest())
        .isEqualTo(ContentDigest.of("x\n1\n".getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void whatIsNoTableIsRefused() {
    assertThatThrownBy(() -> read("x\n")).hasMessage("no rows (expected: at least one)");
    assertThatThrownBy(() -> read("PAR1 and nothing"))
        .isInstanceOfAny(IOException.class, IllegalArgumentException.class);
    assertThatThrownBy(
            () ->
                TableFile.read(
                    Files.write(folder.resolve("t.csv"), new byte[] {'x', '\n', (byte) 0xff}),
                    TableLimits.DEFAULT))
        .hasMessage("it is neither Parquet nor text in UTF-8");
    assertThatThrownBy(
            () ->
                TableFile.read(
                    Files.writeString(folder.resolve("t.csv"), "x\n1\n"),
                    new TableLimits(3, 10, 10, 10)))
        .hasMessage("4 bytes (expected: at most 3)");
  }

  private TableFile read(String text) throws IOException {
    return TableFile.read(Files.writeString(folder.resolve("t.csv"), text), TableLimits.DEFAULT);
  }

  private static List<Integer> rows(Column column, IntPredicate that) {
    return IntStream.range(0, column.rows()).filter(that).boxed().toList();
  }
}
