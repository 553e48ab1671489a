package dev.slipway.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ShortestDecimalTest {
  private static final long SEED = 0x5eed_f10a_7L;

  private final byte[] buffer = new byte[2 * ShortestDecimal.LENGTH_MAX];

  private String text(float value) {
    return new String(buffer, 0, ShortestDecimal.put(buffer, 0, value), StandardCharsets.US_ASCII);
  }

  private String text(double value) {
    return new String(buffer, 0, ShortestDecimal.put(buffer, 0, value), StandardCharsets.US_ASCII);
  }

  private void assertLikeJava(float value) {
    if (Float.isFinite(value)) {
      assertEquals(Float.toString(value), text(value));
    }
  }

  private void assertLikeJava(double value) {
    if (Double.isFinite(value)) {
      assertEquals(Double.toString(value), text(value));
    }
  }

  @Test
  void writesTheUsualNumbers() {
    assertThat(text(0.0f)).isEqualTo("0.0");
    assertThat(text(-0.0f)).isEqualTo("-0.0");
    assertThat(text(1.0f)).isEqualTo("1.0");
    assertThat(text(0.1f)).isEqualTo("0.1");
    assertThat(text(-123.456f)).isEqualTo("-123.456");
    assertThat(text(1e7f)).isEqualTo("1.0E7");
    assertThat(text(0.1)).isEqualTo("0.1");
    assertThat(text(2.2250738585072014E-308)).hasSizeLessThan(ShortestDecimal.LENGTH_MAX);
    assertThat(text(-2.2250738585072014E-308)).hasSize(ShortestDecimal.LENGTH_MAX);
  }

  @Test
  void floatsAreWrittenAsJavaDoesAtEveryExponentBorder() {
    for (int exponent = 0; exponent < 255; exponent++) {
      for (int near = -40; near <= 40; near++) {
        assertLikeJava(Float.intBitsToFloat((exponent << 23) + near));
        assertLikeJava(Float.intBitsToFloat((exponent << 23 | 0x400000) + near));
      }
    }
  }

  @Test
  void doublesAreWrittenAsJavaDoesAtEveryExponentBorder() {
    for (long exponent = 0; exponent < 2047; exponent++) {
      for (int near = -40; near <= 40; near++) {
        assertLikeJava(Double.longBitsToDouble((exponent << 52) + near));
        assertLikeJava(Double.longBitsToDouble((exponent << 52 | 1L << 51) + near));
      }
    }
  }

  @Test
  void decimalFractionsAndPowersOfTenAreWrittenAsJavaDoes() {
    for (int i = 0; i < 100_000; i++) {
      assertLikeJava(i / 1000f);
      assertLikeJava(i / 1000.0);
      assertLikeJava(i * 997f);
      assertLikeJava(i * 1e9 + i);
    }
    for (int power = -330; power < 310; power++) {
      double value = Double.parseDouble("1e" + power);
      for (int i = -5; i <= 5; i++) {
        assertLikeJava(Double.longBitsToDouble(Double.doubleToLongBits(value) + i));
        assertLikeJava((float) value * i);
      }
    }
  }

  @Test
  void randomBitPatternsAreWrittenAsJavaDoes() {
    compareRandom(500_000);
  }

  @Test
  @Tag("long")
  void manyRandomBitPatternsAreWrittenAsJavaDoes() {
    compareRandom(10_000_000);
  }

  @Test
  @Tag("long")
  void everyFloatIsWrittenAsJavaDoes() {
    for (int bits = 0; bits >= 0; bits++) {
      assertLikeJava(Float.intBitsToFloat(bits));
    }
  }

  private void compareRandom(int count) {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < count; i++) {
      assertLikeJava(Float.intBitsToFloat(random.nextInt()));
      assertLikeJava(Double.longBitsToDouble(random.nextLong()));
      assertLikeJava((float) random.nextDouble());
      assertLikeJava(random.nextDouble());
    }
  }
}
