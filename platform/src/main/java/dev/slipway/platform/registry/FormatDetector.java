package dev.slipway.platform.registry;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.slipway.core.model.ArtifactFormat;
import dev.slipway.platform.registry.DetectedFormat.Auxiliary;
import dev.slipway.platform.registry.DetectedFormat.Served;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Tells a model's format by its first bytes, and by its name where bytes say nothing.
 *
 * <p>Whether the file is sound is the engine's to say; here the question is only what it claims to
 * be. Nothing is parsed beyond the head, and nothing is ever executed.
 */
final class FormatDetector {
  private static final int HEAD_BYTES = 64 << 10;
  private static final Pattern XGBOOST_JSON =
      Pattern.compile("\\A\\s*\\{[\\s\\S]*\"(learner|gradient_booster)\"\\s*:");
  private static final Pattern REMOTE_YAML = Pattern.compile("(?m)^url\\s*:");

  /** Greatest ir_version that is believed; ONNX 1.20 has 13. */
  private static final int IR_VERSION_MAX = 40;

  /** Tags of the fields that follow ir_version in ONNX's ModelProto, all of which are in use. */
  private static final String MODEL_PROTO_TAGS = "\u0012\u001a\"(2:Br\u00a2\u00ca";

  private FormatDetector() {}

  static DetectedFormat detect(Path file) throws IOException {
    byte[] head = head(file);
    String text = new String(head, ISO_8859_1);
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    Optional<DetectedFormat> foreign = ForeignFormats.byContent(text);
    if (foreign.isPresent()) {
      return foreign.get();
    }
    if (isUbjsonObject(head) && text.contains("learner")) {
      return new Served(ArtifactFormat.XGBOOST_UBJ);
    }
    if (XGBOOST_JSON.matcher(text).find()) {
      return new Served(ArtifactFormat.XGBOOST_JSON);
    }
    if (text.startsWith("tree\n") || text.startsWith("tree\r\n")) {
      return new Served(ArtifactFormat.LIGHTGBM_TEXT);
    }
    if (isYaml(name) && REMOTE_YAML.matcher(text).find()) {
      return new Served(ArtifactFormat.REMOTE_V2);
    }
    Optional<DetectedFormat> named = ForeignFormats.byName(name);
    if (named.isPresent()) {
      return named.get();
    }
    if (name.endsWith(".onnx") || looksLikeOnnx(head, text)) {
      return new Served(ArtifactFormat.ONNX);
    }
    // A damaged file keeps the format of its name, so that the engine says what is wrong with it.
    return name.endsWith(".ubj") ? new Served(ArtifactFormat.XGBOOST_UBJ) : new Auxiliary();
  }

  private static byte[] head(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(HEAD_BYTES);
    }
  }

  private static boolean isYaml(String name) {
    return name.endsWith(".yaml") || name.endsWith(".yml");
  }

  /** An object whose first key's length is of a UBJSON integer type, as XGBoost writes it. */
  private static boolean isUbjsonObject(byte[] head) {
    return head.length > 2 && head[0] == '{' && "iIlLU".indexOf(head[1]) >= 0;
  }

  /** ModelProto begins with its ir_version, field 1, and goes on with one of its other fields. */
  private static boolean looksLikeOnnx(byte[] head, String text) {
    return head.length > 3
        && head[0] == 0x08
        && head[1] >= 1
        && head[1] <= IR_VERSION_MAX
        && MODEL_PROTO_TAGS.indexOf(text.charAt(2)) >= 0;
  }
}
