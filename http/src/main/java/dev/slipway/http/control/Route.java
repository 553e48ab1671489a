package dev.slipway.http.control;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One operation of the control API.
 *
 * @param pattern segments of the path below {@code /api/v1/}; {@code {name}} stands for any one,
 *     and {@code {name...}} at the end for one or more
 */
record Route(String method, List<String> pattern, Action action) {
  /** What answers. */
  interface Action {
    /**
     * @param arguments what stands for the path's variable segments, in order
     */
    ControlResponse answer(ControlRequest request, List<String> arguments);
  }

  static Route of(String method, String pattern, Action action) {
    return new Route(method, List.of(pattern.split("/", -1)), action);
  }

  /** What stands for the variable segments; empty if the path is another. */
  Optional<List<String>> match(List<String> path) {
    boolean open = pattern.getLast().endsWith("...}");
    if (open ? path.size() < pattern.size() : path.size() != pattern.size()) {
      return Optional.empty();
    }
    List<String> arguments = new ArrayList<>();
    for (int i = 0; i < pattern.size(); i++) {
      if (open && i == pattern.size() - 1) {
        arguments.add(String.join("/", path.subList(i, path.size())));
      } else if (pattern.get(i).startsWith("{")) {
        arguments.add(path.get(i));
      } else if (!pattern.get(i).equals(path.get(i))) {
        return Optional.empty();
      }
    }
    return Optional.of(arguments);
  }
}
