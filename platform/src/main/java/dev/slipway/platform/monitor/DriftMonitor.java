package dev.slipway.platform.monitor;

import dev.slipway.core.drift.AlertRule;
import dev.slipway.core.drift.cell.CellCounts;
import dev.slipway.core.drift.cell.DriftReport;
import dev.slipway.core.drift.cell.FrozenReference;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.Deployment;
import dev.slipway.core.model.ModelRef;
import dev.slipway.store.control.ControlStore;
import dev.slipway.store.control.ControlView;
import dev.slipway.store.monitor.CellTable;
import dev.slipway.store.monitor.ReferenceTable;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Compares what deployments were asked and answered with their versions' references. */
public final class DriftMonitor {
  private static final int PAGE = 200;

  private final ControlStore store;
  private final AlertRule rule;
  private final InstantSource clock;

  public DriftMonitor(ControlStore store, AlertRule rule, InstantSource clock) {
    this.store = store;
    this.rule = rule;
    this.clock = clock;
  }

  /**
   * A deployment's version in a window.
   *
   * @param until end of the latest window
   */
  public record Watched(
      String deployment,
      ModelRef version,
      FrozenReference reference,
      WindowLength window,
      Instant until,
      DriftReport report) {}

  /**
   * Compares the latest windows.
   *
   * @param version number; 0 is the one that serves
   * @param at the latest window that is over then; null means the one that is under way
   * @throws SlipwayException NOT_FOUND if there is no such deployment or version, or the version
   *     has no reference; BAD_REQUEST if windows so short are not kept so long
   */
  public Watched watch(String deployment, int version, WindowLength window, @Nullable Instant at) {
    Instant now = clock.instant();
    Instant until = at == null ? window.presentEnd(now) : window.latestEnd(at, now, rule.windows());
    return store.read(
        view -> {
          Deployment found =
              view.deployment(deployment)
                  .orElseThrow(
                      () ->
                          new SlipwayException(
                              ErrorCode.NOT_FOUND,
                              "deployment '%s' does not exist".formatted(deployment)));
          ModelRef ref = version == 0 ? found.currentRef() : new ModelRef(found.model(), version);
          FrozenReference reference =
              new ReferenceTable(view.sql())
                  .find(ref)
                  .orElseThrow(() -> missing(view, ref))
                  .frozen();
          return watched(view, deployment, ref, reference, window, until);
        });
  }

  private static SlipwayException missing(ControlView view, ModelRef ref) {
    return new SlipwayException(
        ErrorCode.NOT_FOUND,
        view.version(ref).isPresent()
            ? "%s has no reference (expected: slipway monitor reference %s --data FILE)"
                .formatted(ref, ref)
            : "%s is not registered".formatted(ref));
  }

  /** Every deployment whose version has a reference, in the window that is over now. */
  public List<Watched> watchAll(WindowLength window) {
    Instant until = window.latestEnd(clock.instant(), clock.instant(), rule.windows());
    List<Watched> all = new ArrayList<>();
    String after = "";
    while (true) {
      String from = after;
      List<Deployment> page = store.read(view -> view.deployments(from, PAGE));
      for (Deployment deployment : page) {
        watched(deployment, window, until).ifPresent(all::add);
      }
      if (page.size() < PAGE) {
        return all;
      }
      after = page.getLast().name();
    }
  }

  private Optional<Watched> watched(Deployment deployment, WindowLength window, Instant until) {
    ModelRef ref = deployment.currentRef();
    return store.read(
        view ->
            new ReferenceTable(view.sql())
                .find(ref)
                .map(row -> watched(view, deployment.name(), ref, row.frozen(), window, until)));
  }

  private Watched watched(
      ControlView view,
      String deployment,
      ModelRef ref,
      FrozenReference reference,
      WindowLength window,
      Instant until) {
    CellTable table = new CellTable(view.sql());
    List<CellCounts> windows = new ArrayList<>();
    for (int i = rule.windows() - 1; i >= 0; i--) {
      Instant to = until.minus(window.length().multipliedBy(i));
      CellCounts[] sum = {reference.reference().none()};
      table.each(
          deployment,
          ref,
          reference.digest(),
          to.minus(window.length()),
          to,
          cell -> sum[0] = sum[0].plus(cell.counts()));
      windows.add(sum[0]);
    }
    return new Watched(
        deployment,
        ref,
        reference,
        window,
        until,
        DriftReport.of(reference.reference(), windows, rule));
  }
}
