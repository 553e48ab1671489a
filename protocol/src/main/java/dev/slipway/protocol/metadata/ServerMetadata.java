package dev.slipway.protocol.metadata;

import java.util.List;

/**
 * Answer to {@code GET /v2}.
 *
 * @param extensions names of the protocol's extensions that are really served
 */
public record ServerMetadata(String name, String version, List<String> extensions) {
  public ServerMetadata {
    extensions = List.copyOf(extensions);
  }
}
