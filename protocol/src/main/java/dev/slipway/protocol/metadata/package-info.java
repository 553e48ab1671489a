/**
 * What the server tells about itself and its models: health, metadata, configuration, statistics
 * and the repository's index. Plain records; {@link dev.slipway.protocol.metadata.MetadataJson}
 * writes them for REST and {@link dev.slipway.protocol.metadata.MetadataMessages} for gRPC.
 */
@NullMarked
package dev.slipway.protocol.metadata;

import org.jspecify.annotations.NullMarked;
