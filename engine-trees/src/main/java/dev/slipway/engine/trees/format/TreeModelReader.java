package dev.slipway.engine.trees.format;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ArtifactFormat;
import dev.slipway.engine.trees.ensemble.TreeEnsemble;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Reads a tree model of any supported format. Stateless. */
public final class TreeModelReader {
  /** Largest model file. Tree models of a thousand trees take a few megabytes. */
  private static final long BYTES_MOST = 1L << 30;

  private static final byte[] LEGACY_XGBOOST = {'b', 'i', 'n', 'f'};

  private TreeModelReader() {}

  /**
   * @throws SlipwayException MODEL_INVALID if the file is corrupt, FORMAT_UNSUPPORTED if it holds
   *     something that this engine cannot run
   */
  public static TreeEnsemble read(ArtifactFormat format, Path file) {
    try {
      long size = Files.size(file);
      if (size > BYTES_MOST) {
        throw Rejection.unsupported(
            "model file: %d bytes (expected: at most %d)", size, BYTES_MOST);
      }
      return read(format, Files.readAllBytes(file));
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorCode.STORE_CORRUPT, "%s: %s".formatted(file, e.getMessage()), e);
    }
  }

  /**
   * @throws SlipwayException as {@link #read(ArtifactFormat, Path)}
   */
  public static TreeEnsemble read(ArtifactFormat format, byte[] bytes) {
    return switch (format) {
      case XGBOOST_UBJ, XGBOOST_JSON -> XgboostReader.read(xgboostDocument(bytes));
      case LIGHTGBM_TEXT -> LightGbmReader.read(bytes);
      case ONNX -> OnnxTreeReader.read(ByteBuffer.wrap(bytes));
      case REMOTE_V2, UNSERVED ->
          throw Rejection.unsupported("%s (expected: a tree model)", format);
    };
  }

  /**
   * Whether an ONNX file is a tree ensemble that this engine can run. Reads the nodes of the graph,
   * and the ensemble only if there is nothing else.
   */
  public static boolean isOnnxTrees(Path file) {
    try (Arena arena = Arena.ofConfined();
        FileChannel channel = FileChannel.open(file)) {
      if (channel.size() > BYTES_MOST) {
        return false;
      }
      ByteBuffer mapped =
          channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena).asByteBuffer();
      OnnxTreeReader.read(mapped);
      return true;
    } catch (SlipwayException | IOException e) {
      return false;
    }
  }

  /** By content, since both extensions have been used for both encodings. */
  private static Document xgboostDocument(byte[] bytes) {
    if (startsWith(bytes, LEGACY_XGBOOST)) {
      throw Rejection.unsupported(
          "XGBoost's legacy binary format (expected: UBJSON or JSON; convert it with"
              + " xgboost 1.x to 3.0: bst = xgboost.Booster(model_file=\"model.bst\");"
              + " bst.save_model(\"model.ubj\"))");
    }
    if (bytes.length == 0 || bytes[0] != '{') {
      throw legacyOrBroken(bytes);
    }
    int next = 1;
    while (next < bytes.length && isSpace(bytes[next])) {
      next++;
    }
    boolean json = next < bytes.length && (bytes[next] == '"' || bytes[next] == '}');
    return json ? JsonDocument.parse(bytes) : UbjsonDocument.parse(bytes);
  }

  /** The oldest files begin with the parameters at once: a base score and a feature count. */
  private static SlipwayException legacyOrBroken(byte[] bytes) {
    return Rejection.invalid(
        "offset 0: %s (expected: '{', the start of an XGBoost model in UBJSON or JSON; a file of"
            + " the legacy binary format is converted by booster.save_model(\"model.ubj\"))",
        bytes.length == 0 ? "end of file" : "0x%02x".formatted(bytes[0]));
  }

  private static boolean startsWith(byte[] bytes, byte[] prefix) {
    return bytes.length >= prefix.length
        && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }
}
