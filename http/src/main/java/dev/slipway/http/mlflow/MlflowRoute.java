package dev.slipway.http.mlflow;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One operation of the API.
 *
 * @param pattern segments of the path below {@code /api/2.0/mlflow/}; {@code {name}} stands for any
 *     one
 */
record MlflowRoute(String method, List<String> pattern, Operation operation) {
  /** What answers. */
  interface Operation {
    /** The fields of the answer. */
    ObjectNode answer(MlflowCall call);
  }

  static MlflowRoute get(String pattern, Operation operation) {
    return of("GET", pattern, operation);
  }

  static MlflowRoute post(String pattern, Operation operation) {
    return of("POST", pattern, operation);
  }

  static MlflowRoute patch(String pattern, Operation operation) {
    return of("PATCH", pattern, operation);
  }

  static MlflowRoute delete(String pattern, Operation operation) {
    return of("DELETE", pattern, operation);
  }

  private static MlflowRoute of(String method, String pattern, Operation operation) {
    return new MlflowRoute(method, List.of(pattern.split("/", -1)), operation);
  }

  /** What stands for the variable segments; empty if the path is another. */
  Optional<List<String>> match(List<String> path) {
    if (path.size() != pattern.size()) {
      return Optional.empty();
    }
    List<String> arguments = new ArrayList<>();
    for (int i = 0; i < path.size(); i++) {
      if (pattern.get(i).startsWith("{")) {
        arguments.add(path.get(i));
      } else if (!pattern.get(i).equals(path.get(i))) {
        return Optional.empty();
      }
    }
    return Optional.of(arguments);
  }
}
