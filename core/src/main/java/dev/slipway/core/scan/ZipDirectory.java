package dev.slipway.core.scan;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The central directory at a zip's end, which is what readers go by (APPNOTE 6.3.10), and whether
 * the file's other accounts of its entries agree with it.
 */
final class ZipDirectory {
  static final int STORED = 0;
  static final int DEFLATED = 8;

  private static final int END = 0x06054b50;
  private static final int END_64_LOCATOR = 0x07064b50;
  private static final int END_64 = 0x06064b50;
  private static final int CENTRAL = 0x02014b50;
  private static final int LOCAL = 0x04034b50;
  private static final int END_BYTES = 22;
  private static final int COMMENT_MAX = 0xffff;
  private static final long NONE_32 = 0xffff_ffffL;
  private static final int UNIX = 3;
  private static final int FILE_TYPE = 0170000;
  private static final int LINK = 0120000;

  /**
   * An entry.
   *
   * @param packed its bytes as they lie in the zip
   */
  record Entry(
      String name, int method, boolean encrypted, boolean link, long size, ByteBuffer packed) {}

  private final ByteBuffer in;
  private final List<Entry> entries = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  private ZipDirectory(ByteBuffer content) {
    this.in = content.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  List<Entry> entries() {
    return entries;
  }

  /** What keeps the entries from being all there is. */
  List<String> problems() {
    return problems;
  }

  /**
   * @return empty if a reader of zips would refuse it
   */
  static Optional<ZipDirectory> of(ByteBuffer content, int entriesMax) {
    ZipDirectory zip = new ZipDirectory(content);
    int end = zip.end();
    if (end < 0) {
      return Optional.empty();
    }
    try {
      zip.read(end, entriesMax);
    } catch (BufferUnderflowException
        | IndexOutOfBoundsException
        | ArithmeticException
        | IllegalArgumentException e) {
      zip.problems.add("its directory is damaged");
    }
    return Optional.of(zip);
  }

  private int end() {
    int last = in.limit() - END_BYTES;
    for (int at = last; at >= Math.max(0, last - COMMENT_MAX); at--) {
      if (in.getInt(at) == END
          && Short.toUnsignedInt(in.getShort(at + 20)) <= in.limit() - at - END_BYTES) {
        return at;
      }
    }
    return -1;
  }

  private void read(int end, int entriesMax) {
    long count = Short.toUnsignedLong(in.getShort(end + 10));
    long size = Integer.toUnsignedLong(in.getInt(end + 12));
    long offset = Integer.toUnsignedLong(in.getInt(end + 16));
    long directoryEnd = end;
    if (end >= 20 && in.getInt(end - 20) == END_64_LOCATOR) {
      int end64 = Math.toIntExact(in.getLong(end - 12));
      if (in.getInt(end64) != END_64) {
        problems.add("its directory is damaged");
        return;
      }
      count = in.getLong(end64 + 32);
      size = in.getLong(end64 + 40);
      offset = in.getLong(end64 + 48);
      directoryEnd = end64;
    }
    if (count > entriesMax) {
      problems.add("%d entries (expected: at most %d)".formatted(count, entriesMax));
      return;
    }
    // Bytes before the first entry shift everything, as in a self-extracting archive.
    long shift = directoryEnd - size - offset;
    if (shift != 0) {
      problems.add("%d bytes that no entry accounts for".formatted(shift));
    }
    int at = Math.toIntExact(directoryEnd - size);
    for (long i = 0; i < count; i++) {
      at = entry(at, shift);
    }
  }

  private int entry(int at, long shift) {
    if (in.getInt(at) != CENTRAL) {
      throw new IllegalArgumentException("no entry");
    }
    int system = in.get(at + 5);
    int flags = in.getShort(at + 8);
    int method = in.getShort(at + 10);
    long packed = Integer.toUnsignedLong(in.getInt(at + 20));
    long size = Integer.toUnsignedLong(in.getInt(at + 24));
    int nameLength = Short.toUnsignedInt(in.getShort(at + 28));
    int extraLength = Short.toUnsignedInt(in.getShort(at + 30));
    int commentLength = Short.toUnsignedInt(in.getShort(at + 32));
    int mode = in.getInt(at + 38) >>> 16;
    long offset = Integer.toUnsignedLong(in.getInt(at + 42));
    ByteBuffer extra = in.slice(at + 46 + nameLength, extraLength).order(ByteOrder.LITTLE_ENDIAN);
    while (extra.remaining() >= 4) {
      int tag = extra.getShort();
      int length = Short.toUnsignedInt(extra.getShort());
      ByteBuffer field = extra.slice(extra.position(), length).order(ByteOrder.LITTLE_ENDIAN);
      if (tag == 1) {
        size = size == NONE_32 ? field.getLong() : size;
        packed = packed == NONE_32 ? field.getLong() : packed;
        offset = offset == NONE_32 ? field.getLong() : offset;
      }
      extra.position(extra.position() + length);
    }
    String name = text(at + 46, nameLength);
    int local = Math.toIntExact(offset + shift);
    int localName = Short.toUnsignedInt(in.getShort(local + 26));
    if (in.getInt(local) != LOCAL || !text(local + 30, localName).equals(name)) {
      problems.add("entry '%s' has another name where it lies".formatted(name));
    }
    int data = local + 30 + localName + Short.toUnsignedInt(in.getShort(local + 28));
    entries.add(
        new Entry(
            name,
            method,
            (flags & 1) != 0,
            system == UNIX && (mode & FILE_TYPE) == LINK,
            size,
            in.slice(data, Math.toIntExact(packed))));
    return at + 46 + nameLength + extraLength + commentLength;
  }

  private String text(int at, int length) {
    return StandardCharsets.UTF_8.decode(in.slice(at, length)).toString();
  }
}
