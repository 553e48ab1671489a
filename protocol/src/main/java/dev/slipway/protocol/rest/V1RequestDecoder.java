package dev.slipway.protocol.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.inference.InferenceRequest;
import dev.slipway.core.inference.RequestParameters;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.model.TensorSpec;
import dev.slipway.core.tensor.BufferSource;
import dev.slipway.core.tensor.Shape;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.protocol.DecodeLimits;
import dev.slipway.protocol.json.JsonReader;
import dev.slipway.protocol.tensor.TensorIntake;
import dev.slipway.protocol.tensor.TensorPath;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Decodes the body of KServe's {@code POST /v1/models/{m}:predict}. That protocol carries no names,
 * shapes and datatypes, so the model's signature tells them.
 *
 * <p>{@code {"instances": [...]}} holds rows: the value of a row where the model has one input,
 * else an object of input names. {@code {"inputs": ...}} holds columns: a whole tensor where the
 * model has one input, else an object of input names. Dimensions that the signature leaves open
 * follow from the first row. Members other than these are skipped.
 *
 * <p>Reusable, not thread-safe; the same promises as {@link V2RequestDecoder}.
 */
public final class V1RequestDecoder {
  private final TensorIntake intake;
  private final JsonReader json;
  private final MemberReader members;
  private final DecodeLimits limits;
  private final TensorPath bodyPath = new TensorPath("", "");

  /** One input of the signature while its rows come in. */
  private static final class Column {
    final TensorSpec spec;
    final byte[] key;
    final TensorPath path;
    final TensorDataReader data;
    long[] rowDimensions = {};
    boolean present;
    boolean seen;

    Column(TensorSpec spec, TensorPath path, TensorDataReader data) {
      this.spec = spec;
      this.key = spec.name().getBytes(UTF_8);
      this.path = path;
      this.data = data;
    }
  }

  public V1RequestDecoder(BufferSource buffers, DecodeLimits limits) {
    this.intake = new TensorIntake(buffers, limits);
    this.json = new JsonReader(limits);
    this.members = new MemberReader(json, limits);
    this.limits = limits;
  }

  /**
   * @param model deployment's name, from the path
   * @param signature of the model that will answer
   */
  public DecodedRequest decode(
      String model, ModelSignature signature, byte[] bytes, int offset, int length) {
    json.reset(bytes, offset, length);
    try {
      List<Column> columns = new ArrayList<>();
      List<Tensor> inputs = readBody(signature, columns);
      json.expectEnd();
      boolean nonFinite = columns.stream().anyMatch(column -> column.data.sawNonFinite());
      DecodedRequest decoded =
          new DecodedRequest(
              new InferenceRequest(
                  model, 0, "", List.copyOf(inputs), List.of(), RequestParameters.DEFAULT),
              new ResponseForm(List.of(), false, nonFinite));
      intake.complete();
      return decoded;
    } finally {
      // Gives back nothing if the request is complete.
      intake.abandon();
      json.release();
    }
  }

  private List<Tensor> readBody(ModelSignature signature, List<Column> columns) {
    members.expectObject(bodyPath, "");
    List<Tensor> inputs = List.of();
    int seen = 0;
    if (!json.consume('}')) {
      do {
        String key = readKey();
        if (key.equals("instances") || key.equals("inputs")) {
          seen = members.once(seen, 1, bodyPath, "instances or inputs");
          for (TensorSpec spec : signature.inputs()) {
            columns.add(column(key, spec, signature.inputs().size() > 1));
          }
          inputs = key.equals("instances") ? readInstances(columns) : readColumns(columns);
        } else {
          json.skipValue();
        }
      } while (json.next('}'));
    }
    if (seen == 0) {
      throw members.missing(bodyPath, "instances", "a list of rows");
    }
    return inputs;
  }

  private String readKey() {
    json.scanKey();
    return json.textBytesMax() > limits.nameBytesMax() ? "" : json.text();
  }

  private Column column(String list, TensorSpec spec, boolean named) {
    TensorPath path = new TensorPath(list, named ? spec.name() : "");
    return new Column(spec, path, new TensorDataReader(json, intake, path));
  }

  // ---- rows

  private List<Tensor> readInstances(List<Column> columns) {
    members.expectArray(bodyPath, "instances");
    int from = json.position();
    int rows = countItems();
    int arrived = json.position() - from;
    if (rows == 0) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST, "instances: [] (expected: at least one row)");
    }
    json.position(from);
    boolean named = columns.size() > 1 || json.peek() == '{';
    measureFirst(columns, named);
    for (Column column : columns) {
      if (column.present) {
        begin(column, rows, arrived);
      }
    }
    json.position(from);
    for (int row = 0; row < rows; row++) {
      for (Column column : columns) {
        column.path.moveTo(row);
      }
      if (named) {
        readNamedRow(columns, row);
      } else {
        columns.getFirst().data.readRow(row);
      }
      json.next(']');
    }
    List<Tensor> inputs = new ArrayList<>();
    for (Column column : columns) {
      if (column.present) {
        inputs.add(
            new Tensor(
                column.spec.name(),
                column.spec.datatype(),
                shape(rows, column.rowDimensions),
                column.data.finish()));
      }
    }
    return inputs;
  }

  /** Counts the items of the array whose bracket is consumed, and goes past its end. */
  private int countItems() {
    int items = 0;
    if (!json.consume(']')) {
      do {
        json.skipValue();
        items++;
      } while (json.next(']'));
    }
    return items;
  }

  private void measureFirst(List<Column> columns, boolean named) {
    if (!named) {
      columns.getFirst().present = true;
      columns.getFirst().rowDimensions = measure();
      return;
    }
    if (json.peek() != '{') {
      throw members.mismatch(bodyPath, "instances[0]", "an object of input names");
    }
    json.consume('{');
    if (!json.consume('}')) {
      do {
        Column column = scanColumn(columns, 0);
        column.present = true;
        int at = json.position();
        column.rowDimensions = measure();
        json.position(at);
        json.skipValue();
      } while (json.next('}'));
    }
    for (Column column : columns) {
      requirePresent(column, column.present, 0);
    }
  }

  private static void requirePresent(Column column, boolean present, int row) {
    if (!present && !column.spec.optional()) {
      column.path.moveTo(row);
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "%s: missing (expected: a value for every input)".formatted(column.path.content()));
    }
  }

  private Column scanColumn(List<Column> columns, int row) {
    json.scanKey();
    for (Column column : columns) {
      if (json.textEquals(column.key)) {
        return column;
      }
    }
    throw new SlipwayException(
        ErrorCode.BAD_REQUEST,
        "instances[%d]: input '%s' (expected: one of %s)"
            .formatted(
                row,
                json.textBytesMax() > 100 ? "..." : json.text(),
                columns.stream().map(column -> column.spec.name()).toList()));
  }

  private void readNamedRow(List<Column> columns, int row) {
    if (!json.consume('{')) {
      throw members.mismatch(bodyPath, "instances[%d]".formatted(row), "an object of input names");
    }
    for (Column column : columns) {
      column.seen = false;
    }
    if (!json.consume('}')) {
      do {
        Column column = scanColumn(columns, row);
        if (column.seen || !column.present) {
          throw new SlipwayException(
              ErrorCode.BAD_REQUEST,
              column.path.content()
                  + (column.seen
                      ? ": twice (expected: once)"
                      : ": a value (expected: none, since the first row has none)"));
        }
        column.seen = true;
        column.data.readRow(row);
      } while (json.next('}'));
    }
    for (Column column : columns) {
      if (column.present && !column.seen) {
        throw new SlipwayException(
            ErrorCode.BAD_REQUEST,
            column.path.content() + ": missing (expected: a value in every row)");
      }
    }
  }

  private void begin(Column column, int rows, int arrivedBytes) {
    Shape shape = shape(rows, column.rowDimensions);
    column.path.moveTo(-1);
    long count = intake.elementCount(column.path, shape);
    // Each element takes at least two bytes: rows shorter than the first take no memory.
    if (count > (arrivedBytes + 1L) / 2) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "%s: %d bytes (expected: %d elements, rows of one length)"
              .formatted(column.path.of(""), arrivedBytes, count));
    }
    column.data.begin(column.path, column.spec.datatype(), shape, count);
  }

  // ---- columns

  private List<Tensor> readColumns(List<Column> columns) {
    List<Tensor> inputs = new ArrayList<>();
    if (json.peek() != '{') {
      if (columns.size() != 1) {
        throw members.mismatch(bodyPath, "inputs", "an object of input names");
      }
      inputs.add(readColumn(columns.getFirst()));
      return inputs;
    }
    json.consume('{');
    if (!json.consume('}')) {
      do {
        Column column = scanColumn(columns, 0);
        if (column.seen) {
          throw new SlipwayException(
              ErrorCode.BAD_REQUEST, column.path.content() + ": twice (expected: once)");
        }
        column.seen = true;
        inputs.add(readColumn(column));
      } while (json.next('}'));
    }
    for (Column column : columns) {
      requirePresent(column, column.seen, -1);
    }
    return inputs;
  }

  private Tensor readColumn(Column column) {
    int at = json.position();
    Shape shape = Shape.of(measure());
    json.position(at);
    return new Tensor(
        column.spec.name(),
        column.spec.datatype(),
        shape,
        column.data.read(
            column.path, column.spec.datatype(), shape, intake.elementCount(column.path, shape)));
  }

  // ---- shapes

  /**
   * Dimensions of the value at the cursor, judged by the first item of each level; none for a value
   * that is no array. Leaves the cursor anywhere.
   */
  private long[] measure() {
    long[] dimensions = new long[limits.tensorRankMax() + 1];
    int rank = 0;
    while (json.peek() == '[' && rank < dimensions.length) {
      json.consume('[');
      int from = json.position();
      dimensions[rank++] = countItems();
      json.position(from);
    }
    return Arrays.copyOf(dimensions, rank);
  }

  private static Shape shape(int rows, long[] rowDimensions) {
    long[] dimensions = new long[rowDimensions.length + 1];
    dimensions[0] = rows;
    System.arraycopy(rowDimensions, 0, dimensions, 1, rowDimensions.length);
    return Shape.of(dimensions);
  }
}
