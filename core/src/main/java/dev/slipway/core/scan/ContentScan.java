package dev.slipway.core.scan;

import dev.slipway.core.scan.ScanRules.ArchiveLimits;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Looks into the files of one artifact, one after another, by what they hold rather than by what
 * they are called: pickles, wherever they lie in archives or arrays; archives; programs. Never
 * throws for what a file holds. Not thread-safe.
 */
public final class ContentScan {
  private static final int FINDINGS_MAX = 1_000;
  private static final long RATIO_FREE_BYTES = 1 << 20;
  private static final int CHUNK_BYTES = 1 << 16;
  private static final int TAR_BLOCK = 512;
  private static final int NPY_HEADER_MAX = 1 << 16;
  private static final Set<String> PICKLE_ENDINGS =
      Set.of("pkl", "pickle", "joblib", "dill", "cloudpickle", "pt", "pth", "pt2", "ckpt");

  /** Beginnings of what this scan cannot look into. */
  private static final List<Beginning> OPAQUE =
      List.of(
          new Beginning("a bzip2 archive", "BZh"),
          new Beginning("an xz archive", "\u00fd7zXZ\u0000"),
          new Beginning("a 7z archive", "7z\u00bc\u00af'\u001c"),
          new Beginning("a RAR archive", "Rar!\u001a\u0007"),
          new Beginning("a Zstandard archive", "(\u00b5/\u00fd"),
          new Beginning("an LZ4 archive", "\u0004\"M\u0018"));

  private static final List<Beginning> PROGRAMS =
      List.of(
          new Beginning("a program (ELF)", "\u007fELF"),
          new Beginning("a program (Windows)", "MZ\u0090\u0000"),
          new Beginning("a program (Mach-O)", "\u00cf\u00fa\u00ed\u00fe"),
          new Beginning("a program (Mach-O)", "\u00ca\u00fe\u00ba\u00be"));

  private final ScanRules rules;
  private final List<Finding> findings = new ArrayList<>();
  private long unpackedBytes;
  private int entries;

  /**
   * @param bytes one character each
   */
  private record Beginning(String what, String bytes) {
    boolean isOf(ByteBuffer content) {
      return startsWith(content, bytes);
    }
  }

  public ContentScan(ScanRules rules) {
    this.rules = rules;
  }

  public List<Finding> findings() {
    return List.copyOf(findings);
  }

  /**
   * @param path of the file within the artifact
   * @param content all of it
   */
  public void file(String path, ByteBuffer content) {
    look(path, content.slice(), 0);
  }

  private void found(String file, String element, String message) {
    if (findings.size() < FINDINGS_MAX) {
      findings.add(new Finding(file, element, message));
    }
  }

  private void look(String path, ByteBuffer content, int depth) {
    boolean known = pickle(path, content);
    for (Beginning opaque : OPAQUE) {
      if (opaque.isOf(content)) {
        found(path, "", opaque.what() + ", which is not looked into (expected: none)");
        known = true;
      }
    }
    for (Beginning program : PROGRAMS) {
      if (program.isOf(content)) {
        found(path, "", program.what() + " (expected: none)");
      }
    }
    known |= array(path, content);
    known |= archive(path, content, depth);
    String ending = path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    if (!known && PICKLE_ENDINGS.contains(ending)) {
      found(path, "", "it is called a pickle, but is nothing known here (expected: no pickle)");
    }
  }

  private boolean pickle(String path, ByteBuffer content) {
    Optional<PickleScan.Content> pickle = PickleScan.of(content);
    pickle.ifPresent(found -> judge(path, found));
    return pickle.isPresent();
  }

  private void judge(String path, PickleScan.Content pickle) {
    if (!rules.picklesAllowed()) {
      found(
          path,
          "",
          "a pickle, which runs code when it is loaded; it names %s (expected: no pickle)"
              .formatted(
                  pickle.globals().isEmpty()
                      ? "nothing"
                      : String.join(", ", pickle.globals().stream().limit(10).toList())));
      return;
    }
    for (String global : pickle.globals()) {
      if (!rules.pickleGlobals().contains(global)) {
        found(path, global, "a pickle names it (expected: one of pickle_globals)");
      }
    }
    pickle.problems().forEach(problem -> found(path, "", "a pickle: " + problem));
  }

  /** NumPy's format keeps arrays of objects as a pickle behind its header. */
  private boolean array(String path, ByteBuffer content) {
    if (!startsWith(content, "\u0093NUMPY") || content.remaining() < 12) {
      return false;
    }
    int lengthBytes = content.get(6) == 1 ? 2 : 4;
    long length = 0;
    for (int i = lengthBytes - 1; i >= 0; i--) {
      length = length << 8 | (content.get(8 + i) & 0xff);
    }
    int from = 8 + lengthBytes;
    if (length > NPY_HEADER_MAX || from + length > content.remaining()) {
      found(path, "", "a NumPy array with a damaged header");
      return true;
    }
    String header =
        StandardCharsets.ISO_8859_1.decode(content.slice(from, (int) length)).toString();
    if (header.matches("(?s).*['\"][|<>=]?O[0-9]*['\"].*")) {
      int data = from + (int) length;
      ByteBuffer body = content.slice(data, content.remaining() - data);
      if (!pickle(path, body)) {
        found(path, "", "a NumPy array of objects, which is a pickle (expected: no pickle)");
      }
    }
    return true;
  }

  private boolean archive(String path, ByteBuffer content, int depth) {
    ArchiveLimits limits = rules.archive();
    boolean gzip = startsWith(content, "\u001f\u008b");
    boolean zlib = isZlib(content);
    boolean tar =
        content.remaining() >= TAR_BLOCK
            && startsWith(content.slice(257, content.remaining() - 257), "ustar");
    Optional<ZipDirectory> zip = ZipDirectory.of(content, limits.entriesMax());
    boolean zipHead = startsWith(content, "PK\u0003\u0004");
    if (!gzip && !zlib && !tar && zip.isEmpty() && !zipHead) {
      return false;
    }
    if (depth >= limits.depthMax()) {
      found(
          path, "", "an archive (expected: at most %d in each other)".formatted(limits.depthMax()));
      return true;
    }
    if (zipHead && zip.isEmpty()) {
      found(path, "", "a zip without its end, which is not looked into (expected: a whole one)");
    }
    zip.ifPresent(directory -> zip(path, directory, depth));
    if (tar) {
      tar(path, content, depth);
    }
    if (gzip) {
      gzip(path, content, depth);
    }
    if (zlib) {
      inflated(path, "", content, new Inflater(), Long.MAX_VALUE, depth);
    }
    return true;
  }

  /** Begins as zlib does, and a first part of it unpacks. */
  private static boolean isZlib(ByteBuffer content) {
    if (content.remaining() < 8
        || (content.get(0) & 0x0f) != 8
        || (Byte.toUnsignedInt(content.get(0)) * 256 + Byte.toUnsignedInt(content.get(1))) % 31
            != 0) {
      return false;
    }
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(content.slice(0, Math.min(CHUNK_BYTES, content.remaining())));
      return inflater.inflate(new byte[CHUNK_BYTES]) > 0;
    } catch (DataFormatException e) {
      return false;
    } finally {
      inflater.end();
    }
  }

  private void zip(String path, ZipDirectory zip, int depth) {
    zip.problems().forEach(problem -> found(path, "", "a zip: " + problem));
    for (ZipDirectory.Entry entry : zip.entries()) {
      String name = entry.name();
      boolean folder = name.endsWith("/");
      if (!entry(path, folder ? name.substring(0, name.length() - 1) : name)) {
        return;
      }
      if (entry.encrypted()) {
        found(path, name, "an encrypted entry, which is not looked into");
      } else if (entry.link()) {
        found(path, name, "a link (expected: files and folders)");
      } else if (entry.method() == ZipDirectory.STORED) {
        look(path + "!/" + name, entry.packed(), depth + 1);
      } else if (entry.method() == ZipDirectory.DEFLATED) {
        inflated(path, name, entry.packed(), new Inflater(true), entry.size(), depth);
      } else {
        found(path, name, "packed by method %d (expected: 0 or 8)".formatted(entry.method()));
      }
    }
  }

  /** Counts an entry and looks at its name; false once there are too many. */
  private boolean entry(String path, String name) {
    if (++entries > rules.archive().entriesMax()) {
      found(
          path,
          "",
          "more than %d files in archives (expected: at most that)"
              .formatted(rules.archive().entriesMax()));
      return false;
    }
    if (!ArchivePath.isPlain(name)) {
      found(path, name, "an entry that leads out of the archive's folder, or may");
    }
    return true;
  }

  private void tar(String path, ByteBuffer content, int depth) {
    int at = 0;
    while (at + TAR_BLOCK <= content.remaining() && content.get(at) != 0) {
      String name = tarText(content, at + 345, 155);
      String base = tarText(content, at, 100);
      name = (name.isEmpty() ? base : name + "/" + base).replaceFirst("^\\./", "");
      char type = (char) content.get(at + 156);
      long size = tarSize(content, at + 124);
      int data = at + TAR_BLOCK;
      if (size < 0 || size > content.remaining() - data) {
        found(path, name, "a tar entry of an impossible size");
        return;
      }
      switch (type) {
        case '0', '\0', '7' -> {
          if (!entry(path, name)) {
            return;
          }
          look(path + "!/" + name, content.slice(data, (int) size), depth + 1);
        }
        case '5' -> {
          if (!entry(path, name.replaceAll("/+$", ""))) {
            return;
          }
        }
        case '1', '2' -> found(path, name, "a link (expected: files and folders)");
        default -> found(path, name, "a tar entry of type '%c'".formatted(type));
      }
      at = data + (int) ((size + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK);
      if (at < 0) {
        return;
      }
    }
  }

  private static String tarText(ByteBuffer content, int at, int length) {
    int end = 0;
    while (end < length && content.get(at + end) != 0) {
      end++;
    }
    return StandardCharsets.UTF_8.decode(content.slice(at, end)).toString();
  }

  private static long tarSize(ByteBuffer content, int at) {
    try {
      return Long.parseLong(tarText(content, at, 12).strip(), 8);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private void gzip(String path, ByteBuffer content, int depth) {
    int at = 10;
    int flags = content.remaining() > 3 ? content.get(3) : 0;
    try {
      if ((flags & 4) != 0) {
        at += 2 + (content.get(at) & 0xff) + ((content.get(at + 1) & 0xff) << 8);
      }
      for (int named = 0; named < Integer.bitCount(flags & 0x18); named++) {
        while (content.get(at++) != 0) {
          // Passes over the file's name and comment.
        }
      }
      at += (flags & 2) != 0 ? 2 : 0;
      ByteBuffer packed = content.slice(at, content.remaining() - at);
      inflated(path, "", packed, new Inflater(true), Long.MAX_VALUE, depth);
    } catch (IndexOutOfBoundsException e) {
      found(path, "", "a gzip archive with a damaged header");
    }
  }

  /** Unpacks deflated bytes as far as the limits allow, and looks at them. */
  private void inflated(
      String path, String name, ByteBuffer packed, Inflater inflater, long size, int depth) {
    Unpacked out = new Unpacked();
    byte[] chunk = new byte[CHUNK_BYTES];
    try {
      inflater.setInput(packed.slice());
      while (!inflater.finished()) {
        int count = inflater.inflate(chunk);
        if (count == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
          found(path, name, "packed bytes that break off");
          break;
        }
        out.write(chunk, 0, count);
        unpackedBytes += count;
        if (isTooMuch(path, name, out.size(), packed.remaining())) {
          return;
        }
      }
      if (size != Long.MAX_VALUE && out.size() != size) {
        found(path, name, "%d bytes unpacked (expected: %d)".formatted(out.size(), size));
      }
      if (inflater.getRemaining() > 8) {
        // gzip and zlib end with a checksum of at most eight bytes.
        found(path, name, "%d bytes after its end".formatted(inflater.getRemaining()));
      }
    } catch (DataFormatException e) {
      found(path, name, "packed bytes that are damaged");
    } finally {
      inflater.end();
    }
    look(path + "!/" + name, out.content(), depth + 1);
  }

  /** Bytes that are read where they were collected. */
  private static final class Unpacked extends ByteArrayOutputStream {
    ByteBuffer content() {
      return ByteBuffer.wrap(buf, 0, count).slice();
    }
  }

  private boolean isTooMuch(String path, String name, long bytes, long packed) {
    ArchiveLimits limits = rules.archive();
    if (unpackedBytes > limits.unpackedBytesMax()) {
      found(
          path,
          name,
          "more than %d bytes in archives (expected: at most that)"
              .formatted(limits.unpackedBytesMax()));
      return true;
    }
    if (bytes > RATIO_FREE_BYTES && bytes > packed * limits.ratioMax()) {
      found(
          path,
          name,
          "%d bytes and more from %d (expected: at most %d times as many)"
              .formatted(bytes, packed, limits.ratioMax()));
      return true;
    }
    return false;
  }

  private static boolean startsWith(ByteBuffer content, String bytes) {
    if (content.remaining() < bytes.length()) {
      return false;
    }
    for (int i = 0; i < bytes.length(); i++) {
      if ((content.get(i) & 0xff) != bytes.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
