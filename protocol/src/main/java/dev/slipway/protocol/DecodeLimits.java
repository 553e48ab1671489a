package dev.slipway.protocol;

/**
 * The most a request may ask a decoder to handle. A request past a limit is refused with
 * PAYLOAD_TOO_LARGE (sizes and counts) or BAD_REQUEST (form) before memory is taken for it. The
 * size of the whole body is the server's to limit.
 *
 * @param tensorElementsMax elements of one tensor
 * @param tensorCountMax inputs, and likewise requested outputs, of one request
 * @param tensorRankMax dimensions of one tensor
 * @param stringBytesMax bytes of one element of a BYTES tensor
 * @param nameBytesMax UTF-8 bytes of a name, key or id
 * @param numberBytesMax characters of one JSON number
 * @param jsonDepthMax levels of JSON arrays and objects within each other
 */
public record DecodeLimits(
    long tensorElementsMax,
    int tensorCountMax,
    int tensorRankMax,
    int stringBytesMax,
    int nameBytesMax,
    int numberBytesMax,
    int jsonDepthMax) {
  public static final DecodeLimits DEFAULT =
      new DecodeLimits(1L << 27, 1_024, 32, 16 << 20, 1_024, 1_000, 64);

  public DecodeLimits {
    requirePositive("tensor_elements_max", tensorElementsMax);
    requirePositive("tensor_count_max", tensorCountMax);
    requirePositive("tensor_rank_max", tensorRankMax);
    requirePositive("string_bytes_max", stringBytesMax);
    requirePositive("name_bytes_max", nameBytesMax);
    requirePositive("number_bytes_max", numberBytesMax);
    requirePositive("json_depth_max", jsonDepthMax);
    if (numberBytesMax > 1_000) {
      // The conversion of longer numbers would cost more than linear time.
      throw new IllegalArgumentException(
          "number_bytes_max: %d (expected: <= 1000)".formatted(numberBytesMax));
    }
    if (jsonDepthMax > 512) {
      // Each level is a frame on the thread's stack.
      throw new IllegalArgumentException(
          "json_depth_max: %d (expected: <= 512)".formatted(jsonDepthMax));
    }
  }

  private static void requirePositive(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException("%s: %d (expected: >= 1)".formatted(name, value));
    }
  }
}
