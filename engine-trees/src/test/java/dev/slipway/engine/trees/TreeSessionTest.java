package dev.slipway.engine.trees;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ArtifactFormat;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.engine.trees.format.TreeModelReader;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TreeSessionTest {
  private static TreeModel model(String name) {
    Golden golden = Golden.load(name);
    return TreeModel.of(TreeModelReader.read(golden.format(), golden.model()));
  }

  private static Tensor rows(String name, int count) {
    Golden golden = Golden.load(name);
    return Tensors.of("input", DataType.FP32, count, golden.columns(), golden.input());
  }

  private static void refuses(TreeSession session, Tensor input, long deadline, ErrorCode code) {
    assertThatThrownBy(() -> session.infer(List.of(input), deadline))
        .isInstanceOfSatisfying(SlipwayException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void aSteadyLoadAllocatesNothing() {
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (TreeModel model = model("lgb-binary-31");
        TreeSession session = model.openSession()) {
      List<Tensor> inputs = List.of(rows("lgb-binary-31", 8));
      for (int i = 0; i < 20_000; i++) {
        session.infer(inputs, Long.MAX_VALUE);
      }
      long before = threads.getCurrentThreadAllocatedBytes();
      int calls = 10_000;
      for (int i = 0; i < calls; i++) {
        session.infer(inputs, Long.MAX_VALUE);
      }
      long perCall = (threads.getCurrentThreadAllocatedBytes() - before) / calls;
      // A record of two ints, before the compiler removes it.
      assertThat(perCall).isLessThanOrEqualTo(48);
    }
  }

  @Test
  void aFailedCallLeavesTheNextOneCorrect() {
    Golden golden = Golden.load("lgb-multiclass");
    try (TreeModel model = model("lgb-multiclass");
        TreeSession session = model.openSession()) {
      List<Tensor> two = List.of(rows("lgb-multiclass", 2));
      double[] expected = Tensors.doubles(session.infer(two, Long.MAX_VALUE).getFirst());
      Tensor many =
          Tensors.of(
              "input",
              DataType.FP32,
              600,
              golden.columns(),
              Arrays.copyOf(golden.input(), 600 * golden.columns()));
      refuses(session, many, System.nanoTime() - 1, ErrorCode.DEADLINE_EXCEEDED);
      Tensor again = session.infer(two, Long.MAX_VALUE).getFirst();
      assertThat(again.shape()).isEqualTo(Shape.of(2, 4));
      assertThat(again.byteLength()).isEqualTo(2 * 4 * 4);
      assertThat(Tensors.doubles(again)).isEqualTo(expected);
    }
  }

  @Test
  void inputsThatAreNotWhatTheSignatureSaysAreRefused() {
    try (TreeModel model = model("xgb-binary");
        TreeSession session = model.openSession()) {
      Tensor wide = Tensors.of("input", DataType.FP64, 1, 6, new float[6]);
      refuses(session, wide, Long.MAX_VALUE, ErrorCode.INFERENCE_FAILED);
      Tensor whole = rows("xgb-binary", 4);
      Tensor cut = new Tensor("input", DataType.FP32, Shape.of(5, 6), whole.data());
      refuses(session, cut, Long.MAX_VALUE, ErrorCode.INFERENCE_FAILED);
      Tensor narrow = Tensors.of("input", DataType.FP32, 1, 2, new float[2]);
      refuses(session, narrow, Long.MAX_VALUE, ErrorCode.VALUE_REJECTED);
    }
  }

  @Test
  void signaturesNameTensorsAndFeatures() {
    try (TreeModel model = model("xgb-json")) {
      assertThat(model.signature().inputs().getFirst().name()).isEqualTo("input");
      assertThat(model.signature().inputs().getFirst().shape()).isEqualTo(Shape.of(-1, 6));
      assertThat(model.signature().inputs().getFirst().fields().get(0).name()).isEqualTo("f0 x");
      assertThat(model.signature().outputs().getFirst().name()).isEqualTo("predict");
      assertThat(model.signature().outputs().getFirst().shape()).isEqualTo(Shape.of(-1, 1));
      assertThat(model.signature().isBatched()).isTrue();
      assertThat(model.memoryBytes()).isPositive();
    }
    try (TreeModel model = model("skl-forest-words")) {
      assertThat(model.signature().outputs().getFirst().datatype()).isEqualTo(DataType.BYTES);
    }
  }

  @Test
  void theContentDecidesTheEncoding() {
    Golden json = Golden.load("xgb-partition-json");
    assertThat(json.format()).isEqualTo(ArtifactFormat.XGBOOST_JSON);
    // Either extension may hold either encoding; the content decides.
    assertThat(TreeModelReader.read(ArtifactFormat.XGBOOST_UBJ, json.model()).trees())
        .hasSameSizeAs(TreeModelReader.read(json.format(), json.model()).trees());
  }
}
