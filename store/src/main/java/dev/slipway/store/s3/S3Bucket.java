package dev.slipway.store.s3;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * The objects below one prefix of a bucket. Keys are relative to the prefix. Thread-safe; every
 * method blocks, for three attempts of the settings' timeout at most for each request it makes.
 *
 * <p>Every method throws a {@link SlipwayException} STORE_UNAVAILABLE, with the reason, if the
 * service cannot be reached, is too slow, or refuses.
 */
public final class S3Bucket implements AutoCloseable {
  /** Most bytes that one request carries, unless a file would need more than 10,000 of them. */
  public static final int PIECE_BYTES = 8 << 20;

  private static final int KEY_BYTES_MAX = 1_024;

  private final S3Settings settings;
  private final ClientOnce client;
  private final Pieces pieces;
  private final Listing listing;

  private S3Bucket(S3Settings settings, ClientOnce client) {
    this.settings = settings;
    this.client = client;
    this.pieces = new Pieces(client, settings.bucket());
    this.listing = new Listing(client, settings.bucket());
  }

  /**
   * Asks nothing of the service. The client is made for the first request: that takes longer than
   * the start of a server which has what it needs.
   *
   * @throws SlipwayException CONFIGURATION_INVALID if the credentials cannot be read
   */
  public static S3Bucket open(S3Settings settings) {
    S3CredentialsFile credentials = new S3CredentialsFile(settings.credentialsFile());
    try {
      credentials.resolveCredentials();
    } catch (SlipwayException e) {
      throw new SlipwayException(ErrorCode.CONFIGURATION_INVALID, e.getMessage(), e);
    }
    return new S3Bucket(settings, new ClientOnce(settings, credentials));
  }

  /** Where the objects are, for a person. */
  public String place() {
    return settings.place();
  }

  /** Whether there is such an object. */
  public boolean has(String key) {
    return size(key).isPresent();
  }

  /** Length of an object, bytes; empty if there is none. */
  public OptionalLong size(String key) {
    return call(
        "look for " + key,
        () -> {
          try {
            return OptionalLong.of(
                client
                    .get()
                    .headObject(head -> head.bucket(settings.bucket()).key(full(key)))
                    .contentLength());
          } catch (NoSuchKeyException e) {
            return OptionalLong.empty();
          }
        });
  }

  /**
   * A small object.
   *
   * @param bytesMax it must not be longer
   * @return empty if there is none
   * @throws SlipwayException STORE_CORRUPT if it is longer
   */
  public Optional<byte[]> read(String key, int bytesMax) {
    byte[] bytes =
        this.<byte @Nullable []>call(
            "read " + key,
            () -> {
              try {
                return client
                    .get()
                    .getObject(
                        GetObjectRequest.builder().bucket(settings.bucket()).key(full(key)).build(),
                        (response, stream) -> {
                          byte[] read = stream.readNBytes(bytesMax + 1);
                          if (read.length > bytesMax) {
                            stream.abort();
                          }
                          return read;
                        });
              } catch (NoSuchKeyException e) {
                return null;
              }
            });
    if (bytes != null && bytes.length > bytesMax) {
      throw new SlipwayException(
          ErrorCode.STORE_CORRUPT,
          "%s/%s is longer than %d bytes".formatted(place(), key, bytesMax));
    }
    return Optional.ofNullable(bytes);
  }

  /** Writes a small object or replaces it. */
  public void write(String key, byte[] bytes) {
    call("write " + key, () -> put(key, bytes, false));
  }

  /**
   * Writes a small object unless there is one.
   *
   * @return whether it was written; a service that knows no conditions replaces what another wrote
   *     in the same moment, so read it again
   */
  public boolean writeIfAbsent(String key, byte[] bytes) {
    if (has(key)) {
      return false;
    }
    return call(
        "write " + key,
        () -> {
          try {
            return put(key, bytes, true);
          } catch (S3Exception e) {
            return switch (e.statusCode()) {
              case 409, 412 -> false;
              case 501 -> put(key, bytes, false);
              default -> throw e;
            };
          }
        });
  }

  private boolean put(String key, byte[] bytes, boolean absent) {
    PutObjectRequest.Builder request =
        PutObjectRequest.builder()
            .bucket(settings.bucket())
            .key(full(key))
            .contentMD5(Pieces.md5(bytes));
    if (absent) {
      request.ifNoneMatch("*");
    }
    client.get().putObject(request.build(), Pieces.body(bytes));
    return true;
  }

  /**
   * Writes a file as an object or replaces it; the object appears whole or not at all.
   *
   * @throws IOException if the file cannot be read
   */
  public void upload(String key, Path file) throws IOException {
    try {
      call(
          "write " + key,
          () -> {
            pieces.upload(full(key), file);
            return true;
          });
    } catch (UnreadableFile e) {
      throw e.reason;
    }
  }

  /**
   * Reads an object of a known length.
   *
   * @param bytes its length
   * @throws SlipwayException STORE_CORRUPT if it is missing or has another length
   * @throws IOException of {@code to}
   */
  public void download(String key, long bytes, OutputStream to) throws IOException {
    long at = 0;
    do {
      int length = (int) Math.min(PIECE_BYTES, bytes - at);
      long from = at;
      byte @Nullable [] piece =
          this.<byte @Nullable []>call(
              "read " + key, () -> pieces.read(full(key), from, length, bytes));
      if (piece == null) {
        throw new SlipwayException(
            ErrorCode.STORE_CORRUPT,
            "%s/%s is missing or has another length than %d".formatted(place(), key, bytes));
      }
      to.write(piece);
      at += length;
    } while (at < bytes);
  }

  /**
   * Reads an object whose length nobody knows yet, as it is taken.
   *
   * @return empty if there is none; to be closed
   */
  public Optional<ObjectStream> stream(String key) {
    return ObjectStream.open(this, pieces, key);
  }

  /**
   * Begins to write an object whose length nobody knows yet.
   *
   * @param piece a file that does not exist, in which one piece at a time waits to be sent
   * @throws IOException if the file cannot be made
   */
  public ObjectUpload begin(String key, Path piece) throws IOException {
    return new ObjectUpload(this, pieces, key, piece);
  }

  /** Gives every key that begins so, in the order of their UTF-8 bytes. */
  public void list(String prefix, Consumer<String> keys) {
    objects(prefix, object -> keys.accept(object.key()));
  }

  /** Gives every object whose key begins so, in the order of the keys' UTF-8 bytes. */
  public void objects(String prefix, Consumer<StoredObject> objects) {
    pages(prefix, "", page -> page.objects().forEach(objects));
  }

  /**
   * Gives what lies right below a folder.
   *
   * @param folder ends in a slash
   * @param folders takes their keys, which end in a slash
   */
  public void folder(String folder, Consumer<StoredObject> objects, Consumer<String> folders) {
    pages(
        folder,
        "/",
        page -> {
          page.objects().forEach(objects);
          page.folders().forEach(folders);
        });
  }

  /** Whether any key begins so. */
  public boolean hasBelow(String prefix) {
    return call("list " + prefix, () -> listing.isAny(full(prefix)));
  }

  private void pages(String prefix, String delimiter, Consumer<Listing.Page> pages) {
    String token = null;
    do {
      String from = token;
      Listing.Page page =
          call(
              "list " + prefix,
              () -> listing.page(full(prefix), full("").length(), delimiter, from));
      pages.accept(page);
      token = page.next();
    } while (token != null);
  }

  /** Deletes an object; one that is not there is as good. */
  public void delete(String key) {
    call(
        "delete " + key,
        () -> client.get().deleteObject(delete -> delete.bucket(settings.bucket()).key(full(key))));
  }

  /** Forgets the pieces of uploads to keys that begin so, which were never finished. */
  public void abortUploads(String prefix) {
    call(
        "end the uploads of " + prefix,
        () -> {
          pieces.abortUploads(full(prefix));
          return true;
        });
  }

  @Override
  public void close() {
    client.close();
  }

  /** Longest key that the service takes below the prefix, in bytes of UTF-8. */
  public int keyBytesMax() {
    return KEY_BYTES_MAX - full("").length();
  }

  /** The key as the service knows it. */
  String full(String key) {
    return settings.prefix().isEmpty() ? key : settings.prefix() + "/" + key;
  }

  /** A local file failed, not the service. */
  static final class UnreadableFile extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient IOException reason;

    UnreadableFile(IOException reason) {
      super(reason);
      this.reason = reason;
    }
  }

  /** Makes a request, and says what failed in the words of this server. */
  <T extends @Nullable Object> T call(String what, Supplier<T> request) {
    try {
      return request.get();
    } catch (AbortedException e) {
      Thread.currentThread().interrupt();
      throw unavailable(what, "interrupted", e);
    } catch (S3Exception e) {
      throw unavailable(what, refusal(e), e);
    } catch (SdkException e) {
      throw unavailable(what, reason(e), e);
    }
  }

  private String refusal(S3Exception e) {
    String code = e.awsErrorDetails() == null ? "" : e.awsErrorDetails().errorCode();
    String said = "%d%s".formatted(e.statusCode(), code == null ? "" : " " + code);
    return switch (e.statusCode()) {
      case 401, 403 ->
          "refused with %s (expected: the key in artifact-s3-credentials-file may do it)"
              .formatted(said);
      case 404 -> "%s (expected: a bucket named %s)".formatted(said, settings.bucket());
      default -> said;
    };
  }

  /** What lies deepest says what happened, such as that a connection was refused. */
  static String reason(Throwable failure) {
    Throwable deepest = failure;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    return failure.getCause() == null
        ? String.valueOf(failure.getMessage())
        : deepest.getClass().getSimpleName() + ": " + deepest.getMessage();
  }

  SlipwayException unavailable(String what, String reason, @Nullable Throwable cause) {
    return new SlipwayException(
        ErrorCode.STORE_UNAVAILABLE, "%s: cannot %s: %s".formatted(place(), what, reason), cause);
  }
}
