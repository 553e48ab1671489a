package dev.slipway.http.control;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Which page of a list somebody wants. Tokens name the last item of the page before, so that they
 * stay good whatever is added or taken away.
 *
 * @param after name after which the page begins; empty means from the first
 * @param size most items
 */
record PageRequest(String after, int size) {
  private static final int SIZE_DEFAULT = 100;
  private static final int SIZE_MAX = 1_000;

  /**
   * @throws SlipwayException BAD_REQUEST
   */
  static PageRequest of(Map<String, String> query) {
    return new PageRequest(after(query.getOrDefault("page_token", "")), size(query));
  }

  /** The token of the page after this one; empty if this is the last. */
  <T> String nextToken(List<T> page, Function<T, String> name) {
    return page.size() < size
        ? ""
        : Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(name.apply(page.getLast()).getBytes(StandardCharsets.UTF_8));
  }

  private static String after(String token) {
    try {
      return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST, "page_token: (expected: a next_page_token of this list)", e);
    }
  }

  private static int size(Map<String, String> query) {
    String text = query.getOrDefault("page_size", "");
    if (text.isEmpty()) {
      return SIZE_DEFAULT;
    }
    try {
      int size = Integer.parseInt(text);
      if (size >= 1 && size <= SIZE_MAX) {
        return size;
      }
    } catch (NumberFormatException e) {
      // Falls through to the one message.
    }
    throw new SlipwayException(
        ErrorCode.BAD_REQUEST, "page_size: %s (expected: 1..%d)".formatted(text, SIZE_MAX));
  }
}
