package dev.slipway.store.s3;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.ContentStreamProvider;

/**
 * A whole file as the body of one request. Each attempt opens it anew: a time limit interrupts an
 * attempt, and that closes a file which is being read.
 */
final class FilePiece implements ContentStreamProvider, AutoCloseable {
  private final Path file;
  private final int bytes;
  private @Nullable InputStream open;

  FilePiece(Path file, int bytes) {
    this.file = file;
    this.bytes = bytes;
  }

  RequestBody body() {
    return RequestBody.fromContentProvider(this, bytes, "application/octet-stream");
  }

  /** As the header Content-MD5 wants it. */
  String md5() {
    MessageDigest digest = Pieces.newMd5();
    try (OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
      Files.copy(file, out);
    } catch (IOException e) {
      throw new S3Bucket.UnreadableFile(e);
    }
    return Base64.getEncoder().encodeToString(digest.digest());
  }

  @Override
  public InputStream newStream() {
    try {
      close();
      InputStream stream = Files.newInputStream(file);
      open = stream;
      return stream;
    } catch (IOException e) {
      throw new S3Bucket.UnreadableFile(e);
    }
  }

  @Override
  public void close() throws IOException {
    InputStream before = open;
    open = null;
    if (before != null) {
      before.close();
    }
  }
}
