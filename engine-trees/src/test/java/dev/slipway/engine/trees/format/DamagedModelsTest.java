package dev.slipway.engine.trees.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ArtifactFormat;
import dev.slipway.engine.trees.GoldenFiles;
import dev.slipway.engine.trees.ensemble.TreeEnsemble;
import dev.slipway.engine.trees.forest.CompiledEnsemble;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * Real models with bytes changed, cut, repeated and with numbers replaced: each either loads and
 * answers, or is refused with a reason. Anything else, such as another exception, a hang or memory
 * beyond all proportion, is a fault.
 */
class DamagedModelsTest {
  private static final List<String> MODELS =
      List.of(
          "xgb-partition.ubj",
          "xgb-vector-leaves.ubj",
          "xgb-dart.ubj",
          "xgb-partition-json.json",
          "lgb-categories.txt",
          "lgb-rf-multiclass.txt",
          "lgb-zero-missing.txt",
          "skl-forest-words.onnx",
          "onnx-lgb-binary.onnx",
          "op-double.onnx",
          "op-v5-member.onnx");

  private static final String[] NUMBERS = {
    "0",
    "-1",
    "1",
    "2147483647",
    "-2147483648",
    "4294967296",
    "1e400",
    "-1e400",
    "NaN",
    "nan",
    "0.5",
    "99999999999999999999999999999",
    ""
  };

  @Property(tries = 400)
  void changedBytes(
      @ForAll @IntRange(max = 10) int model,
      @ForAll @IntRange(min = 1, max = 8) int changes,
      @ForAll long seed) {
    byte[] bytes = model(model).clone();
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < changes; i++) {
      bytes[random.nextInt(bytes.length)] =
          random.nextBoolean()
              ? (byte) random.nextInt(256)
              : (byte) (random.nextBoolean() ? 0xff : 0);
    }
    loadsOrIsRefused(model, bytes);
  }

  @Property(tries = 200)
  void cutFiles(@ForAll @IntRange(max = 10) int model, @ForAll long seed) {
    byte[] bytes = model(model);
    loadsOrIsRefused(model, Arrays.copyOf(bytes, new SplittableRandom(seed).nextInt(bytes.length)));
  }

  @Property(tries = 200)
  void piecesMovedAround(@ForAll @IntRange(max = 10) int model, @ForAll long seed) {
    byte[] bytes = model(model).clone();
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 3; i++) {
      int length = random.nextInt(1, Math.min(400, bytes.length));
      int from = random.nextInt(bytes.length - length + 1);
      int to = random.nextInt(bytes.length - length + 1);
      System.arraycopy(bytes, from, bytes, to, length);
    }
    loadsOrIsRefused(model, bytes);
  }

  @Property(tries = 300)
  void numbersReplaced(@ForAll @IntRange(min = 3, max = 6) int model, @ForAll long seed) {
    String text = new String(model(model), StandardCharsets.ISO_8859_1);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 3; i++) {
      int at = random.nextInt(text.length());
      while (at < text.length() && !Character.isDigit(text.charAt(at))) {
        at++;
      }
      int end = at;
      while (end < text.length() && Character.isDigit(text.charAt(end))) {
        end++;
      }
      text = text.substring(0, at) + NUMBERS[random.nextInt(NUMBERS.length)] + text.substring(end);
    }
    loadsOrIsRefused(model, text.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Property(tries = 200)
  void noiseOfAnyFormat(@ForAll byte[] noise, @ForAll @IntRange(max = 10) int model) {
    loadsOrIsRefused(model, noise);
  }

  private static byte[] model(int index) {
    return GoldenFiles.bytes(MODELS.get(index) + ".gz");
  }

  private static ArtifactFormat format(int index) {
    return GoldenFiles.formatOf(MODELS.get(index));
  }

  private static void loadsOrIsRefused(int model, byte[] bytes) {
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          try {
            TreeEnsemble ensemble = TreeModelReader.read(format(model), bytes);
            CompiledEnsemble compiled = CompiledEnsemble.of(ensemble, CompiledEnsemble.Layout.AUTO);
            ByteBuffer row =
                ByteBuffer.allocate(8 * compiled.columnsLeast()).order(ByteOrder.LITTLE_ENDIAN);
            compiled.openEvaluator().run(row, 0);
          } catch (SlipwayException e) {
            assertThat(e.code())
                .as(e.getMessage())
                .isIn(ErrorCode.MODEL_INVALID, ErrorCode.FORMAT_UNSUPPORTED);
            assertThat(e.getMessage()).isNotBlank();
          }
        });
  }
}
