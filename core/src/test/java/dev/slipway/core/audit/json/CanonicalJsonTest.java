package dev.slipway.core.audit.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.slipway.core.audit.json.JsonValue.JsonArray;
import dev.slipway.core.audit.json.JsonValue.JsonNumber;
import dev.slipway.core.audit.json.JsonValue.JsonObject;
import dev.slipway.core.audit.json.JsonValue.JsonString;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalJsonTest {
  /** Input and output (in hexadecimal) of cyberphone/json-canonicalization, testdata. */
  @Test
  void publishedTextsHaveTheirPublishedForm() {
    assertCanonical(
        "[\n  56,\n  {\n    \"d\": true,\n    \"10\": null,\n    \"1\": [ ]\n  }\n]\n",
        "5b35362c7b2231223a5b5d2c223130223a6e756c6c2c2264223a747275657d5d");
    assertCanonical(
        """
        {
          "peach": "This sorting order",
          "péché": "is wrong according to French",
          "pêche": "but canonicalization MUST",
          "sin":   "ignore locale"
        }
        """,
        """
        7b227065616368223a225468697320736f7274696e67206f72646572222c2270
        c3a96368c3a9223a2269732077726f6e67206163636f7264696e6720746f2046
        72656e6368222c2270c3aa636865223a226275742063616e6f6e6963616c697a
        6174696f6e204d555354222c2273696e223a2269676e6f7265206c6f63616c65
        227d\
        """);
    assertCanonical(
        """
        {
          "1": {"f": {"f": "hi","F": 5} ,"\\n": 56.0},
          "10": { },
          "": "empty",
          "a": { },
          "111": [ {"e": "yes","E": "no" } ],
          "A": { }
        }
        """,
        """
        7b22223a22656d707479222c2231223a7b225c6e223a35362c2266223a7b2246
        223a352c2266223a226869227d7d2c223130223a7b7d2c22313131223a5b7b22
        45223a226e6f222c2265223a22796573227d5d2c2241223a7b7d2c2261223a7b
        7d7d\
        """);
    assertCanonical(
        "{\n  \"Unnormalized Unicode\":\"A\\u030a\"\n}\n",
        "7b22556e6e6f726d616c697a656420556e69636f6465223a2241cc8a227d");
    assertCanonical(
        """
        {
          "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
          "string": "\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/",
          "literals": [null, true, false]
        }
        """,
        """
        7b226c69746572616c73223a5b6e756c6c2c747275652c66616c73655d2c226e
        756d62657273223a5b3333333333333333332e333333333333332c31652b3330
        2c342e352c302e3030322c31652d32375d2c22737472696e67223a22e282ac24
        5c75303030665c6e4127425c225c5c5c5c5c222f227d\
        """);
    assertCanonical(
        """
        {
          "\\u20ac": "Euro Sign",
          "\\r": "Carriage Return",
          "\\u000a": "Newline",
          "1": "One",
          "\\u0080": "Control\\u007f",
          "\\ud83d\\ude02": "Smiley",
          "\\u00f6": "Latin Small Letter O With Diaeresis",
          "\\ufb33": "Hebrew Letter Dalet With Dagesh",
          "</script>": "Browser Challenge"
        }
        """,
        """
        7b225c6e223a224e65776c696e65222c225c72223a2243617272696167652052
        657475726e222c2231223a224f6e65222c223c2f7363726970743e223a224272
        6f77736572204368616c6c656e6765222c22c280223a22436f6e74726f6c7f22
        2c22c3b6223a224c6174696e20536d616c6c204c6574746572204f2057697468
        20446961657265736973222c22e282ac223a224575726f205369676e222c22f0
        9f9882223a22536d696c6579222c22efacb3223a22486562726577204c657474
        65722044616c6574205769746820446167657368227d\
        """);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "[1,]",
        "{\"a\":1,}",
        "{\"a\":1,\"a\":2}",
        "{a:1}",
        "01",
        "1.",
        ".5",
        "+1",
        "-",
        "1e",
        "1e999",
        "NaN",
        "tru",
        "nulls",
        "\"a",
        "\"\t\"",
        "\"\\x\"",
        "\"\\u12g4\"",
        "\"\\ud800\"",
        "\"\\udc00\"",
        "\"\\ud800\\u0041\"",
        "[1] 2",
        "{\"a\" 1}"
      })
  void whatIsNotStrictJsonIsRefusedWithItsPlace(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> JsonReader.read(text.getBytes(UTF_8)))
        .withMessageStartingWith("JSON at ");
  }

  @Test
  void bytesThatAreNotUtf8AreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> JsonReader.read(new byte[] {'"', (byte) 0xc0, (byte) 0xaf, '"'}))
        .withMessage("JSON: not valid UTF-8");
  }

  @Test
  void nestingIsReadToItsLimitAndNoFurther() {
    String deepest = "[".repeat(JsonReader.DEPTH_MAX) + "]".repeat(JsonReader.DEPTH_MAX);
    assertThat(CanonicalJson.write(JsonReader.read(deepest.getBytes(UTF_8))))
        .isEqualTo(deepest.getBytes(UTF_8));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> JsonReader.read(("[" + deepest + "]").getBytes(UTF_8)))
        .withMessageContaining("expected: at most 64 levels");
  }

  @ParameterizedTest
  @ValueSource(strings = {" 1", "1.0", "1E2", "-0", "{\"b\":1,\"a\":2}", "\"\\u0041\"", "[1, 2]"})
  void otherFormsOfAValueAreNotCanonical(String text) {
    JsonReader.read(text.getBytes(UTF_8));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> CanonicalJson.read(text.getBytes(UTF_8)))
        .withMessageContaining("not in canonical form");
  }

  @Test
  void halfASurrogatePairCannotBeWritten() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CanonicalJson.write(new JsonString("\ud800")))
        .withMessageContaining("half of a surrogate pair");
  }

  @Property(tries = 200)
  void whatIsWrittenIsReadBackAsItWas(@ForAll("values") JsonValue value) {
    assertThat(CanonicalJson.read(CanonicalJson.write(value))).isEqualTo(value);
  }

  @Provide
  Arbitrary<JsonValue> values() {
    return Arbitraries.lazyOf(
        () ->
            Arbitraries.doubles()
                .map(number -> new JsonNumber(number == 0 ? 0 : number))
                .map(number -> (JsonValue) number),
        () -> Arbitraries.strings().all().filter(this::isWhole).map(JsonString::new),
        () -> values().list().ofMaxSize(3).map(JsonArray::new),
        () ->
            Arbitraries.maps(Arbitraries.strings().all().filter(this::isWhole), values())
                .ofMaxSize(3)
                .map(JsonObject::new));
  }

  private boolean isWhole(String text) {
    return UTF_8.newEncoder().canEncode(text);
  }

  @Test
  void membersAreSortedByCodeUnits() {
    // U+10000 is D800 DC00 in UTF-16, which sorts before U+FFFD.
    JsonValue value =
        new JsonObject(
            Map.of("\ufffd", new JsonNumber(1), "\ud800\udc00", new JsonArray(List.of())));

    assertThat(new String(CanonicalJson.write(value), UTF_8))
        .isEqualTo("{\"\ud800\udc00\":[],\"\ufffd\":1}");
  }

  private static void assertCanonical(String text, String hex) {
    byte[] expected = HexFormat.of().parseHex(hex.replaceAll("\\s", ""));

    assertThat(new String(CanonicalJson.write(JsonReader.read(text.getBytes(UTF_8))), UTF_8))
        .isEqualTo(new String(expected, UTF_8));
    assertThat(CanonicalJson.write(CanonicalJson.read(expected))).isEqualTo(expected);
  }
}
