/**
 * gRPC over the server's own HTTP/2: framing, deadlines, cancellation and compression in {@link
 * dev.slipway.http.grpc.GrpcCall}, the methods in the table of {@link
 * dev.slipway.http.grpc.GrpcRouter}. Messages are byte ranges here; each method knows its codec.
 */
@NullMarked
package dev.slipway.http.grpc;

import org.jspecify.annotations.NullMarked;
