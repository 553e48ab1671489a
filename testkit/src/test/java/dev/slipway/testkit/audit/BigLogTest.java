package dev.slipway.testkit.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.audit.log.SequencedLeaves;
import dev.slipway.core.audit.receipt.Receipt;
import dev.slipway.core.audit.verify.AuditReport;
import dev.slipway.store.audit.AuditLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log of the stated size: integrated, verified, proven, and damaged in one byte. */
class BigLogTest {
  private static final int PROOFS = 200;

  @TempDir Path folder;

  @Test
  void twentyThousandEntriesVerify() throws Exception {
    verify(20_000);
  }

  @Test
  @Tag("long")
  void aMillionEntriesVerify() throws Exception {
    verify(1_000_000);
  }

  private void verify(long count) throws Exception {
    AuditLog log = TestLog.open(folder, numbered(count));
    long start = System.nanoTime();
    log.integrate();
    Duration integrating = since(start);

    start = System.nanoTime();
    AuditReport report = TestLog.verify(folder.resolve("tiles"));
    Duration verifying = since(start);

    assertThat(report.findings()).isEmpty();
    assertThat(report.entriesRead()).isEqualTo(count);
    Random random = new Random(count);
    long[] proofMicros = new long[PROOFS];
    for (int i = 0; i < PROOFS; i++) {
      long index = random.nextLong(count);
      start = System.nanoTime();
      Receipt receipt = log.receipt(index);
      proofMicros[i] = since(start).toNanos() / 1000;
      assertThat(receipt.includes(MemoryLeaves.entry(index))).isTrue();
    }
    Arrays.sort(proofMicros);
    System.out.printf(
        "%,d entries: integrated in %.1f s, verified in %.1f s, a proof in %.1f ms (median; most"
            + " %.1f ms)%n",
        count,
        integrating.toMillis() / 1e3,
        verifying.toMillis() / 1e3,
        proofMicros[PROOFS / 2] / 1e3,
        proofMicros[PROOFS - 1] / 1e3);

    long edited = random.nextLong(count / 256 * 256);
    Path bundle = folder.resolve("tiles/tile/entries").resolve(name(edited / 256));
    byte[] bytes = Files.readAllBytes(bundle);
    int at = 2; // Past the entry's length, into its text.
    for (long i = edited / 256 * 256; i < edited; i++) {
      at += 2 + MemoryLeaves.entry(i).length;
    }
    bytes[at + 20] ^= 1;
    Files.write(bundle, bytes);
    assertThat(TestLog.verify(folder.resolve("tiles")).firstBadEntry())
        .isEqualTo(OptionalLong.of(edited));
  }

  private static String name(long bundle) {
    return bundle < 1000
        ? "%03d".formatted(bundle)
        : "x%03d/%03d".formatted(bundle / 1000, bundle % 1000);
  }

  private static SequencedLeaves numbered(long count) {
    return new SequencedLeaves() {
      @Override
      public long count() {
        return count;
      }

      @Override
      public List<byte[]> read(long from, long to) {
        return LongStream.range(from, to).mapToObj(MemoryLeaves::entry).toList();
      }
    };
  }

  private static Duration since(long startNanos) {
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }
}
