package dev.slipway.platform.upload;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;

/**
 * Unpacks a zip that somebody else made, while it arrives.
 *
 * <p>Nothing is written outside the target folder, nothing but regular files and folders is made,
 * archives inside are left packed, and bytes, files, path lengths and the ratio of unpacked to
 * packed bytes are bounded before they are written. A zip whose end is missing is refused, so that
 * an upload that broke off never passes for a whole one.
 */
final class SafeUnzip {
  private static final int CHUNK_BYTES = 1 << 16;
  private static final int END_BYTES = 22;
  private static final int END_SIGNATURE = 0x06054b50;
  private static final int MANY_ENTRIES = 0xffff;

  private final UploadLimits limits;
  private final byte[] chunk = new byte[CHUNK_BYTES];
  private long bytes;
  private int files;
  private int entries;

  SafeUnzip(UploadLimits limits) {
    this.limits = limits;
  }

  /**
   * @param target an empty folder
   * @throws SlipwayException BAD_REQUEST if it is no sound zip or holds a path that leads outside,
   *     PAYLOAD_TOO_LARGE past a limit
   */
  void unpack(InputStream body, Path target) throws IOException {
    TailStream packed = new TailStream(body);
    try (ZipInputStream zip = new ZipInputStream(packed, StandardCharsets.UTF_8)) {
      ZipEntry entry;
      while ((entry = zip.getNextEntry()) != null) {
        unpack(entry, zip, packed, target);
        requireFewFiles(++entries, "entries");
      }
      packed.drain();
    } catch (ZipException | IllegalArgumentException e) {
      // ZipInputStream reports names that are not UTF-8 as an IllegalArgumentException.
      throw new SlipwayException(ErrorCode.BAD_REQUEST, "zip: " + e.getMessage(), e);
    } catch (EOFException e) {
      throw brokenOff();
    }
    requireEnd(packed.tail());
  }

  private void unpack(ZipEntry entry, ZipInputStream zip, TailStream packed, Path target)
      throws IOException {
    Path file = resolve(target, entry.getName());
    if (entry.isDirectory()) {
      Files.createDirectories(file);
      return;
    }
    requireFewFiles(++files, "files");
    try {
      Path parent = file.getParent();
      Files.createDirectories(parent == null ? target : parent);
      try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
        int read;
        while ((read = zip.read(chunk)) >= 0) {
          bytes += read;
          requireWithin(packed.count());
          out.write(chunk, 0, read);
        }
      }
    } catch (FileAlreadyExistsException e) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST, "zip: '%s' comes twice".formatted(entry.getName()), e);
    } catch (FileSystemException e) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "zip: '%s' cannot be a file name here: %s".formatted(entry.getName(), e.getReason()),
          e);
    }
  }

  private Path resolve(Path target, String name) {
    if (name.getBytes(StandardCharsets.UTF_8).length > limits.tree().pathBytesMax()) {
      throw new SlipwayException(
          ErrorCode.PAYLOAD_TOO_LARGE,
          "zip: a path of %d characters (expected: at most %d bytes)"
              .formatted(name.length(), limits.tree().pathBytesMax()));
    }
    Path file = target;
    String plain = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
    for (String segment : plain.split("/", -1)) {
      requireSafe(segment, name);
      file = file.resolve(segment);
    }
    return file;
  }

  private static void requireSafe(String segment, String name) {
    boolean unsafe =
        segment.isEmpty()
            || segment.equals(".")
            || segment.equals("..")
            || segment.indexOf('\\') >= 0
            || segment.indexOf(':') >= 0
            || segment.chars().anyMatch(Character::isISOControl);
    if (unsafe) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "zip: path '%s' (expected: plain names with '/' between them)"
              .formatted(name.replaceAll("\\p{Cntrl}", "?")));
    }
  }

  private void requireFewFiles(int count, String what) {
    // Folders take no bytes but cost as much as files, so entries are bounded too.
    int max = limits.tree().filesMax() * (what.equals("files") ? 1 : 2);
    if (count > max) {
      throw new SlipwayException(
          ErrorCode.PAYLOAD_TOO_LARGE,
          "zip: more than %d %s (expected: at most that)".formatted(max, what));
    }
  }

  private void requireWithin(long packedBytes) {
    if (bytes > limits.tree().bytesMax()) {
      throw new SlipwayException(
          ErrorCode.PAYLOAD_TOO_LARGE,
          "zip: more than %d bytes unpacked (expected: at most that)"
              .formatted(limits.tree().bytesMax()));
    }
    if (bytes > UploadLimits.RATIO_FREE_BYTES && bytes > packedBytes * limits.zipRatioMax()) {
      throw new SlipwayException(
          ErrorCode.PAYLOAD_TOO_LARGE,
          "zip: %d bytes from %d (expected: at most %d times as many)"
              .formatted(bytes, packedBytes, limits.zipRatioMax()));
    }
  }

  /** The record at a zip's end says how many entries came before it. */
  private void requireEnd(byte[] tail) {
    ByteBuffer buffer = ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = tail.length - END_BYTES; at >= 0; at--) {
      if (buffer.getInt(at) == END_SIGNATURE) {
        int counted = buffer.getShort(at + 10) & 0xffff;
        if (counted == entries || counted == MANY_ENTRIES) {
          return;
        }
      }
    }
    throw brokenOff();
  }

  private static SlipwayException brokenOff() {
    return new SlipwayException(
        ErrorCode.BAD_REQUEST, "zip: it is no zip, or its end is missing (expected: a whole zip)");
  }
}
