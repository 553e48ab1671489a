package dev.slipway.core.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.search.Clause.Operand;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterTest {
  @Test
  void everyFormOfAClauseIsRead() {
    assertThat(
            Filter.parse(
                    "metrics.loss < 0.5 and params.\"a b\" LIKE 'x%' AND tags.`mlflow.note` !="
                        + " \"y\" AND attributes.run_id IN ('1', '2') AND run_id not in ('3') AND"
                        + " tag.k IS NULL AND tag.k is not null AND name ilike 'O''Hara'")
                .clauses())
        .containsExactly(
            new Clause("metrics", "loss", Comparison.LESS, new Operand.Quantity(0.5)),
            new Clause("params", "a b", Comparison.LIKE, new Operand.Text("x%")),
            new Clause("tags", "mlflow.note", Comparison.NOT_EQUAL, new Operand.Text("y")),
            new Clause("attributes", "run_id", Comparison.IN, new Operand.Texts(List.of("1", "2"))),
            new Clause("", "run_id", Comparison.NOT_IN, new Operand.Texts(List.of("3"))),
            new Clause("tag", "k", Comparison.IS_NULL, new Operand.Nothing()),
            new Clause("tag", "k", Comparison.IS_NOT_NULL, new Operand.Nothing()),
            new Clause("", "name", Comparison.ILIKE, new Operand.Text("O'Hara")));
  }

  @Test
  void blankTextLetsEverythingPass() {
    assertThat(Filter.parse("  ")).isEqualTo(Filter.ALL);
  }

  @Test
  void aBareKeyKeepsItsFurtherDots() {
    Clause clause = Filter.parse("metrics.val.loss>=-1e-3").clauses().getFirst();

    assertThat(clause.key()).isEqualTo("val.loss");
    assertThat(clause.operand()).isEqualTo(new Operand.Quantity(-0.001));
    assertThat(clause.identifier()).isEqualTo("metrics.val.loss");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "a =",
        "a = b",
        "a = 'b",
        "a == 1",
        "a = 1 OR b = 2",
        "a = 1 AND",
        "a IN ()",
        "a IN ('x'",
        "a IN (1)",
        "a LIKE 3",
        "a IS 3",
        "a NOT 3",
        "= 3",
        "a = NaN",
        "a = 1e999",
        "`a = 1",
        "a = 1; DROP TABLE run"
      })
  void whatIsNotOfTheFormIsRefusedWithItsPlace(String text) {
    assertThatThrownBy(() -> Filter.parse(text))
        .isInstanceOfSatisfying(
            SlipwayException.class,
            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.BAD_REQUEST))
        .hasMessageContaining("character")
        .hasMessageContaining("expected:");
  }

  @Test
  void limitsHoldAtTheLastAllowedAndRefuseOneMore() {
    String clause = "a = 1";
    String most = clause + " AND a = 1".repeat(Filter.CLAUSES_MAX - 1);

    assertThat(Filter.parse(most).clauses()).hasSize(Filter.CLAUSES_MAX);
    assertThatThrownBy(() -> Filter.parse(most + " AND a = 1"))
        .hasMessageContaining("at most 100 clauses");
    assertThatThrownBy(() -> Filter.parse("a".repeat(Filter.CHARACTERS_MAX + 1)))
        .hasMessageContaining("20001 characters");
    String texts = "'x', ".repeat(Filter.TEXTS_MAX - 1) + "'x'";
    assertThat(Filter.parse("a IN (" + texts + ")").clauses()).hasSize(1);
    assertThatThrownBy(() -> Filter.parse("a IN (" + texts + ", 'x')"))
        .hasMessageContaining("at most 1000 texts");
  }

  @ParameterizedTest
  @CsvSource({
    "metrics.loss,metrics,loss,true",
    "metrics.`a b` DESC,metrics,a b,false",
    "name asc,'',name,true",
    "attribute.start_time desc,attribute,start_time,false"
  })
  void ordersAreRead(String text, String entity, String key, boolean ascending) {
    assertThat(Ordering.parse(text)).isEqualTo(new Ordering(entity, key, ascending));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a DESC, b", "a DESC ASC"})
  void otherOrdersAreRefused(String text) {
    assertThatThrownBy(() -> Ordering.parse(text)).isInstanceOf(SlipwayException.class);
  }

  @Property
  void anyTextIsReadOrRefused(@ForAll("filterLike") String text) {
    try {
      assertThat(Filter.parse(text).clauses()).hasSizeLessThanOrEqualTo(Filter.CLAUSES_MAX);
    } catch (SlipwayException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST);
    }
  }

  @Property
  void anyQuotedTextComesBackAsItWas(@ForAll String value, @ForAll String key) {
    String text = "tags.`" + key.replace("`", "``") + "` = '" + value.replace("'", "''") + "'";

    assertThat(Filter.parse(text).clauses())
        .containsExactly(new Clause("tags", key, Comparison.EQUAL, new Operand.Text(value)));
  }

  @Provide
  Arbitrary<String> filterLike() {
    Arbitrary<String> pieces =
        Arbitraries.of(
            "metrics.",
            "tags.",
            "a",
            "`",
            "'",
            "\"",
            "=",
            "!=",
            "<",
            ">=",
            " ",
            "LIKE",
            "IN",
            "(",
            ")",
            ",",
            "AND",
            "NOT",
            "IS",
            "NULL",
            "1",
            "-",
            "e",
            ".",
            "\\",
            "\u0000",
            "\ud800",
            "é");
    return pieces.list().ofMaxSize(30).map(list -> String.join("", list));
  }
}
