package dev.slipway.http.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.serving.CallContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallPartsTest {
  @Test
  void requestIdsDifferAndKeepTheirForm() {
    RequestIds ids = new RequestIds(12345);
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 100_000; i++) {
      String id = ids.next();
      assertThat(seen.add(id)).isTrue();
      assertThat(id).hasSize(20);
    }
    assertThat(new RequestIds(12346).next()).isNotEqualTo(new RequestIds(12345).next());
  }

  @Test
  void aSaneIdIsKeptAndAnyOtherReplaced() {
    RequestIds ids = new RequestIds(1);
    assertThat(ids.acceptOrNext("f81d4fae-7dec-11d0")).isEqualTo("f81d4fae-7dec-11d0");
    assertThat(ids.acceptOrNext("x".repeat(128))).hasSize(128);
    assertThat(ids.acceptOrNext("x".repeat(129))).hasSize(20);
    assertThat(ids.acceptOrNext("")).hasSize(20);
    assertThat(ids.acceptOrNext(null)).hasSize(20);
    assertThat(ids.acceptOrNext("a\nb")).hasSize(20);
    assertThat(ids.acceptOrNext("\u00e9")).hasSize(20);
  }

  @ParameterizedTest
  @CsvSource({
    "1H,3600000000000",
    "2M,120000000000",
    "3S,3000000000",
    "4m,4000000",
    "5u,5000",
    "6n,6"
  })
  void grpcTimeoutsHaveUnits(String header, long nanos) {
    assertThat(Deadline.ofGrpcTimeout(header, 100)).isEqualTo(100 + nanos);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "H", "1", "1x", "-1S", "123456789S", "1 S", "1.5S"})
  void aTimeoutOfAnotherFormIsRefused(String header) {
    assertThatThrownBy(() -> Deadline.ofGrpcTimeout(header, 0))
        .isInstanceOfSatisfying(
            SlipwayException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST));
  }

  @Test
  void noTimeoutAndAnEndlessOneAreNoDeadline() {
    assertThat(Deadline.ofGrpcTimeout(null, 5)).isEqualTo(CallContext.NO_DEADLINE);
    assertThat(Deadline.ofGrpcTimeout("99999999H", 5)).isEqualTo(CallContext.NO_DEADLINE);
    assertThat(Deadline.ofMicros(null, 5)).isEqualTo(CallContext.NO_DEADLINE);
    assertThat(Deadline.ofMicros("" + Long.MAX_VALUE, 5)).isEqualTo(CallContext.NO_DEADLINE);
    assertThat(Deadline.ofMicros("7", 5)).isEqualTo(7_005);
    assertThatThrownBy(() -> Deadline.ofMicros("0", 5)).hasMessageContaining("'0'");
  }

  @Test
  void serverTimingIsMillisecondsWithThreeDecimals() {
    assertThat(new ServerTiming().header(1_234_567, 999, 12_345_678_901L, -5))
        .isEqualTo("decode;dur=1.234, queue;dur=0.000, infer;dur=12345.678, encode;dur=0.000");
  }

  @Property(tries = 200)
  void whatIsCompressedComesBack(@ForAll @Size(max = 3_000) byte[] bytes) {
    for (ContentCoding coding : ContentCoding.values()) {
      byte[] packed = coding.encode(bytes, 0, bytes.length);
      Bytes back = coding.decode(Bytes.of(packed), Math.max(1, bytes.length));
      assertThat(Arrays.copyOfRange(back.array(), back.offset(), back.offset() + back.length()))
          .isEqualTo(bytes);
    }
  }

  @Property(tries = 500)
  void noBytesBreakADecoder(@ForAll @Size(max = 200) byte[] bytes) {
    for (ContentCoding coding : List.of(ContentCoding.GZIP, ContentCoding.DEFLATE)) {
      try {
        coding.decode(Bytes.of(bytes), 1_000);
      } catch (SlipwayException e) {
        assertThat(e.code()).isIn(ErrorCode.BAD_REQUEST, ErrorCode.PAYLOAD_TOO_LARGE);
      }
    }
  }

  @Test
  void aBombIsDefusedAtTheLimit() {
    byte[] zeros = new byte[50 << 20];
    byte[] bomb = ContentCoding.GZIP.encode(zeros, 0, zeros.length);
    assertThat(bomb.length).isLessThan(1 << 20);
    assertThatThrownBy(() -> ContentCoding.GZIP.decode(Bytes.of(bomb), zeros.length - 1))
        .isInstanceOfSatisfying(
            SlipwayException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.PAYLOAD_TOO_LARGE));
    assertThat(ContentCoding.GZIP.decode(Bytes.of(bomb), zeros.length).length())
        .isEqualTo(zeros.length);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gzip|GZIP",
        "deflate|DEFLATE",
        "deflate, gzip;q=0.1|GZIP",
        "gzip;q=0|IDENTITY",
        "gzip;q=0.000, deflate|DEFLATE",
        "*|GZIP",
        "gzip;q=0, *|DEFLATE",
        "br, zstd|IDENTITY",
        "identity|IDENTITY",
        ";;,,;q=|IDENTITY",
      })
  void theBestAcceptedCodingIsChosen(String header, ContentCoding expected) {
    assertThat(ContentCoding.accepted(header)).isEqualTo(expected);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "identity", "IDENTITY "})
  void noCodingIsIdentity(String header) {
    assertThat(ContentCoding.of(header)).isEqualTo(ContentCoding.IDENTITY);
  }

  @Test
  void slowBodiesAreToldOldestFirstAndOnlyOnce() {
    OpenBodies bodies = new OpenBodies(100);
    List<Integer> told = new ArrayList<>();
    bodies.enter(() -> told.add(1), 0);
    OpenBodies.Entry second = bodies.enter(() -> told.add(2), 10);
    bodies.enter(() -> told.add(3), 50);
    bodies.sweep(100);
    assertThat(told).isEmpty();
    bodies.leave(second);
    bodies.leave(second);
    bodies.sweep(140);
    assertThat(told).containsExactly(1);
    bodies.sweep(151);
    bodies.sweep(1_000);
    assertThat(told).containsExactly(1, 3);
  }

  @Property(tries = 200)
  void onlyThoseThatStayAreTold(@ForAll long seed) {
    Random random = new Random(seed);
    OpenBodies bodies = new OpenBodies(10);
    Set<Integer> expected = new HashSet<>();
    Set<Integer> told = new HashSet<>();
    List<OpenBodies.Entry> entries = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      int number = i;
      entries.add(bodies.enter(() -> told.add(number), 0));
      expected.add(i);
    }
    for (int i = 0; i < 50; i++) {
      if (random.nextBoolean()) {
        bodies.leave(entries.get(i));
        expected.remove(i);
      }
    }
    bodies.sweep(11);
    assertThat(told).isEqualTo(expected);
  }
}
