package dev.slipway.http.call;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** How a body is compressed on the wire, in HTTP and in gRPC. */
public enum ContentCoding {
  IDENTITY("identity"),
  GZIP("gzip"),
  /** The zlib format, as HTTP means it; a bare deflate stream is read too. */
  DEFLATE("deflate");

  private static final int CHUNK_BYTES = 8_192;

  private final String token;

  ContentCoding(String token) {
    this.token = token;
  }

  public String token() {
    return token;
  }

  /**
   * The coding of that name.
   *
   * @param name of a header; null or empty means identity
   * @throws SlipwayException UNSUPPORTED_ENCODING if it is another one, or several
   */
  public static ContentCoding of(@Nullable String name) {
    if (name == null) {
      return IDENTITY;
    }
    return switch (name.trim().toLowerCase(Locale.ROOT)) {
      case "", "identity" -> IDENTITY;
      case "gzip", "x-gzip" -> GZIP;
      case "deflate" -> DEFLATE;
      default ->
          throw new SlipwayException(
              ErrorCode.UNSUPPORTED_ENCODING,
              "content encoding: %s (expected: gzip, deflate or identity)".formatted(name));
    };
  }

  /** The best coding that an {@code Accept-Encoding} header allows: gzip before deflate. */
  public static ContentCoding accepted(@Nullable String header) {
    if (header == null || header.isEmpty()) {
      return IDENTITY;
    }
    boolean gzip = false;
    boolean deflate = false;
    boolean any = false;
    boolean gzipNamed = false;
    boolean deflateNamed = false;
    for (String part : header.split(",", -1)) {
      int parameters = part.indexOf(';');
      String name = (parameters < 0 ? part : part.substring(0, parameters)).trim();
      boolean allowed = parameters < 0 || !hasZeroWeight(part.substring(parameters + 1));
      switch (name.toLowerCase(Locale.ROOT)) {
        case "gzip", "x-gzip" -> {
          gzip = allowed;
          gzipNamed = true;
        }
        case "deflate" -> {
          deflate = allowed;
          deflateNamed = true;
        }
        case "*" -> any = allowed;
        default -> {
          // A coding that is not offered here.
        }
      }
    }
    if (gzip || (any && !gzipNamed)) {
      return GZIP;
    }
    return deflate || (any && !deflateNamed) ? DEFLATE : IDENTITY;
  }

  private static boolean hasZeroWeight(String parameters) {
    String weight = parameters.replace(" ", "").toLowerCase(Locale.ROOT);
    if (!weight.startsWith("q=0")) {
      return false;
    }
    return weight.chars().skip(2).allMatch(c -> c == '0' || c == '.');
  }

  /**
   * Decompresses, never producing more than the limit.
   *
   * @param bytesMax longest result
   * @throws SlipwayException PAYLOAD_TOO_LARGE past the limit, BAD_REQUEST if the bytes are not of
   *     this coding
   */
  public Bytes decode(Bytes body, int bytesMax) {
    Bytes result = decodeWithin(body, bytesMax);
    if (result == null) {
      throw new SlipwayException(
          ErrorCode.PAYLOAD_TOO_LARGE,
          "decompressed body: more than %d bytes (expected: at most %d)"
              .formatted(bytesMax, bytesMax));
    }
    return result;
  }

  /**
   * As {@link #decode}, but gives up past the limit.
   *
   * @return null if the result is longer than {@code bytesMax}
   */
  @Nullable Bytes decodeWithin(Bytes body, int bytesMax) {
    if (this == IDENTITY) {
      return body;
    }
    try (InputStream in = decoder(body)) {
      return readAll(in, body.length(), bytesMax);
    } catch (ZipException | EOFException e) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST, "body: not readable as %s".formatted(token), e);
    } catch (IOException e) {
      throw new SlipwayException(ErrorCode.INTERNAL, "reading from memory failed", e);
    }
  }

  private InputStream decoder(Bytes body) throws IOException {
    InputStream in = new ByteArrayInputStream(body.array(), body.offset(), body.length());
    if (this == GZIP) {
      return new GZIPInputStream(in, CHUNK_BYTES);
    }
    return new InflaterInputStream(in, new Inflater(!isZlib(body)), CHUNK_BYTES) {
      @Override
      public void close() throws IOException {
        super.close();
        inf.end();
      }
    };
  }

  /** Whether the body starts with a zlib header: method 8 and a check sum divisible by 31. */
  private static boolean isZlib(Bytes body) {
    if (body.length() < 2) {
      return false;
    }
    int first = body.array()[body.offset()] & 0xff;
    int second = body.array()[body.offset() + 1] & 0xff;
    return (first & 0x0f) == 8 && ((first << 8) | second) % 31 == 0;
  }

  private static @Nullable Bytes readAll(InputStream in, int lengthHint, int bytesMax)
      throws IOException {
    int firstGuess = (int) Math.min(bytesMax, Math.max(256, 3L * lengthHint));
    byte[] result = new byte[firstGuess];
    int length = 0;
    while (true) {
      if (length == result.length) {
        if (length == bytesMax) {
          return in.read() < 0 ? new Bytes(result, 0, length) : null;
        }
        result = Arrays.copyOf(result, (int) Math.min(bytesMax, 2L * length));
      }
      int count = in.read(result, length, result.length - length);
      if (count < 0) {
        return new Bytes(result, 0, length);
      }
      length += count;
    }
  }

  /** Compresses, favouring speed. */
  public byte[] encode(byte[] array, int offset, int length) {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream(Math.max(64, length / 2));
    Deflater deflater = new Deflater(Deflater.BEST_SPEED, this == GZIP);
    try (OutputStream out = encoder(compressed, deflater)) {
      out.write(array, offset, length);
    } catch (IOException e) {
      throw new SlipwayException(ErrorCode.INTERNAL, "writing to memory failed", e);
    } finally {
      deflater.end();
    }
    return compressed.toByteArray();
  }

  private OutputStream encoder(OutputStream out, Deflater deflater) throws IOException {
    return switch (this) {
      case IDENTITY -> out;
      case DEFLATE -> new DeflaterOutputStream(out, deflater, CHUNK_BYTES);
      case GZIP ->
          new GZIPOutputStream(out, CHUNK_BYTES) {
            {
              def.end();
              def = deflater;
            }
          };
    };
  }
}
