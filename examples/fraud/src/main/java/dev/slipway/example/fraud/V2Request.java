package dev.slipway.example.fraud;

/** Writes rows as a request of the Open Inference Protocol V2. */
final class V2Request {
  private V2Request() {}

  /** A request of {@code count} of the rows, from {@code first}, in one line. */
  static String json(String input, float[][] rows, int first, int count) {
    StringBuilder json = new StringBuilder(64 + count * Feature.count() * 8);
    json.append("{\"inputs\":[{\"name\":\"")
        .append(input)
        .append("\",\"shape\":[")
        .append(count)
        .append(',')
        .append(Feature.count())
        .append("],\"datatype\":\"FP32\",\"data\":[");
    for (int row = first; row < first + count; row++) {
      for (float value : rows[row]) {
        if (json.charAt(json.length() - 1) != '[') {
          json.append(',');
        }
        if (value == (int) value) {
          json.append((int) value);
        } else {
          json.append(value);
        }
      }
    }
    return json.append("]}]}").toString();
  }
}
