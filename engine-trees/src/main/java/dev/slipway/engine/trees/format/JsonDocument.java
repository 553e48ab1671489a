package dev.slipway.engine.trees.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import dev.slipway.core.error.SlipwayException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads JSON into a {@link Document}. */
final class JsonDocument {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(Document.DEPTH_MOST)
                  .maxNumberLength(64)
                  .build())
          .build();

  private final JsonParser parser;

  private JsonDocument(JsonParser parser) {
    this.parser = parser;
  }

  static Document parse(byte[] bytes) {
    try (JsonParser parser = FACTORY.createParser(bytes)) {
      JsonDocument reader = new JsonDocument(parser);
      parser.nextToken();
      Document document = reader.value();
      if (parser.nextToken() != null) {
        throw reader.invalid("text after the document");
      }
      return document;
    } catch (IOException e) {
      throw Rejection.invalid("JSON: %s", Rejection.quote(String.valueOf(e.getMessage())));
    }
  }

  private Document value() throws IOException {
    JsonToken token = parser.currentToken();
    if (token == null) {
      throw invalid("end of file");
    }
    return switch (token) {
      case START_OBJECT -> object();
      case START_ARRAY -> list();
      case VALUE_STRING -> new Document.Text(parser.getText());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Document.Numeral(number());
      case VALUE_TRUE -> Document.YES;
      case VALUE_FALSE -> Document.NO;
      case VALUE_NULL -> Document.NULL;
      case END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
          throw invalid("unexpected " + token);
    };
  }

  /** Numbers with a point are FP32 in XGBoost's files, written to survive the round trip. */
  private double number() throws IOException {
    return parser.currentToken() == JsonToken.VALUE_NUMBER_INT
        ? parser.getDoubleValue()
        : Float.parseFloat(parser.getText());
  }

  private Document object() throws IOException {
    Map<String, Document> members = new HashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      if (Document.SKIPPED.contains(name)) {
        parser.skipChildren();
      } else {
        members.put(name, value());
      }
    }
    if (parser.currentToken() != JsonToken.END_OBJECT) {
      throw invalid("end of file in an object");
    }
    return new Document.Fields(members);
  }

  private Document list() throws IOException {
    double[] numbers = new double[4];
    int count = 0;
    while (parser.nextToken() != null && parser.currentToken().isNumeric()) {
      if (count == numbers.length) {
        numbers = Arrays.copyOf(numbers, 2 * count);
      }
      numbers[count++] = number();
    }
    if (parser.currentToken() == JsonToken.END_ARRAY) {
      return new Document.Numbers(Arrays.copyOf(numbers, count));
    }
    List<Document> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      items.add(new Document.Numeral(numbers[i]));
    }
    while (parser.currentToken() != JsonToken.END_ARRAY) {
      items.add(value());
      parser.nextToken();
    }
    return new Document.Items(items);
  }

  private SlipwayException invalid(String what) {
    return Rejection.invalid(
        "JSON: offset %d: %s", parser.currentTokenLocation().getByteOffset(), what);
  }
}
