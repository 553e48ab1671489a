package dev.slipway.store.s3;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * An object that is sent while its bytes still come, and is there once it is {@link #complete}.
 * Closing it before forgets it. The piece that comes lies in a file, so that an upload by somebody
 * slow holds no memory. Not thread-safe.
 *
 * <p>Every method throws what {@link S3Bucket} throws.
 */
public final class ObjectUpload implements AutoCloseable {
  private final S3Bucket bucket;
  private final Pieces pieces;
  private final String key;
  private final Path file;
  private OutputStream piece;
  private int pieceBytes;
  private @Nullable String upload;
  private final List<CompletedPart> parts = new ArrayList<>();
  private boolean complete;

  ObjectUpload(S3Bucket bucket, Pieces pieces, String key, Path file) throws IOException {
    this.bucket = bucket;
    this.pieces = pieces;
    this.key = key;
    this.file = file;
    this.piece = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW);
  }

  /**
   * Takes the next bytes.
   *
   * @throws SlipwayException PAYLOAD_TOO_LARGE if the object would have more than 10,000 pieces
   * @throws IOException if the file of the piece cannot be written
   */
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int at = offset;
    int end = offset + length;
    while (at < end) {
      if (pieceBytes == S3Bucket.PIECE_BYTES) {
        send();
      }
      int count = Math.min(end - at, S3Bucket.PIECE_BYTES - pieceBytes);
      piece.write(bytes, at, count);
      pieceBytes += count;
      at += count;
    }
  }

  private void send() throws IOException {
    if (parts.size() == Pieces.PARTS_MAX) {
      throw new SlipwayException(
          ErrorCode.PAYLOAD_TOO_LARGE,
          "%s: more than %d bytes (expected: at most that)"
              .formatted(key, (long) Pieces.PARTS_MAX * S3Bucket.PIECE_BYTES));
    }
    piece.close();
    String to = begun();
    try (FilePiece body = new FilePiece(file, pieceBytes)) {
      parts.add(
          bucket.call(
              "write " + key, () -> pieces.sendPart(bucket.full(key), to, parts.size() + 1, body)));
    }
    piece = Files.newOutputStream(file, StandardOpenOption.TRUNCATE_EXISTING);
    pieceBytes = 0;
  }

  private String begun() {
    String known = upload;
    if (known == null) {
      known = bucket.call("write " + key, () -> pieces.begin(bucket.full(key)));
      upload = known;
    }
    return known;
  }

  /**
   * Makes the object appear, or replaces the one that was there.
   *
   * @throws IOException if the file of the last piece cannot be read
   */
  public void complete() throws IOException {
    if (upload != null && pieceBytes > 0) {
      send();
    }
    piece.close();
    String to = upload;
    if (to == null) {
      try (FilePiece body = new FilePiece(file, pieceBytes)) {
        bucket.call("write " + key, () -> pieces.put(bucket.full(key), body));
      }
    } else {
      bucket.call("write " + key, () -> pieces.finish(bucket.full(key), to, parts));
    }
    complete = true;
  }

  @Override
  public void close() {
    String to = upload;
    if (to != null && !complete) {
      pieces.abortQuietly(bucket.full(key), to);
    }
    try {
      piece.close();
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // It lies in a temporary folder, which the next start empties.
      return;
    }
  }
}
