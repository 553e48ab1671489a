package dev.slipway.http.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.http.limits.BodyMemory;
import dev.slipway.http.limits.Limit;
import dev.slipway.http.limits.LimitHits;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Both threads are this one: what another would do waits in a queue. */
class DecompressionTest {
  private static final int LONG = Decompression.AT_ONCE_BYTES_MAX + 1;

  private final Deque<Runnable> elsewhere = new ArrayDeque<>();
  private final BodyMemory memory = new BodyMemory(1 << 20);
  private final LimitHits hits = new LimitHits();
  private final List<String> received = new ArrayList<>();

  private Decompression decompression(int bytesMax) {
    return new Decompression(bytesMax, memory, hits, elsewhere::add, Runnable::run);
  }

  private Decompression.Receiver receiver(String name) {
    return receiver(name, true);
  }

  private Decompression.Receiver receiver(String name, boolean waiting) {
    return new Decompression.Receiver() {
      @Override
      public boolean isWaiting() {
        return waiting;
      }

      @Override
      public void decompressed(Bytes bytes) {
        received.add(name + " " + bytes.length());
      }

      @Override
      public void notDecompressed(RuntimeException reason) {
        received.add(name + " " + reason.getMessage());
      }
    };
  }

  private static Bytes zipped(int length) {
    return Bytes.of(ContentCoding.GZIP.encode(new byte[length], 0, length));
  }

  @Test
  void whatIsShortIsDoneAtOnce() {
    Decompression decompression = decompression(10 * LONG);
    assertThat(decompression.decode(ContentCoding.GZIP, zipped(LONG - 1), receiver("a")))
        .isNotNull()
        .extracting(Bytes::length)
        .isEqualTo(LONG - 1);
    Bytes plain = Bytes.of(new byte[LONG]);
    assertThat(decompression.decode(ContentCoding.IDENTITY, plain, receiver("b"))).isSameAs(plain);
    assertThat(elsewhere).isEmpty();
  }

  @Test
  void whatIsLongIsDoneElsewhereOneAfterAnother() {
    Decompression decompression = decompression(10 * LONG);
    Bytes first = zipped(LONG);
    Bytes second = zipped(2 * LONG);
    assertThat(decompression.decode(ContentCoding.GZIP, first, receiver("first"))).isNull();
    assertThat(decompression.decode(ContentCoding.GZIP, second, receiver("second"))).isNull();
    assertThat(received).isEmpty();
    assertThat(elsewhere).hasSize(1);
    assertThat(memory.bytes()).isEqualTo(first.length() + second.length());

    elsewhere.remove().run();
    assertThat(received).containsExactly("first " + LONG);
    elsewhere.remove().run();
    assertThat(received).containsExactly("first " + LONG, "second " + 2 * LONG);
    assertThat(elsewhere).isEmpty();
    assertThat(memory.bytes()).isZero();
  }

  @Test
  void theLimitHoldsElsewhereTooAndTheNextIsServed() {
    Decompression decompression = decompression(2 * LONG);
    decompression.decode(ContentCoding.GZIP, zipped(2 * LONG + 1), receiver("bomb"));
    decompression.decode(ContentCoding.GZIP, zipped(2 * LONG), receiver("next"));
    elsewhere.remove().run();
    elsewhere.remove().run();
    assertThat(received).hasSize(2);
    assertThat(received.get(0)).startsWith("bomb decompressed body: more than " + 2 * LONG);
    assertThat(received.get(1)).isEqualTo("next " + 2 * LONG);
    assertThat(hits.total(Limit.DECOMPRESSED_BYTES)).isOne();
  }

  @Test
  void aBodyThatNobodyWaitsForIsNotDecompressed() {
    Decompression decompression = decompression(10 * LONG);
    decompression.decode(ContentCoding.GZIP, zipped(LONG), receiver("gone", false));
    assertThat(elsewhere).isEmpty();
    assertThat(memory.bytes()).isZero();
  }

  @Test
  void whatWaitsCountsAgainstTheMemoryForBodies() {
    Decompression decompression = decompression(10 * LONG);
    assertThat(memory.tryTake((1 << 20) - 100)).isTrue();
    assertThatThrownBy(
            () -> decompression.decode(ContentCoding.GZIP, zipped(LONG), receiver("one more")))
        .isInstanceOfSatisfying(
            SlipwayException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.MEMORY_EXHAUSTED));
    assertThat(hits.total(Limit.BUFFERED_BYTES)).isOne();
  }
}
