package dev.slipway.store.s3;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;

/**
 * Files as objects, one piece at a time in memory. A file of one piece is one request, a longer one
 * an upload of parts, which becomes an object by its last request. Keys are whole.
 */
final class Pieces {
  /** Of one object. */
  static final int PARTS_MAX = 10_000;

  static final int RANGE_NOT_SATISFIABLE = 416;

  private final Supplier<S3Client> client;
  private final String bucket;

  Pieces(Supplier<S3Client> client, String bucket) {
    this.client = client;
    this.bucket = bucket;
  }

  void upload(String key, Path file) {
    try (FileChannel in =
        FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      long bytes = in.size();
      int pieceBytes = pieceBytes(bytes);
      if (bytes <= pieceBytes) {
        byte[] piece = next(in, (int) bytes);
        put(key, md5(piece), body(piece));
        return;
      }
      uploadParts(key, in, bytes, pieceBytes);
    } catch (IOException e) {
      throw new S3Bucket.UnreadableFile(e);
    }
  }

  private void uploadParts(String key, FileChannel in, long bytes, int pieceBytes)
      throws IOException {
    String upload = begin(key);
    boolean complete = false;
    try {
      List<CompletedPart> parts = new ArrayList<>();
      for (long at = 0; at < bytes; at += pieceBytes) {
        byte[] piece = next(in, (int) Math.min(pieceBytes, bytes - at));
        parts.add(sendPart(key, upload, parts.size() + 1, md5(piece), body(piece)));
      }
      finish(key, upload, parts);
      complete = true;
    } finally {
      if (!complete) {
        abortQuietly(key, upload);
      }
    }
  }

  /** Begins an upload of parts, and gives its name. */
  String begin(String key) {
    return client.get().createMultipartUpload(create -> create.bucket(bucket).key(key)).uploadId();
  }

  CompletedPart sendPart(String key, String upload, int number, FilePiece piece) {
    return sendPart(key, upload, number, piece.md5(), piece.body());
  }

  private CompletedPart sendPart(
      String key, String upload, int number, String md5, RequestBody body) {
    UploadPartRequest part =
        UploadPartRequest.builder()
            .bucket(bucket)
            .key(key)
            .uploadId(upload)
            .partNumber(number)
            .contentMD5(md5)
            .build();
    String tag = client.get().uploadPart(part, body).eTag();
    return CompletedPart.builder().partNumber(number).eTag(tag).build();
  }

  /** Makes the parts an object. */
  boolean finish(String key, String upload, List<CompletedPart> parts) {
    client
        .get()
        .completeMultipartUpload(
            all ->
                all.bucket(bucket)
                    .key(key)
                    .uploadId(upload)
                    .multipartUpload(list -> list.parts(parts)));
    return true;
  }

  /** Writes an object of one piece. */
  boolean put(String key, FilePiece piece) {
    put(key, piece.md5(), piece.body());
    return true;
  }

  private void put(String key, String md5, RequestBody body) {
    client
        .get()
        .putObject(
            PutObjectRequest.builder().bucket(bucket).key(key).contentMD5(md5).build(), body);
  }

  private static int pieceBytes(long bytes) {
    long needed = Math.ceilDiv(bytes, PARTS_MAX);
    return Math.toIntExact(Math.max(S3Bucket.PIECE_BYTES, needed));
  }

  private static byte[] next(FileChannel in, int length) throws IOException {
    ByteBuffer piece = ByteBuffer.allocate(length);
    while (piece.hasRemaining()) {
      if (in.read(piece) < 0) {
        throw new IOException("the file became shorter while it was read");
      }
    }
    return piece.array();
  }

  /**
   * Some bytes of an object.
   *
   * @param length 0 only for an empty object
   * @param bytes length of the whole object
   * @return null if there is no such object, or it has another length
   */
  byte @Nullable [] read(String key, long from, int length, long bytes) {
    GetObjectRequest.Builder request = GetObjectRequest.builder().bucket(bucket).key(key);
    if (length > 0) {
      request.range("bytes=%d-%d".formatted(from, from + length - 1));
    }
    try {
      return client
          .get()
          .getObject(
              request.build(),
              (response, stream) -> {
                byte[] piece = stream.readNBytes(length + 1);
                boolean whole =
                    length == 0 || String.valueOf(response.contentRange()).endsWith("/" + bytes);
                if (piece.length != length || !whole) {
                  stream.abort();
                  return null;
                }
                return piece;
              });
    } catch (NoSuchKeyException e) {
      return null;
    } catch (S3Exception e) {
      if (e.statusCode() == RANGE_NOT_SATISFIABLE) {
        return null;
      }
      throw e;
    }
  }

  /**
   * The bytes of an object from there on, as they come; no more than one piece.
   *
   * @throws NoSuchKeyException if there is no such object
   */
  ResponseInputStream<GetObjectResponse> range(String key, long from) {
    return client
        .get()
        .getObject(
            GetObjectRequest.builder()
                .bucket(bucket)
                .key(key)
                .range("bytes=%d-%d".formatted(from, from + S3Bucket.PIECE_BYTES - 1))
                .build(),
            ResponseTransformer.toInputStream());
  }

  void abortUploads(String prefix) {
    for (MultipartUpload upload :
        client.get().listMultipartUploads(list -> list.bucket(bucket).prefix(prefix)).uploads()) {
      if (upload.key().startsWith(prefix)) {
        client
            .get()
            .abortMultipartUpload(
                abort -> abort.bucket(bucket).key(upload.key()).uploadId(upload.uploadId()));
      }
    }
  }

  void abortQuietly(String key, String upload) {
    try {
      client.get().abortMultipartUpload(abort -> abort.bucket(bucket).key(key).uploadId(upload));
    } catch (SdkException e) {
      // Its parts are no object. The next cleaning up, or a rule of the bucket, ends it.
      return;
    }
  }

  /** Sends these bytes themselves; they must not change. */
  static RequestBody body(byte[] bytes) {
    return RequestBody.fromContentProvider(
        () -> new ByteArrayInputStream(bytes), bytes.length, "application/octet-stream");
  }

  /** As the header Content-MD5 wants it. It finds what a network broke; SHA-256 names the bytes. */
  static String md5(byte[] bytes) {
    return Base64.getEncoder().encodeToString(newMd5().digest(bytes));
  }

  static MessageDigest newMd5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has MD5", e);
    }
  }
}
