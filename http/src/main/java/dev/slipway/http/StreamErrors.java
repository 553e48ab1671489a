package dev.slipway.http;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2Exception;

/**
 * Keeps the failure of one HTTP/2 stream from closing the whole connection.
 *
 * <p>Vert.x writes trailers without asking how that went. Where a caller cancels its stream between
 * that write and the flush, as gRPC callers do, Netty reports the lost write to the pipeline, and
 * Vert.x would close the connection with the calls of everybody on it. The stream is over in any
 * case, so there is nothing to do about it.
 */
@Sharable
final class StreamErrors extends ChannelInboundHandlerAdapter {
  static final StreamErrors INSTANCE = new StreamErrors();

  private StreamErrors() {}

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (!(cause instanceof Http2Exception.StreamException)) {
      context.fireExceptionCaught(cause);
    }
  }
}
