package dev.slipway.cli.artifact;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongConsumer;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A zip that is made while it is read, so that a model of any size needs one buffer. The same files
 * always give the same bytes. A file that cannot be read fails the read, so that no shortened
 * archive is ever sent as a whole one.
 */
final class ZipStream extends InputStream {
  private static final int CHUNK_BYTES = 1 << 16;

  private final Deque<ModelFiles.Entry> pending;
  private final LongConsumer progress;
  private final ByteArrayOutputStream zipped = new ByteArrayOutputStream(2 * CHUNK_BYTES);
  private final ZipOutputStream zip = new ZipOutputStream(zipped);
  private final byte[] chunk = new byte[CHUNK_BYTES];
  private byte[] ready = new byte[0];
  private int readyOffset;
  private long bytesRead;
  private @Nullable InputStream current;
  private boolean finished;

  /**
   * @param progress told the bytes read from disk so far
   */
  ZipStream(ModelFiles.Tree tree, LongConsumer progress) {
    this.pending = new ArrayDeque<>(tree.entries());
    this.progress = progress;
    zip.setLevel(Deflater.BEST_SPEED);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (readyOffset == ready.length) {
      if (finished) {
        return -1;
      }
      advance();
      ready = zipped.toByteArray();
      readyOffset = 0;
      zipped.reset();
    }
    int count = Math.min(length, ready.length - readyOffset);
    System.arraycopy(ready, readyOffset, into, offset, count);
    readyOffset += count;
    return count;
  }

  private void advance() throws IOException {
    if (current == null) {
      ModelFiles.Entry next = pending.poll();
      if (next == null) {
        zip.finish();
        finished = true;
        return;
      }
      current = Files.newInputStream(next.file());
      ZipEntry entry = new ZipEntry(next.name());
      entry.setLastModifiedTime(FileTime.fromMillis(0));
      zip.putNextEntry(entry);
    }
    int count = current.read(chunk);
    if (count < 0) {
      zip.closeEntry();
      current.close();
      current = null;
    } else {
      zip.write(chunk, 0, count);
      bytesRead += count;
      progress.accept(bytesRead);
    }
  }

  @Override
  public void close() throws IOException {
    if (current != null) {
      current.close();
    }
  }
}
