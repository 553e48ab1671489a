package dev.slipway.engine.trees.forest;

import dev.slipway.engine.trees.ensemble.Split;
import dev.slipway.engine.trees.ensemble.Tree;
import dev.slipway.engine.trees.ensemble.TreeEnsemble;
import java.nio.ByteBuffer;
import java.util.List;

/** An ensemble ready to run. Immutable; thread-safe. */
public final class CompiledEnsemble {
  /**
   * Most longs in a table (16 MiB): what a shared cache still holds, and memory that is worth it.
   */
  private static final long MASK_TABLE_WORDS_MAX = 1 << 21;

  // Measured costs in nanoseconds, of which only the ratios matter.
  private static final double MASK_WORD_COST = 0.14;
  private static final double MASK_COLUMN_COST = 8;
  private static final double WALK_STEP_COST = 1.4;

  /** How leaves are found. */
  public enum Layout {
    /** Whichever is estimated to be the faster. */
    AUTO,
    MASKS,
    WALK,
    /** The walk of forests whose nodes do not fit one long; slower. */
    WALK_WIDE
  }

  private final TreeEnsemble ensemble;
  private final KeyReader reader;
  private final Forest forest;
  private final Adder adder;
  private final int columnsLeast;

  private CompiledEnsemble(
      TreeEnsemble ensemble, KeyReader reader, Forest forest, Adder adder, int columnsLeast) {
    this.ensemble = ensemble;
    this.reader = reader;
    this.forest = forest;
    this.adder = adder;
    this.columnsLeast = columnsLeast;
  }

  /**
   * @param layout MASKS only where no tree has more than 64 leaves
   */
  public static CompiledEnsemble of(TreeEnsemble ensemble, Layout layout) {
    List<Column> columns = Column.of(ensemble.trees());
    KeyReader reader = new KeyReader(ensemble.input().datatype(), columns);
    List<Tree> trees = ensemble.trees();
    if (ensemble.hasWideKeys()) {
      trees = narrow(trees, columns);
      columns = Column.of(trees);
    }
    Forest forest = forest(trees, columns, layout);
    int columnsLeast = columns.isEmpty() ? 0 : columns.getLast().feature() + 1;
    return new CompiledEnsemble(
        ensemble, reader, forest, Adder.of(trees, ensemble.summation(), forest), columnsLeast);
  }

  /** Replaces keys by their ranks among the column's cuts. */
  private static List<Tree> narrow(List<Tree> trees, List<Column> columns) {
    int[] index = Column.indexByFeature(columns);
    return trees.stream()
        .map(
            tree ->
                tree.mapSplits(
                    split ->
                        new Split(
                            split.feature(),
                            split.accepted().map(columns.get(index[split.feature()])::rank),
                            split.nanFirst())))
        .toList();
  }

  private static Forest forest(List<Tree> trees, List<Column> columns, Layout layout) {
    return switch (layout) {
      case AUTO ->
          masksAreFaster(trees, columns)
              ? MaskForest.of(trees, columns)
              : WalkForest.of(trees, columns);
      case MASKS -> MaskForest.of(trees, columns);
      case WALK -> WalkForest.of(trees, columns);
      case WALK_WIDE -> WalkForest.of(trees, columns, 0);
    };
  }

  private static boolean masksAreFaster(List<Tree> trees, List<Column> columns) {
    if (!MaskForest.fits(trees) || MaskForest.tableWords(trees, columns) > MASK_TABLE_WORDS_MAX) {
      return false;
    }
    double masks =
        columns.size() * (MASK_COLUMN_COST + MASK_WORD_COST * MaskForest.wordsPerRow(trees));
    return masks < WALK_STEP_COST * WalkForest.steps(trees);
  }

  public TreeEnsemble ensemble() {
    return ensemble;
  }

  /** Columns that an input row must have at least. */
  public int columnsLeast() {
    return columnsLeast;
  }

  /** Bytes of the arrays. */
  public long memoryBytes() {
    return forest.memoryBytes() + adder.memoryBytes() + reader.memoryBytes();
  }

  public Evaluator openEvaluator() {
    return new Evaluator();
  }

  /** Runs rows, with its own buffers. Not thread-safe. */
  public final class Evaluator {
    private final int[] keys = new int[reader.keyCount()];
    private final int[] ordinals = new int[(ensemble.trees().size() + 31) / 16 * 16];
    private final double[] scores =
        new double[Math.max(ensemble.summation().scoreCount(), ensemble.head().width())];
    private final Forest.Finder finder = forest.openFinder();

    /**
     * Runs the row that starts at byte {@code start}.
     *
     * @return index of the label; {@link #scores} then holds the row's values
     */
    public int run(ByteBuffer data, int start) {
      reader.read(data, start, keys);
      finder.find(keys, ordinals);
      adder.add(ordinals, scores);
      return ensemble.head().finish(scores);
    }

    /**
     * The values of the last row run, at least as many as the head is wide; overwritten by the
     * next.
     */
    public double[] scores() {
      return scores;
    }

    /**
     * Finds the leaf of each tree for the row that starts at byte {@code start}, named as the
     * model's library names leaves.
     */
    public void leaves(ByteBuffer data, int start, int[] leafIds) {
      reader.read(data, start, keys);
      finder.find(keys, ordinals);
      for (int t = 0; t < ensemble.trees().size(); t++) {
        Tree tree = ensemble.trees().get(t);
        leafIds[t] = tree.leafId(ordinals[t] - forest.ordinal(t, 0));
      }
    }
  }
}
