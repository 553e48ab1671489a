package dev.slipway.http;

import dev.slipway.http.catalog.ModelCatalog;
import dev.slipway.http.identity.Access;
import dev.slipway.http.identity.AccessCounts;
import dev.slipway.http.limits.CallerRate;
import dev.slipway.http.limits.LimitHits;
import dev.slipway.http.metrics.MetricsText;
import dev.slipway.http.tls.TlsMaterial;
import dev.slipway.http.trace.Tracing;
import dev.slipway.protocol.DecodeLimits;
import dev.slipway.serving.ServingPlane;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What the event loops of one server share; all of it is thread-safe.
 *
 * @param tls what the server shows at the start; null speaks in the clear
 * @param connections open now
 * @param callerRate by address; null for no limit
 * @param accountRate by account; null for no limit
 * @param openApi the document
 */
record ServerShared(
    HttpOptions options,
    @Nullable TlsMaterial tls,
    DecodeLimits decodeLimits,
    ServingPlane plane,
    ModelCatalog catalog,
    ControlBridge control,
    Access access,
    AccessCounts accessCounts,
    MetricsText metrics,
    byte[] openApi,
    LimitHits hits,
    AtomicInteger connections,
    @Nullable CallerRate callerRate,
    @Nullable CallerRate accountRate,
    Tracing tracing,
    Executor blocking,
    AtomicBoolean draining) {}
