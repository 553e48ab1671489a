package dev.slipway.engine.trees.format;

import dev.slipway.core.error.SlipwayException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads Universal Binary JSON (draft 12), as XGBoost writes it, into a {@link Document}. */
final class UbjsonDocument {
  private final ByteBuffer in;

  private UbjsonDocument(byte[] bytes) {
    this.in = ByteBuffer.wrap(bytes);
  }

  static Document parse(byte[] bytes) {
    UbjsonDocument reader = new UbjsonDocument(bytes);
    try {
      Document document = reader.value(reader.marker(), 1);
      if (reader.in.hasRemaining()) {
        throw reader.invalid("%d bytes after the document".formatted(reader.in.remaining()));
      }
      return document;
    } catch (BufferUnderflowException e) {
      throw reader.invalid("end of file inside a value (the file is truncated)");
    }
  }

  private byte peek() {
    byte next = in.get();
    in.position(in.position() - 1);
    return next;
  }

  private byte marker() {
    byte marker = in.get();
    while (marker == 'N') {
      marker = in.get();
    }
    return marker;
  }

  private Document value(byte marker, int depth) {
    if (depth > Document.DEPTH_MOST) {
      throw invalid("nesting deeper than %d".formatted(Document.DEPTH_MOST));
    }
    return switch (marker) {
      case '{' -> object(depth);
      case '[' -> list(depth);
      case 'S' -> new Document.Text(string());
      case 'C' -> new Document.Text(String.valueOf((char) (in.get() & 0xff)));
      case 'T' -> Document.YES;
      case 'F' -> Document.NO;
      case 'Z' -> Document.NULL;
      default -> new Document.Numeral(number(marker));
    };
  }

  private double number(byte marker) {
    return switch (marker) {
      case 'i' -> in.get();
      case 'U' -> in.get() & 0xff;
      case 'I' -> in.getShort();
      case 'l' -> in.getInt();
      case 'L' -> in.getLong();
      case 'd' -> in.getFloat();
      case 'D' -> in.getDouble();
      default -> throw invalid("marker %s (expected: a value)".formatted(show(marker)));
    };
  }

  private static boolean isNumber(byte marker) {
    return switch (marker) {
      case 'i', 'U', 'I', 'l', 'L', 'd', 'D' -> true;
      default -> false;
    };
  }

  private static int numberBytes(byte marker) {
    return switch (marker) {
      case 'i', 'U' -> 1;
      case 'I' -> 2;
      case 'l', 'd' -> 4;
      default -> 8;
    };
  }

  /** A length or count, of elements that take at least {@code bytesEach} each. */
  private int length(int bytesEach) {
    byte marker = in.get();
    if (!isNumber(marker) || marker == 'd' || marker == 'D') {
      throw invalid("marker %s (expected: an integer length)".formatted(show(marker)));
    }
    double length = number(marker);
    if (!(length >= 0 && length * bytesEach <= in.remaining())) {
      throw invalid(
          ("length %.0f of %d bytes each (expected: at most the %d bytes left; the file is"
                  + " truncated or corrupt)")
              .formatted(length, bytesEach, in.remaining()));
    }
    return (int) length;
  }

  private String string() {
    byte[] bytes = new byte[length(1)];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private Document object(int depth) {
    Map<String, Document> members = new HashMap<>();
    byte next = peek();
    if (next == '$') {
      throw invalid("an object of one type (expected: an ordinary object)");
    }
    int count = -1;
    if (next == '#') {
      in.get();
      count = length(2);
    }
    while (count != members.size()) {
      if (count < 0 && peek() == '}') {
        in.get();
        break;
      }
      String name = string();
      int at = in.position();
      Document value = value(marker(), depth + 1);
      if (members.put(name, Document.SKIPPED.contains(name) ? Document.NULL : value) != null) {
        in.position(at);
        throw invalid("member '%s' twice".formatted(Rejection.quote(name)));
      }
    }
    return new Document.Fields(members);
  }

  private Document list(int depth) {
    byte next = peek();
    if (next == '$') {
      in.get();
      byte type = in.get();
      if (!isNumber(type)) {
        throw invalid("list of type %s (expected: a number type)".formatted(show(type)));
      }
      byte hash = in.get();
      if (hash != '#') {
        throw invalid("marker %s (expected: '#')".formatted(show(hash)));
      }
      double[] values = new double[length(numberBytes(type))];
      for (int i = 0; i < values.length; i++) {
        values[i] = number(type);
      }
      return new Document.Numbers(values);
    }
    int count = -1;
    if (next == '#') {
      in.get();
      count = length(1);
    }
    return items(count, depth);
  }

  /** Numbers are kept flat as long as nothing else comes. */
  private Document items(int count, int depth) {
    double[] numbers = new double[4];
    int size = 0;
    List<Document> items = new ArrayList<>();
    for (int i = 0; i != count; i++) {
      byte marker = marker();
      if (count < 0 && marker == ']') {
        break;
      }
      if (isNumber(marker) && items.isEmpty()) {
        if (size == numbers.length) {
          numbers = Arrays.copyOf(numbers, 2 * size);
        }
        numbers[size++] = number(marker);
        continue;
      }
      if (items.isEmpty()) {
        for (int k = 0; k < size; k++) {
          items.add(new Document.Numeral(numbers[k]));
        }
      }
      items.add(value(marker, depth + 1));
    }
    return items.isEmpty()
        ? new Document.Numbers(Arrays.copyOf(numbers, size))
        : new Document.Items(items);
  }

  private static String show(byte marker) {
    return marker > ' ' && marker < 127 ? "'" + (char) marker + "'" : "0x%02x".formatted(marker);
  }

  private SlipwayException invalid(String message) {
    return Rejection.invalid("UBJSON: offset %d: %s", in.position(), message);
  }
}
