package dev.slipway.core.drift.cell;

import dev.slipway.core.drift.AlertRule;
import dev.slipway.core.drift.BinCounts;
import dev.slipway.core.drift.FeatureDrift;
import java.util.ArrayList;
import java.util.List;

/**
 * How far what was answered lies from a version's reference.
 *
 * @param rows in the latest window
 * @param fields in the order of the reference's
 */
public record DriftReport(long rows, List<Field> fields) {
  public DriftReport {
    fields = List.copyOf(fields);
  }

  /**
   * One value of requests or answers.
   *
   * @param current its counts in the latest window
   * @param windows those that the alert rule looks at, the latest last
   * @param alert whether a person should hear of it
   */
  public record Field(
      FieldReference field, BinCounts current, List<Window> windows, boolean alert) {
    public Field {
      windows = List.copyOf(windows);
    }

    /** The latest window. */
    public Window latest() {
      return windows.getLast();
    }
  }

  /**
   * One value in one window.
   *
   * @param rows with or without the value
   * @param psi against the reference; 0 where there are no rows
   * @param bound that it has to exceed; the configured one where there are no rows
   */
  public record Window(long rows, double psi, double bound) {
    public boolean exceeds() {
      return psi > bound;
    }
  }

  /**
   * Compares windows with a reference.
   *
   * @param windows counted on its bins, the latest last, at least one
   * @throws IllegalArgumentException if one was counted on others
   */
  public static DriftReport of(
      VersionReference reference, List<CellCounts> windows, AlertRule rule) {
    List<Field> fields = new ArrayList<>();
    for (int i = 0; i < reference.fields().size(); i++) {
      FieldReference field = reference.fields().get(i);
      List<Window> judged = new ArrayList<>();
      for (CellCounts window : windows) {
        judged.add(window(field, window.fields().get(i), rule));
      }
      fields.add(
          new Field(
              field,
              windows.getLast().fields().get(i),
              judged,
              rule.alerts(judged.stream().map(Window::exceeds).toList())));
    }
    return new DriftReport(windows.getLast().rows(), fields);
  }

  private static Window window(FieldReference field, BinCounts counts, AlertRule rule) {
    long rows = counts.total();
    return rows == 0
        ? new Window(0, 0, rule.effectMin())
        : new Window(
            rows,
            FeatureDrift.of(field.reference(), counts).psi(),
            rule.bound(field.windows(), rows));
  }

  /** The fields that a person should hear of. */
  public List<Field> alerts() {
    return fields.stream().filter(Field::alert).toList();
  }
}
