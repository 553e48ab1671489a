package dev.slipway.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** Walks a paged list, asking for each page when it is reached. */
final class PagedItems implements Iterator<JsonNode> {
  /** Reads one page. */
  interface PageSource {
    /**
     * @param token empty for the first page
     */
    JsonNode page(String token, int size);
  }

  private final PageSource source;
  private final int pageSize;
  private Iterator<JsonNode> page = Collections.emptyIterator();
  private String nextToken = "";
  private boolean started;
  private int remaining;

  /**
   * @param limit the most items; 0 means all
   */
  PagedItems(PageSource source, int pageSize, int limit) {
    this.source = source;
    this.pageSize = pageSize;
    this.remaining = limit == 0 ? Integer.MAX_VALUE : limit;
  }

  @Override
  public boolean hasNext() {
    while (remaining > 0 && !page.hasNext() && (!started || !nextToken.isEmpty())) {
      JsonNode answer = source.page(nextToken, Math.min(pageSize, remaining));
      started = true;
      page = answer.path("items").iterator();
      nextToken = answer.path("next_page_token").asText("");
    }
    return remaining > 0 && page.hasNext();
  }

  @Override
  public JsonNode next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    remaining--;
    return page.next();
  }
}
