package dev.slipway.serving.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.BatchSettings;
import dev.slipway.core.model.EngineSettings;
import dev.slipway.core.model.EngineSettings.Scheduling;
import dev.slipway.core.model.ExecutionProvider;
import dev.slipway.core.model.ModelSettings;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.serving.testing.RowEngine;
import dev.slipway.serving.testing.Versions;
import java.util.List;
import org.junit.jupiter.api.Test;

class EngineSelectorTest {
  private final RowEngine slow = new RowEngine("slow");
  private final RowEngine fast = new RowEngine("fast");
  private final WarmUp warmUp = new WarmUp(version -> List.of());
  private final EngineSelector selector = new EngineSelector(List.of(slow, fast), warmUp);

  EngineSelectorTest() {
    slow.beforeRun =
        rows -> {
          long end = System.nanoTime() + 300_000;
          while (System.nanoTime() < end) {
            Thread.onSpinWait();
          }
        };
  }

  @Test
  void theFasterOfTwoWinsAndIsRemembered() {
    EngineSelector.Selected selected = load(Versions.version("m", 1));
    assertThat(selected.engine()).isEqualTo("fast");
    assertThat(selected.cost().singleNanos()).isPositive().isLessThan(300_000);
    assertThat(slow.modelsOpen).as("the loser is closed").hasValue(0);
    selected.model().close();
    load(Versions.version("m", 1)).model().close();
    assertThat(slow.loads).hasValue(1);
    assertThat(fast.loads).hasValue(2);
    assertThat(fast.modelsOpen).hasValue(0);
  }

  @Test
  void theEngineThatTheSettingsNameIsTaken() {
    EngineSelector.Selected selected = load(on("slow"));
    assertThat(selected.engine()).isEqualTo("slow");
    assertThat(fast.loads).hasValue(0);
    selected.model().close();
    assertThatThrownBy(() -> load(on("gpu")))
        .hasMessage("engine: gpu (expected: auto or one of [slow, fast])");
  }

  @Test
  void anEngineThatCannotLoadItDropsOut() {
    fast.beforeLoad =
        () -> {
          throw new SlipwayException(ErrorCode.FORMAT_UNSUPPORTED, "operator Foo");
        };
    EngineSelector.Selected selected = load(Versions.version("m", 1));
    assertThat(selected.engine()).isEqualTo("slow");
    selected.model().close();
  }

  @Test
  void aMissingDeviceIsARefusalAndNotAReasonToTakeAnotherEngine() {
    fast.beforeLoad =
        () -> {
          throw new SlipwayException(ErrorCode.DEVICE_UNAVAILABLE, "no cuda here");
        };
    assertThatThrownBy(() -> load(Versions.version("m", 1))).hasMessage("no cuda here");
    assertThat(slow.modelsOpen).as("nothing stays open").hasValue(0);
  }

  @Test
  void ifNoneCanLoadItTheFirstReasonIsGivenWithTheOthers() {
    fast.beforeLoad =
        slow.beforeLoad =
            () -> {
              throw new SlipwayException(ErrorCode.FORMAT_UNSUPPORTED, "operator Foo");
            };
    assertThatThrownBy(() -> load(Versions.version("m", 1)))
        .hasMessage("operator Foo")
        .satisfies(failure -> assertThat(failure.getSuppressed()).hasSize(1));
  }

  @Test
  void aModelThatOneEngineFindsBrokenIsNotShownToTheNext() {
    slow.beforeLoad = EngineSelectorTest::corrupt;
    fast.beforeLoad =
        () -> {
          throw new AssertionError("a broken model reached the next engine");
        };
    assertThatThrownBy(() -> load(Versions.version("m", 1))).hasMessage("corrupt");
  }

  @Test
  void aModelThatRefusesMadeUpValuesIsStillLoaded() {
    fast.beforeRun =
        slow.beforeRun =
            rows -> {
              throw new SlipwayException(ErrorCode.VALUE_REJECTED, "unknown token");
            };
    EngineSelector.Selected selected = load(Versions.version("m", 1));
    assertThat(selected.cost()).isEqualTo(MeasuredCost.UNKNOWN);
    selected.model().close();
    assertThat(fast.modelsOpen.get() + slow.modelsOpen.get()).isZero();
  }

  @Test
  void aModelThatFailsOtherwiseAtWarmUpIsRefusedAndClosed() {
    fast.beforeRun =
        slow.beforeRun =
            rows -> {
              throw new SlipwayException(ErrorCode.UPSTREAM_FAILED, "nobody there");
            };
    assertThatThrownBy(() -> load(Versions.version("m", 1))).hasMessage("nobody there");
    assertThat(fast.modelsOpen.get() + slow.modelsOpen.get()).isZero();
    assertThat(fast.sessionsOpen.get() + slow.sessionsOpen.get()).isZero();
  }

  private static void corrupt() {
    throw new SlipwayException(ErrorCode.MODEL_INVALID, "corrupt");
  }

  private EngineSelector.Selected load(ModelVersion version) {
    return selector.load(version, Versions.ARTIFACTS.artifact(version), MeasuredCost.UNKNOWN);
  }

  private static ModelVersion on(String engine) {
    return Versions.version(
        "m",
        1,
        new ModelSettings(
            new EngineSettings(engine, ExecutionProvider.CPU, 1, 0, Scheduling.AUTO),
            BatchSettings.DEFAULT,
            false));
  }
}
