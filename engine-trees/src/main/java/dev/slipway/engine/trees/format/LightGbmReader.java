package dev.slipway.engine.trees.format;

import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.tensor.DataType;
import dev.slipway.engine.trees.ensemble.Head;
import dev.slipway.engine.trees.ensemble.Link;
import dev.slipway.engine.trees.ensemble.Output;
import dev.slipway.engine.trees.ensemble.Summation;
import dev.slipway.engine.trees.ensemble.Tree;
import dev.slipway.engine.trees.ensemble.TreeEnsemble;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads LightGBM text models (v2 to v4).
 *
 * <p>A file is a header of {@code key=value} lines, a block for each tree, and the line {@code end
 * of trees}; what follows (importances, parameters, pandas categories) does not change predictions.
 */
final class LightGbmReader {
  private static final String FIRST_LINE = "tree";
  private static final String LAST_LINE = "end of trees";
  private static final String TREE_PREFIX = "Tree=";
  private static final String AVERAGE = "average_output";
  private static final int SCORES_MOST = 1 << 20;

  private final Lines lines;

  private LightGbmReader(byte[] bytes) {
    this.lines = new Lines(bytes);
  }

  static TreeEnsemble read(byte[] bytes) {
    return new LightGbmReader(bytes).ensemble();
  }

  private TreeEnsemble ensemble() {
    if (!FIRST_LINE.equals(lines.next())) {
      throw lines.invalid("not a LightGBM text model (expected: 'tree' as the first line)");
    }
    TextBlock header = TextBlock.read(lines, "header", TREE_PREFIX, LAST_LINE);
    int scoreCount = header.integer("num_tree_per_iteration", 1, SCORES_MOST);
    int featureCount = header.integer("max_feature_idx", 0, ModelInput.FEATURES_MOST - 1) + 1;
    List<String> names = header.words("feature_names");
    if (names.size() != featureCount) {
      throw Rejection.invalid(
          "header: feature_names: %d names (expected: %d, max_feature_idx + 1)",
          names.size(), featureCount);
    }
    Link link = LightGbmObjective.link(header.words("objective"));
    List<Tree> trees = trees(header, featureCount, scoreCount);
    // LightGBM averages over iterations, which have a tree for each score.
    int iterations = trees.size() / scoreCount;
    double divisor = header.has(AVERAGE) ? Math.max(1, iterations) : 1;
    return new TreeEnsemble(
        ModelInput.of(featureCount, names),
        trees,
        new Summation(false, new double[scoreCount], divisor),
        new Head.Linked(link, scoreCount),
        List.of(new Output.Values(ModelInput.OUTPUT, DataType.FP32, List.of())));
  }

  private List<Tree> trees(TextBlock header, int featureCount, int scoreCount) {
    int declared = header.words("tree_sizes").size();
    List<Tree> trees = new ArrayList<>();
    String line = lines.current();
    while (line != null && line.startsWith(TREE_PREFIX)) {
      String name = "tree " + trees.size();
      TextBlock block = TextBlock.read(lines, name, TREE_PREFIX, LAST_LINE);
      LightGbmTree source = new LightGbmTree(block, featureCount);
      trees.add(Tree.of(name, source, source.root(), new int[] {trees.size() % scoreCount}));
      line = lines.current();
    }
    if (line == null) {
      throw lines.invalid("end of file (expected: 'end of trees'; the file is truncated)");
    }
    if (trees.size() != declared || trees.size() % scoreCount != 0) {
      throw Rejection.invalid(
          "%d trees (expected: %d as in tree_sizes, a multiple of num_tree_per_iteration %d)",
          trees.size(), declared, scoreCount);
    }
    return trees;
  }

  /** The lines of a file, one after the other, without copying the file. */
  static final class Lines {
    private final byte[] bytes;
    private int position;
    private int number;
    private @Nullable String current;

    Lines(byte[] bytes) {
      this.bytes = bytes;
    }

    /** The line last read, null after the last. */
    @Nullable String current() {
      return current;
    }

    /** Reads the next line, null at the end of the file. */
    @Nullable String next() {
      if (position >= bytes.length) {
        current = null;
        return null;
      }
      int end = position;
      while (end < bytes.length && bytes[end] != '\n') {
        end++;
      }
      int length = end - position;
      if (length > 0 && bytes[end - 1] == '\r') {
        length--;
      }
      current = new String(bytes, position, length, StandardCharsets.UTF_8);
      position = end + 1;
      number++;
      return current;
    }

    SlipwayException invalid(String message) {
      return Rejection.invalid("line %d: %s", number, message);
    }
  }
}
