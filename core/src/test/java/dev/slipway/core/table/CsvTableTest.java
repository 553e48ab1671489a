package dev.slipway.core.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import org.junit.jupiter.api.Test;

class CsvTableTest {
  @Test
  void aColumnOfNumbersHasGapsWhereNothingOrNanIsWritten() throws IOException {
    Table table = read("a,b\n1,x\n,y\nNaN,\n-2.5e3,x\ninf,z\n");

    Column a = table.column("a").orElseThrow();
    assertThat(a).isInstanceOf(Column.Numbers.class);
    assertThat(a.number(0)).isEqualTo(1);
    assertThat(a.isMissing(1)).isTrue();
    assertThat(a.isMissing(2)).isTrue();
    assertThat(a.number(3)).isEqualTo(-2500);
    assertThat(a.number(4)).isInfinite();
    Column b = table.column("b").orElseThrow();
    assertThat(b).isInstanceOf(Column.Texts.class);
    assertThat(b.text(0)).isEqualTo("x");
    assertThat(b.isMissing(2)).isTrue();
    assertThat(table.names()).containsExactly("a", "b");
  }

  @Test
  void whatANumberWouldLoseStaysText() throws IOException {
    Table table =
        read("zip,id,hex,kept\n01234,9007199254740993,0x1p3,0.5\n8000,1,2d,9007199254740992\n");

    assertThat(table.column("zip").orElseThrow().text(0)).isEqualTo("01234");
    assertThat(table.column("id").orElseThrow().text(0)).isEqualTo("9007199254740993");
    assertThat(table.column("hex").orElseThrow()).isInstanceOf(Column.Texts.class);
    assertThat(table.column("kept").orElseThrow().text(1)).isEqualTo("9007199254740992");
  }

  @Test
  void aRecordOfAnotherLengthIsNamedByItsLine() {
    assertThatThrownBy(() -> read("a,b\n1,2\n\"3\n4\",5\n6\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("line 5: 1 values (expected: 2, as in the header)");
  }

  @Test
  void aNameThatIsMissingOrComesTwiceIsRefused() {
    assertThatThrownBy(() -> read("a,a\n1,2\n")).hasMessageContaining("column name 'a'");
    assertThatThrownBy(() -> read("a,,c\n1,2,3\n")).hasMessageContaining("column name ''");
    assertThatThrownBy(() -> read("")).hasMessageContaining("a header");
  }

  @Test
  void theLimitsHold() {
    assertThatThrownBy(() -> read("a\n1\n2\n3\n", new TableLimits(100, 2, 10, 100)))
        .hasMessage("more than 2 rows (expected: at most that)");
    assertThatThrownBy(() -> read("a,b,c\n1,2,3\n", new TableLimits(100, 2, 2, 100)))
        .hasMessage("3 columns (expected: at most 2)");
    assertThatThrownBy(() -> read("a,b\n1,2\n3,4\n", new TableLimits(100, 9, 9, 3)))
        .hasMessageContaining("at most 3 cells");
  }

  private static Table read(String text) throws IOException {
    return read(text, TableLimits.DEFAULT);
  }

  private static Table read(String text, TableLimits limits) throws IOException {
    CsvTable survey = CsvTable.survey(new CsvReader(new StringReader(text)), limits);
    return survey.read(new CsvReader(new StringReader(text)));
  }
}
