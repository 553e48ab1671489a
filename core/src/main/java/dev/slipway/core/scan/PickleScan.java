package dev.slipway.core.scan;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Walks a pickle's instructions as Python's unpickler would, protocols 0 to 5, without doing what
 * they say. The stack is followed far enough to know which names are imported and whether an
 * instruction would be reached at all; what comes after an instruction that the unpickler refuses
 * is never reached, but what came before it has been done.
 */
final class PickleScan {
  private static final Object OTHER = new Object();
  private static final int DEPTH_MAX = 1_000_000;

  /** No name is longer; longer texts are passed over. */
  private static final int TEXT_BYTES_MAX = 4_096;

  private static final int PROTO = 0x80;
  private static final int NEWEST_PROTOCOL = 5;
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z0-9_]+)*");

  /**
   * What a pickle would do.
   *
   * @param globals names that it imports
   * @param problems why it can not be judged by the names alone
   */
  record Content(TreeSet<String> globals, List<String> problems) {}

  private final ByteBuffer in;
  private final List<Object> stack = new ArrayList<>();

  /** How high the stack was when each mark was set. */
  private final List<Integer> marks = new ArrayList<>();

  private final Map<Long, Object> memo = new HashMap<>();
  private final TreeSet<String> globals = new TreeSet<>();
  private final List<String> problems = new ArrayList<>();
  private boolean headed;
  private boolean called;
  private boolean ended;
  private boolean named = true;

  private PickleScan(ByteBuffer content) {
    this.in = content.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * @param content from the first byte of a possible pickle
   * @return empty if loading it as a pickle does nothing but fail
   */
  static Optional<Content> of(ByteBuffer content) {
    PickleScan scan = new PickleScan(content);
    scan.run();
    return scan.isPickle()
        ? Optional.of(new Content(scan.globals, List.copyOf(scan.problems)))
        : Optional.empty();
  }

  /**
   * A header and either an end or something done make a pickle. Without a header, as in protocols 0
   * and 1, almost any text begins like one; then it has to call something by a proper name.
   */
  private boolean isPickle() {
    return headed ? ended || called || !globals.isEmpty() : called && !globals.isEmpty() && named;
  }

  private void run() {
    try {
      while (!ended) {
        if (!step(in.get() & 0xff)) {
          problems.add("it breaks off at byte %d".formatted(in.position()));
          return;
        }
        if (Math.max(stack.size(), Math.max(marks.size(), memo.size())) > DEPTH_MAX) {
          problems.add("it holds more than %d values at once".formatted(DEPTH_MAX));
          return;
        }
      }
      if (in.hasRemaining()) {
        problems.add("%d bytes after its end".formatted(in.remaining()));
      }
    } catch (BufferUnderflowException | NumberFormatException e) {
      problems.add("it breaks off at byte %d".formatted(in.position()));
    }
  }

  /** Follows one instruction; false if the unpickler would refuse it. */
  private boolean step(int code) {
    return switch (code) {
      case PROTO -> protocol();
      case 0x95 -> skip(8); // FRAME
      case '(' -> marks.add(stack.size());
      case '.' -> {
        ended = available() > 0;
        yield ended;
      }
      case '0' -> pop();
      case '1' -> popMark();
      case '2' -> available() > 0 && push(stack.getLast());
      case 'N', 0x88, 0x89, ']', '}', ')', 0x8f -> push(OTHER);
      case 'I', 'L', 'F' -> number() && push(OTHER);
      case 'J' -> skip(4) && push(OTHER);
      case 'K' -> skip(1) && push(OTHER);
      case 'M' -> skip(2) && push(OTHER);
      case 'G' -> skip(8) && push(OTHER);
      case 0x8a, 'U', 'C' -> skip(in.get() & 0xff) && push(OTHER); // LONG1, short strings, bytes
      case 0x8b, 'T', 'B' -> skip(Integer.toUnsignedLong(in.getInt())) && push(OTHER);
      case 0x8e, 0x96 -> skip(in.getLong()) && push(OTHER);
      case 'S' -> quoted() && push(OTHER);
      case 'V' -> push(line());
      case 0x8c -> text(in.get() & 0xff);
      case 'X' -> text(Integer.toUnsignedLong(in.getInt()));
      case 0x8d -> text(in.getLong());
      case 'p' -> put(Long.parseLong(line()));
      case 'q' -> put(in.get() & 0xff);
      case 'r' -> put(Integer.toUnsignedLong(in.getInt()));
      case 0x94 -> put(memo.size());
      case 'g' -> push(memo.get(Long.parseLong(line())));
      case 'h' -> push(memo.get((long) (in.get() & 0xff)));
      case 'j' -> push(memo.get(Integer.toUnsignedLong(in.getInt())));
      case 't', 'l', 'd', 0x91 -> popMark() && push(OTHER);
      case 'a' -> available() >= 2 && pop();
      case 's' -> available() >= 3 && pop() && pop();
      case 'e', 'u', 0x90 -> popMark() && available() > 0;
      case 0x85 -> replace(1);
      case 0x86 -> replace(2);
      case 0x87 -> replace(3);
      case 'c' -> global(line(), line()) && push(OTHER);
      case 0x93 -> stackGlobal();
      case 'i' -> global(line(), line()) && popMark() && call() && push(OTHER);
      case 'o' -> available() > 0 && popMark() && call() && push(OTHER);
      case 'R', 0x81 -> replace(2) && call();
      case 0x92 -> replace(3) && call();
      case 'b' -> available() >= 2 && pop() && call();
      case 'P' -> {
        line();
        yield problem("a persistent identifier") && push(OTHER);
      }
      case 'Q' -> replace(1) && problem("a persistent identifier");
      case 0x82 -> skip(1) && extension();
      case 0x83 -> skip(2) && extension();
      case 0x84 -> skip(4) && extension();
      case 0x97 -> problem("a buffer outside of it") && push(OTHER);
      case 0x98 -> available() > 0;
      default -> false;
    };
  }

  private boolean protocol() {
    headed |= in.position() == 1;
    return (in.get() & 0xff) <= NEWEST_PROTOCOL;
  }

  private boolean push(@Nullable Object value) {
    return value != null && stack.add(value);
  }

  /** Values above the last mark, which are all that an instruction can take. */
  private int available() {
    return stack.size() - (marks.isEmpty() ? 0 : marks.getLast());
  }

  private boolean pop() {
    if (available() == 0) {
      return popMark();
    }
    stack.removeLast();
    return true;
  }

  private boolean popMark() {
    if (marks.isEmpty()) {
      return false;
    }
    stack.subList(marks.removeLast(), stack.size()).clear();
    return true;
  }

  private boolean replace(int count) {
    if (available() < count) {
      return false;
    }
    stack.subList(stack.size() - count, stack.size()).clear();
    return push(OTHER);
  }

  private boolean put(long index) {
    if (index < 0 || available() == 0) {
      return false;
    }
    memo.put(index, stack.getLast());
    return true;
  }

  private boolean global(String module, String name) {
    named &= NAME.matcher(module).matches() && NAME.matcher(name).matches();
    globals.add(module + "." + name);
    return true;
  }

  private boolean stackGlobal() {
    if (available() < 2) {
      return false;
    }
    Object name = stack.removeLast();
    Object module = stack.removeLast();
    if (module instanceof String moduleText && name instanceof String nameText) {
      global(moduleText, nameText);
    } else {
      // Pickle names are texts; these were made in a way that this walk does not follow.
      globals.add("?");
      problem("a name that is put together at load");
    }
    return push(OTHER);
  }

  private boolean call() {
    called = true;
    return true;
  }

  private boolean extension() {
    called = true;
    return problem("a registered extension") && push(OTHER);
  }

  private boolean problem(String words) {
    if (!problems.contains(words)) {
      problems.add(words);
    }
    return true;
  }

  private boolean number() {
    String line = line();
    return line.chars().anyMatch(c -> c >= '0' && c <= '9')
        && line.chars().allMatch(c -> c > ' ' && c < 0x7f);
  }

  private boolean quoted() {
    String line = line().strip();
    return line.length() >= 2
        && (line.startsWith("'") || line.startsWith("\""))
        && line.charAt(line.length() - 1) == line.charAt(0);
  }

  private String line() {
    int from = in.position();
    while (in.get() != '\n') {
      // Looks for the end of the line.
    }
    return decoded(from, Math.min(TEXT_BYTES_MAX, in.position() - 1 - from));
  }

  private boolean text(long length) {
    int from = in.position();
    return skip(length) && push(length > TEXT_BYTES_MAX ? OTHER : decoded(from, (int) length));
  }

  private String decoded(int from, int length) {
    return StandardCharsets.UTF_8.decode(in.slice(from, length)).toString();
  }

  private boolean skip(long bytes) {
    if (bytes < 0 || bytes > in.remaining()) {
      throw new BufferUnderflowException();
    }
    in.position(in.position() + (int) bytes);
    return true;
  }
}
