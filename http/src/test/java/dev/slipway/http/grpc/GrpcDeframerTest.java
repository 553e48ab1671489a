package dev.slipway.http.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.http.call.Bytes;
import dev.slipway.http.call.ContentCoding;
import dev.slipway.http.limits.BodyMemory;
import dev.slipway.http.limits.LimitHits;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class GrpcDeframerTest {
  private final BodyMemory memory = new BodyMemory(1 << 20);

  private GrpcDeframer deframer(ContentCoding coding, int max) {
    return new GrpcDeframer(coding, max, memory, new LimitHits());
  }

  private static byte[] framed(int flag, byte[] message) {
    return ByteBuffer.allocate(5 + message.length)
        .put((byte) flag)
        .putInt(message.length)
        .put(message)
        .array();
  }

  private static byte[] copy(Bytes bytes) {
    return Arrays.copyOfRange(bytes.array(), bytes.offset(), bytes.offset() + bytes.length());
  }

  @Property(tries = 300)
  void messagesSurviveAnyCutting(
      @ForAll @Size(max = 20) List<@Size(max = 60) byte[]> messages, @ForAll long seed) {
    Random random = new Random(seed);
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    for (byte[] message : messages) {
      if (random.nextBoolean()) {
        stream.writeBytes(framed(0, message));
      } else {
        stream.writeBytes(framed(1, ContentCoding.GZIP.encode(message, 0, message.length)));
      }
    }
    byte[] all = stream.toByteArray();
    GrpcDeframer deframer = deframer(ContentCoding.GZIP, 1_000);
    List<Bytes> out = new ArrayList<>();
    int position = 0;
    while (position < all.length) {
      int count = Math.min(all.length - position, 1 + random.nextInt(40));
      deframer.add(Bytes.of(Arrays.copyOfRange(all, position, position + count)));
      position += count;
      if (random.nextInt(3) > 0) {
        drain(deframer, out);
      }
    }
    drain(deframer, out);
    // Read only now: no later message may have overwritten an earlier one.
    assertThat(out.stream().map(GrpcDeframerTest::copy).toList())
        .containsExactlyElementsOf(messages);
    assertThat(deframer.isInMessage()).isFalse();
    assertThat(memory.bytes()).isZero();
  }

  private static void drain(GrpcDeframer deframer, List<Bytes> out) {
    for (Bytes message = deframer.next(); message != null; message = deframer.next()) {
      out.add(deframer.isCompressed() ? ContentCoding.GZIP.decode(message, 1_000) : message);
    }
  }

  @Test
  void aMessageAtTheLimitPassesAndOneByteMoreIsRefusedBeforeItArrives() {
    GrpcDeframer deframer = deframer(ContentCoding.IDENTITY, 10);
    deframer.add(Bytes.of(framed(0, new byte[10])));
    assertThat(deframer.next()).isNotNull();
    deframer.add(Bytes.of(new byte[] {0, 0, 0, 0, 11}));
    assertThatThrownBy(deframer::next)
        .isInstanceOfSatisfying(
            SlipwayException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.PAYLOAD_TOO_LARGE));
  }

  @Test
  void aHugeLengthIsRefused() {
    GrpcDeframer deframer = deframer(ContentCoding.IDENTITY, Integer.MAX_VALUE - 64);
    deframer.add(Bytes.of(new byte[] {0, -1, -1, -1, -1}));
    assertThatThrownBy(deframer::next).hasMessageContaining("4294967295");
  }

  @Test
  void aFlagWithoutAnEncodingAndAnUnknownFlagAreRefused() {
    GrpcDeframer plain = deframer(ContentCoding.IDENTITY, 100);
    plain.add(Bytes.of(framed(1, new byte[3])));
    assertThatThrownBy(plain::next).hasMessageContaining("grpc-encoding");
    GrpcDeframer other = deframer(ContentCoding.GZIP, 100);
    other.add(Bytes.of(framed(2, new byte[3])));
    assertThatThrownBy(other::next).hasMessageContaining("flag: 2");
  }

  @Test
  void whatIsDiscardedNoLongerCounts() {
    GrpcDeframer deframer = deframer(ContentCoding.IDENTITY, 1_000);
    deframer.add(Bytes.of(Arrays.copyOf(framed(0, new byte[500]), 100)));
    assertThat(memory.bytes()).isEqualTo(100);
    deframer.discard();
    assertThat(memory.bytes()).isZero();
  }
}
