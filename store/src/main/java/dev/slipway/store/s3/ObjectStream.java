package dev.slipway.store.s3;

import dev.slipway.core.error.SlipwayException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * The bytes of an object as the service sends them, a range of {@link S3Bucket#PIECE_BYTES} for
 * each request and none of them kept here. A range that breaks off goes on where it stopped. All
 * bytes are of one writing: an object that is replaced meanwhile ends the stream with an error. Not
 * thread-safe.
 *
 * <p>Reading throws a {@link SlipwayException} STORE_UNAVAILABLE if the rest cannot be had.
 */
public final class ObjectStream extends InputStream {
  private static final int BREAKS_MAX = 3;

  private final S3Bucket bucket;
  private final Pieces pieces;
  private final String key;
  private final long bytes;
  private final String writing;
  private @Nullable ResponseInputStream<GetObjectResponse> range;
  private long at;
  private long rangeEnd;
  private int breaks;

  private ObjectStream(
      S3Bucket bucket,
      Pieces pieces,
      String key,
      @Nullable ResponseInputStream<GetObjectResponse> first) {
    this.bucket = bucket;
    this.pieces = pieces;
    this.key = key;
    this.range = first;
    this.bytes = first == null ? 0 : length(first.response());
    this.writing = first == null ? "" : writing(first.response());
    this.rangeEnd = first == null ? 0 : first.response().contentLength();
  }

  static Optional<ObjectStream> open(S3Bucket bucket, Pieces pieces, String key) {
    return bucket.call(
        "read " + key,
        () -> {
          try {
            return Optional.of(
                new ObjectStream(bucket, pieces, key, pieces.range(bucket.full(key), 0)));
          } catch (NoSuchKeyException e) {
            return Optional.empty();
          } catch (S3Exception e) {
            if (e.statusCode() == Pieces.RANGE_NOT_SATISFIABLE) {
              // An empty object has no first byte.
              return Optional.of(new ObjectStream(bucket, pieces, key, null));
            }
            throw e;
          }
        });
  }

  /** Length of the object. */
  public long sizeBytes() {
    return bytes;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    while (at < bytes) {
      try {
        ResponseInputStream<GetObjectResponse> from = current();
        int count = from.read(target, offset, (int) Math.min(length, rangeEnd - at));
        if (count < 0) {
          throw new EOFException("it ended after %d of %d bytes".formatted(at, bytes));
        }
        at += count;
        breaks = 0;
        if (at == rangeEnd) {
          from.close();
          range = null;
        }
        return count;
      } catch (IOException | SdkException e) {
        abort();
        breaks++;
        if (breaks == BREAKS_MAX || Thread.currentThread().isInterrupted()) {
          throw bucket.unavailable("read " + key, S3Bucket.reason(e), e);
        }
      }
    }
    return -1;
  }

  private ResponseInputStream<GetObjectResponse> current() {
    ResponseInputStream<GetObjectResponse> from = range;
    if (from == null) {
      from = bucket.call("read " + key, this::next);
      range = from;
      rangeEnd = at + from.response().contentLength();
      if (length(from.response()) != bytes || !writing(from.response()).equals(writing)) {
        abort();
        throw bucket.unavailable("read " + key, "it was replaced meanwhile", null);
      }
    }
    return from;
  }

  private ResponseInputStream<GetObjectResponse> next() {
    try {
      return pieces.range(bucket.full(key), at);
    } catch (NoSuchKeyException e) {
      throw bucket.unavailable("read " + key, "it was deleted meanwhile", e);
    }
  }

  /** Of the whole object, whether the answer is a range or all of it. */
  private static long length(GetObjectResponse response) {
    String of = response.contentRange();
    return of == null
        ? response.contentLength()
        : Long.parseLong(of.substring(of.lastIndexOf('/') + 1));
  }

  private static String writing(GetObjectResponse response) {
    return Objects.requireNonNullElse(response.eTag(), "");
  }

  /** The rest of a range is not read to its end. */
  private void abort() {
    ResponseInputStream<GetObjectResponse> open = range;
    range = null;
    if (open != null) {
      open.abort();
    }
  }

  @Override
  public void close() {
    abort();
  }
}
