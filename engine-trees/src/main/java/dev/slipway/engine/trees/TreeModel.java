package dev.slipway.engine.trees;

import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.engine.trees.ensemble.TreeEnsemble;
import dev.slipway.engine.trees.forest.CompiledEnsemble;
import dev.slipway.serving.engine.LoadedModel;

/** A compiled tree ensemble. Holds nothing but memory; thread-safe. */
public final class TreeModel implements LoadedModel {
  private final CompiledEnsemble compiled;
  private final ModelSignature signature;

  private TreeModel(CompiledEnsemble compiled) {
    this.compiled = compiled;
    this.signature = compiled.ensemble().signature();
  }

  static TreeModel of(TreeEnsemble ensemble) {
    return of(ensemble, CompiledEnsemble.Layout.AUTO);
  }

  static TreeModel of(TreeEnsemble ensemble, CompiledEnsemble.Layout layout) {
    return new TreeModel(CompiledEnsemble.of(ensemble, layout));
  }

  @Override
  public ModelSignature signature() {
    return signature;
  }

  @Override
  public long memoryBytes() {
    return compiled.memoryBytes();
  }

  @Override
  public TreeSession openSession() {
    return new TreeSession(compiled, signature);
  }

  public int treeCount() {
    return compiled.ensemble().trees().size();
  }

  /**
   * The leaf that each row reaches in each tree, as the model's own library numbers leaves: node
   * numbers for XGBoost and ONNX, leaf numbers for LightGBM.
   *
   * @param input as for {@link TreeSession#infer}
   * @return row-major [rows, {@link #treeCount}]
   * @throws dev.slipway.core.error.SlipwayException as {@link TreeSession#infer}
   */
  public int[] leaves(Tensor input) {
    Rows rows = Rows.of(input, compiled);
    CompiledEnsemble.Evaluator evaluator = compiled.openEvaluator();
    int trees = treeCount();
    int[] leaves = new int[Math.multiplyExact(rows.count(), trees)];
    int[] row = new int[trees];
    for (int r = 0; r < rows.count(); r++) {
      evaluator.leaves(input.data(), r * rows.bytesEach(), row);
      System.arraycopy(row, 0, leaves, r * trees, trees);
    }
    return leaves;
  }

  @Override
  public void close() {}
}
