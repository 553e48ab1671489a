package dev.slipway.engine.trees.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ArtifactFormat;
import dev.slipway.engine.trees.GoldenFiles;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;

/** Files that must be refused, each with the reason that helps. */
class RefusalTest {
  @Test
  void linearBoostersAreUnsupported() {
    refused(ArtifactFormat.XGBOOST_UBJ, GoldenFiles.bytes("refused-gblinear.ubj.gz"))
        .satisfies(e -> code(e, ErrorCode.FORMAT_UNSUPPORTED))
        .hasMessageContaining("gblinear");
  }

  @Test
  void linearLeavesAreUnsupported() {
    refused(ArtifactFormat.LIGHTGBM_TEXT, GoldenFiles.bytes("refused-linear.txt.gz"))
        .satisfies(e -> code(e, ErrorCode.FORMAT_UNSUPPORTED))
        .hasMessageContaining("linear_tree=false");
  }

  @Test
  void whatOnnxRuntimesVersionsReadDifferentlyIsLeftToIt() {
    for (String name : new String[] {"two-bases", "min", "one-class"}) {
      refused(ArtifactFormat.ONNX, GoldenFiles.bytes("refused-" + name + ".onnx.gz"))
          .satisfies(e -> code(e, ErrorCode.FORMAT_UNSUPPORTED));
    }
  }

  @Test
  void legacyXgboostFilesNameTheConversion() {
    refused(ArtifactFormat.XGBOOST_UBJ, ascii("binf\0\0\0?"))
        .satisfies(e -> code(e, ErrorCode.FORMAT_UNSUPPORTED))
        .hasMessageContaining("save_model(\"model.ubj\")");
    refused(ArtifactFormat.XGBOOST_UBJ, new byte[] {0, 0, 0, 63, 4, 0, 0, 0})
        .satisfies(e -> code(e, ErrorCode.MODEL_INVALID))
        .hasMessageContaining("offset 0: 0x00");
  }

  @Test
  void truncatedFilesTellWhere() {
    byte[] whole = GoldenFiles.bytes("xgb-binary.ubj.gz");
    refused(ArtifactFormat.XGBOOST_UBJ, Arrays.copyOf(whole, 3_000))
        .satisfies(e -> code(e, ErrorCode.MODEL_INVALID))
        .hasMessageContaining("offset ")
        .hasMessageContaining("truncated");
    byte[] text = GoldenFiles.bytes("lgb-binary.txt.gz");
    refused(ArtifactFormat.LIGHTGBM_TEXT, Arrays.copyOf(text, 4_000))
        .satisfies(e -> code(e, ErrorCode.MODEL_INVALID))
        .hasMessageContaining("truncated");
  }

  @Test
  void hugeCountsAreRefusedBeforeMemoryIsTaken() {
    ByteBuffer list = ByteBuffer.allocate(64);
    list.put(ascii("{L\0\0\0\0\0\0\0\1a[$d#L")).putLong(1L << 40);
    refused(ArtifactFormat.XGBOOST_UBJ, list.array()).hasMessageContaining("1099511627776");
    refused(
            ArtifactFormat.LIGHTGBM_TEXT,
            ascii(
                """
                tree
                num_tree_per_iteration=1
                max_feature_idx=0
                feature_names=a
                tree_sizes=1

                Tree=0
                num_leaves=1000000000
                leaf_value=1
                """))
        .hasMessageContaining("leaf_value: 1 values (expected: 1000000000");
  }

  @Test
  void deepNestingIsRefused() {
    refused(ArtifactFormat.XGBOOST_UBJ, ascii("{L\0\0\0\0\0\0\0\1a" + "[".repeat(100_000)))
        .hasMessageContaining("nesting deeper than");
    refused(ArtifactFormat.XGBOOST_JSON, ascii("{\"a\":" + "[".repeat(100_000)))
        .satisfies(e -> code(e, ErrorCode.MODEL_INVALID));
    refused(ArtifactFormat.XGBOOST_JSON, ascii("{\"a\":" + "{\"a\":".repeat(100_000)))
        .satisfies(e -> code(e, ErrorCode.MODEL_INVALID));
  }

  @Test
  void cyclesAreRefused() {
    String model = text("lgb-stumps.txt.gz");
    refused(
            ArtifactFormat.LIGHTGBM_TEXT,
            ascii(model.replaceFirst("left_child=-1", "left_child=0")))
        .satisfies(e -> code(e, ErrorCode.MODEL_INVALID))
        .hasMessageContaining("own ancestor");
    String json = text("xgb-json.json.gz");
    assertThat(json).contains("\"left_children\":[1,");
    refused(
            ArtifactFormat.XGBOOST_JSON,
            ascii(json.replaceFirst("\"left_children\":\\[1,", "\"left_children\":[0,")))
        .satisfies(e -> code(e, ErrorCode.MODEL_INVALID))
        .hasMessageContaining("own ancestor");
  }

  @Test
  void indexesOutOfRangeAreRefused() {
    String json = text("xgb-json.json.gz");
    refused(
            ArtifactFormat.XGBOOST_JSON,
            ascii(json.replaceFirst("\"split_indices\":\\[\\d+,", "\"split_indices\":[77,")))
        .hasMessageContaining("split_indices[0]: 77 (expected: 0..5)");
    refused(
            ArtifactFormat.XGBOOST_JSON,
            ascii(json.replaceFirst("\"right_children\":\\[\\d+,", "\"right_children\":[9999,")))
        .hasMessageContaining("child node 9999");
  }

  @Test
  void unknownObjectivesAreUnsupported() {
    String model = text("lgb-binary.txt.gz");
    refused(
            ArtifactFormat.LIGHTGBM_TEXT,
            ascii(model.replace("objective=binary", "objective=telepathy")))
        .satisfies(e -> code(e, ErrorCode.FORMAT_UNSUPPORTED))
        .hasMessageContaining("telepathy");
    String json = text("xgb-json.json.gz");
    refused(
            ArtifactFormat.XGBOOST_JSON,
            ascii(json.replace("\"reg:squarederror\"", "\"reg:telepathy\"")))
        .satisfies(e -> code(e, ErrorCode.FORMAT_UNSUPPORTED))
        .hasMessageContaining("reg:telepathy");
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> refused(
      ArtifactFormat format, byte[] bytes) {
    return assertThatThrownBy(() -> TreeModelReader.read(format, bytes))
        .isInstanceOf(SlipwayException.class);
  }

  private static void code(Throwable error, ErrorCode code) {
    assertThat(((SlipwayException) error).code()).as(error.getMessage()).isEqualTo(code);
  }

  private static String text(String file) {
    return new String(GoldenFiles.bytes(file), StandardCharsets.UTF_8);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
