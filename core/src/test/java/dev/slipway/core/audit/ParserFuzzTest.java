package dev.slipway.core.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipway.core.audit.checkpoint.Checkpoint;
import dev.slipway.core.audit.checkpoint.SignedCheckpoint;
import dev.slipway.core.audit.checkpoint.SignedNote;
import dev.slipway.core.audit.checkpoint.SigningKey;
import dev.slipway.core.audit.checkpoint.VerifierKey;
import dev.slipway.core.audit.entry.AuditEntry;
import dev.slipway.core.audit.json.CanonicalJson;
import dev.slipway.core.audit.json.JsonReader;
import dev.slipway.core.audit.receipt.Receipt;
import dev.slipway.core.audit.receipt.ReceiptBook;
import dev.slipway.core.audit.tile.EntryBundle;
import dev.slipway.core.audit.tile.LogPath;
import dev.slipway.core.audit.verify.AuditVerifier;
import dev.slipway.core.audit.verify.Trust;
import dev.slipway.core.audit.witness.AddCheckpoint;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.assertj.core.api.Assertions;

/**
 * Whatever bytes arrive, a reader answers with a value whose bytes they are, or with an
 * IllegalArgumentException that says why; and it answers in time linear in their number.
 */
class ParserFuzzTest {
  private static final MemoryLog LOG = MemoryLog.of(300);
  private static final byte[] CHECKPOINT = LOG.file("checkpoint");
  private static final byte[] RECEIPT = ReceiptBook.ofPublished(LOG).receipt(77).toBytes();
  private static final byte[] REQUEST =
      new AddCheckpoint(0, List.of(), SignedCheckpoint.parse(CHECKPOINT)).toBytes();
  private static final byte[] ENTRY = MemoryLog.entry(5);
  private static final byte[] BUNDLE = LOG.file("tile/entries/001.p/44");

  @Property(tries = 2_000)
  void noBytesSurpriseAReader(@ForAll @Size(max = 300) byte[] bytes) {
    readAll(bytes);
  }

  @Property(tries = 2_000)
  void noDamageSurprisesAReader(@ForAll @IntRange(max = 5) int which, @ForAll long seed) {
    byte[] good = List.of(CHECKPOINT, RECEIPT, REQUEST, ENTRY, BUNDLE).get(which % 5);
    readAll(damaged(good, new Random(seed)));
  }

  @Property(tries = 1_000)
  void noTextSurprisesTheReadersOfNames(@ForAll @Size(max = 40) List<NamePart> parts) {
    String name = String.join("", parts.stream().map(NamePart::text).toList());
    read(name, LogPath::parse, path -> path.text());
    read(name, VerifierKey::parse, VerifierKey::text);
    read(name, SigningKey::parse, SigningKey::text);
    read(name, Checkpoint::parse, Checkpoint::text);
  }

  /** What names and keys are made of, so that some are nearly right. */
  enum NamePart {
    TILE("tile/"),
    ENTRIES("entries/"),
    CHECKPOINT("checkpoint"),
    LEVEL("0/"),
    X("x"),
    NUMBER("123"),
    ZERO("000"),
    SLASH("/"),
    PARTIAL(".p/"),
    WIDTH("5"),
    PLUS("+"),
    PRIVATE("PRIVATE+KEY+"),
    KEY("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"),
    LINE("\n"),
    HASH("TszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0=");

    private final String text;

    NamePart(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }
  }

  @Property(tries = 100)
  void noDamageOfALogSurprisesTheVerifier(@ForAll long seed) {
    Random random = new Random(seed);
    MemoryLog log = MemoryLog.of(300);
    List<String> names = List.copyOf(log.files().keySet());
    String name = names.get(random.nextInt(names.size()));
    byte[] before = log.file(name);
    byte[] after = damaged(before, random);
    log.files().put(name, after);

    boolean intact =
        AuditVerifier.verify(log, Trust.of(MemoryLog.KEY.verifier()), (read, of) -> {}).isIntact();

    Assertions.assertThat(intact)
        .as("seed %d, %s", seed, name)
        .isEqualTo(Arrays.equals(before, after) || name.equals("log.vkey"));
  }

  private static byte[] damaged(byte[] good, Random random) {
    byte[] bytes = good.clone();
    for (int changes = 1 + random.nextInt(3); changes > 0 && bytes.length > 0; changes--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(4)) {
        case 0 -> bytes[at] = (byte) random.nextInt(256);
        case 1 -> bytes[at] = (byte) "\n \u0000=—\"\\+0{}".charAt(random.nextInt(11));
        case 2 -> bytes = Arrays.copyOf(bytes, at);
        default -> {
          byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
          System.arraycopy(bytes, at, longer, at + 1, bytes.length - at);
          bytes = longer;
        }
      }
    }
    return bytes;
  }

  private static void readAll(byte[] bytes) {
    read(bytes, SignedNote::parse, SignedNote::toBytes);
    read(bytes, SignedCheckpoint::parse, SignedCheckpoint::toBytes);
    read(bytes, Receipt::parse, Receipt::toBytes);
    read(bytes, AddCheckpoint::parse, AddCheckpoint::toBytes);
    read(bytes, AuditEntry::parse, AuditEntry::toBytes);
    read(bytes, CanonicalJson::read, CanonicalJson::write);
    read(
        bytes,
        given -> EntryBundle.parse(new LogPath.OfBundle(1, 44), given),
        EntryBundle::toBytes);
    readOrRefuse(bytes, JsonReader::read);
    readOrRefuse(bytes, given -> Checkpoint.parse(new String(given, UTF_8)));
  }

  /** What was accepted has no other form than the one that was read. */
  private static <B, T> void read(B given, Function<B, T> reader, Function<T, B> writer) {
    readOrRefuse(
        given, bytes -> Assertions.assertThat(writer.apply(reader.apply(bytes))).isEqualTo(bytes));
  }

  private static <B> void readOrRefuse(B given, Consumer<B> reader) {
    try {
      reader.accept(given);
    } catch (IllegalArgumentException e) {
      Assertions.assertThat(e.getMessage()).isNotBlank();
    }
  }
}
