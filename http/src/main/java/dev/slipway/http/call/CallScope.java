package dev.slipway.http.call;

import dev.slipway.core.protection.AccountUses;
import dev.slipway.http.catalog.ModelCatalog;
import dev.slipway.http.limits.BodyMemory;
import dev.slipway.http.limits.HttpLimits;
import dev.slipway.http.limits.LimitHits;
import dev.slipway.http.trace.SpanIds;
import dev.slipway.http.trace.Tracing;
import dev.slipway.serving.ServingLoop;
import io.vertx.core.Context;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What the calls of one event loop share. Its mutable parts belong to the loop's thread.
 *
 * @param context of the event loop
 * @param uses counts what accounts ask
 * @param compression which answers are compressed
 * @param blocking runs what blocks, on virtual threads
 * @param draining whether the server is about to stop, so that callers should go elsewhere
 */
public record CallScope(
    Context context,
    ModelCatalog catalog,
    ServingLoop serving,
    AccountUses uses,
    HttpLimits limits,
    CompressionRange compression,
    LimitHits hits,
    BodyMemory bodyMemory,
    Decompression decompression,
    OpenBodies openBodies,
    RequestIds requestIds,
    SpanIds spanIds,
    VersionHeaders versionHeaders,
    Tracing tracing,
    Executor blocking,
    AtomicBoolean draining) {}
