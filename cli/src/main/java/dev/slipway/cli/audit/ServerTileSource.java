package dev.slipway.cli.audit;

import dev.slipway.cli.client.Ask;
import dev.slipway.cli.client.ServerClient;
import dev.slipway.core.audit.tile.LogPath;
import dev.slipway.core.audit.tile.TileSource;
import java.util.Optional;

/**
 * The audit log's files on a server.
 *
 * @param ask what they are read for; a failure is a {@link dev.slipway.cli.CliFailure} about it
 */
public record ServerTileSource(ServerClient client, Ask ask) implements TileSource {
  @Override
  public Optional<byte[]> read(LogPath path) {
    return client.bytesIfThere(ask, "/api/v1/audit/log/" + path.text());
  }
}
