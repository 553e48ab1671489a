package dev.slipway.http.control;

import dev.slipway.core.audit.receipt.Receipt;
import dev.slipway.core.audit.tile.LogPath;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.platform.audit.AuditTrail;
import dev.slipway.platform.audit.AuditTrail.Numbered;
import java.util.List;
import java.util.Map;

/**
 * The audit log below {@code /api/v1/audit}: its entries for people, and its files as any client of
 * such logs (c2sp.org/tlog-tiles) reads them.
 */
final class AuditRoutes {
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String BYTES = "application/octet-stream";

  /** A tile never changes; the checkpoint does with every entry. */
  private static final String FOR_EVER = "max-age=31536000, immutable";

  private static final String NEVER = "no-store";

  private final AuditTrail trail;

  AuditRoutes(AuditTrail trail) {
    this.trail = trail;
  }

  List<Route> routes() {
    return List.of(
        Route.of("GET", "audit/entries", this::entries),
        Route.of("GET", "audit/entries/{index}", this::entry),
        Route.of("GET", "audit/entries/{index}/receipt", this::receipt),
        Route.of("GET", "audit/log/{file...}", this::file));
  }

  /** The newest first; with {@code from} in their order, beginning there. */
  private ControlResponse entries(ControlRequest request, List<String> arguments) {
    PageRequest page = PageRequest.of(request.query());
    String from = request.query().getOrDefault("from", "");
    boolean newestFirst = from.isEmpty();
    List<Numbered> entries;
    if (newestFirst) {
      long end = page.after().isEmpty() ? Long.MAX_VALUE : number("page_token", page.after());
      entries = trail.entriesBefore(end, page.size());
    } else {
      long first =
          page.after().isEmpty() ? number("from", from) : number("page_token", page.after()) + 1;
      entries = trail.entries(first, page.size());
    }
    boolean last = newestFirst && !entries.isEmpty() && entries.getLast().index() == 0;
    long signed = trail.status().integrated();
    return ControlJson.answer(
        200,
        ControlJson.page(
            entries.stream().map(numbered -> ControlJson.auditEntry(numbered, signed)).toList(),
            last ? "" : page.nextToken(entries, numbered -> Long.toString(numbered.index()))));
  }

  private ControlResponse entry(ControlRequest request, List<String> arguments) {
    Numbered entry = trail.entry(number("index", arguments.getFirst()));
    return ControlJson.answer(200, ControlJson.auditEntry(entry, trail.status().integrated()));
  }

  private ControlResponse receipt(ControlRequest request, List<String> arguments) {
    Receipt receipt = trail.receipt(number("index", arguments.getFirst()));
    return new ControlResponse(200, TEXT, receipt.toBytes(), Map.of("cache-control", NEVER));
  }

  private ControlResponse file(ControlRequest request, List<String> arguments) {
    LogPath path;
    try {
      path = LogPath.parse(arguments.getFirst());
    } catch (IllegalArgumentException e) {
      throw new SlipwayException(ErrorCode.NOT_FOUND, String.valueOf(e.getMessage()), e);
    }
    byte[] bytes =
        trail
            .files()
            .read(path)
            .orElseThrow(
                () ->
                    new SlipwayException(
                        ErrorCode.NOT_FOUND,
                        "the audit log has no file %s".formatted(path.text())));
    return switch (path) {
      case LogPath.OfCheckpoint checkpoint -> file(TEXT, bytes, NEVER);
      case LogPath.OfKey key -> file(TEXT, bytes, NEVER);
      case LogPath.OfTile tile -> file(BYTES, bytes, FOR_EVER);
      case LogPath.OfBundle bundle -> file(BYTES, bytes, FOR_EVER);
    };
  }

  private static ControlResponse file(String contentType, byte[] bytes, String caching) {
    return new ControlResponse(200, contentType, bytes, Map.of("cache-control", caching));
  }

  private static long number(String what, String text) {
    try {
      long number = Long.parseLong(text);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Falls through to the one message.
    }
    throw new SlipwayException(
        ErrorCode.BAD_REQUEST, "%s: '%s' (expected: a whole number >= 0)".formatted(what, text));
  }
}
