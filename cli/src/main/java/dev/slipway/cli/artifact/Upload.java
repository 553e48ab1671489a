package dev.slipway.cli.artifact;

import dev.slipway.cli.client.ServerClient;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.util.function.LongConsumer;

/**
 * The body of a registration.
 *
 * @param query further query parameters of the request, starting with {@code &}; or empty
 */
public record Upload(BodyPublisher body, String contentType, String query) {
  /**
   * @param progress told the bytes read from disk so far, by another thread
   */
  public static Upload of(ModelFiles files, LongConsumer progress) {
    return switch (files) {
      case ModelFiles.Single single ->
          new Upload(
              single.sizeBytes() == 0
                  ? BodyPublishers.noBody()
                  : BodyPublishers.fromPublisher(
                      BodyPublishers.ofInputStream(() -> counted(single, progress)),
                      single.sizeBytes()),
              "application/octet-stream",
              "&filename=" + ServerClient.encode(single.file().getFileName().toString()));
      case ModelFiles.Tree tree ->
          new Upload(
              BodyPublishers.ofInputStream(() -> new ZipStream(tree, progress)),
              "application/zip",
              "");
    };
  }

  private static InputStream counted(ModelFiles.Single single, LongConsumer progress) {
    try {
      return new Counting(Files.newInputStream(single.file()), progress);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class Counting extends FilterInputStream {
    private final LongConsumer progress;
    private long count;

    Counting(InputStream in, LongConsumer progress) {
      super(in);
      this.progress = progress;
    }

    @Override
    public int read() throws IOException {
      int value = super.read();
      if (value >= 0) {
        progress.accept(++count);
      }
      return value;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int read = super.read(into, offset, length);
      if (read > 0) {
        count += read;
        progress.accept(count);
      }
      return read;
    }
  }
}
