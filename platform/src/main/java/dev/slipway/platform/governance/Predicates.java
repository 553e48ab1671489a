package dev.slipway.platform.governance;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.slipway.core.audit.json.JsonValue;
import dev.slipway.core.audit.json.JsonValue.JsonArray;
import dev.slipway.core.audit.json.JsonValue.JsonBoolean;
import dev.slipway.core.audit.json.JsonValue.JsonNull;
import dev.slipway.core.audit.json.JsonValue.JsonNumber;
import dev.slipway.core.audit.json.JsonValue.JsonObject;
import dev.slipway.core.audit.json.JsonValue.JsonString;
import dev.slipway.core.governance.EnvironmentRules.Requirement;
import dev.slipway.core.governance.Evidence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The predicates of policies, in the Common Expression Language: typed, always terminating, without
 * access to anything but what it is given. Thread-safe.
 *
 * <p>An expression sees {@code evidence}, a map from a gate's name to its {@code verdict}, {@code
 * measurements} and {@code inputs}; {@code model} and {@code environment}, both strings; and {@code
 * version}, a whole number. It has to be a boolean. Numbers of measurements are doubles.
 */
public final class Predicates {
  private static final int CODE_POINTS_MAX = 4_000;
  private static final int DEPTH_MAX = 32;
  private static final int ITERATIONS_MAX = 100_000;

  private static final CelOptions OPTIONS =
      CelOptions.current()
          .maxExpressionCodePointSize(CODE_POINTS_MAX)
          .maxParseRecursionDepth(DEPTH_MAX)
          .comprehensionMaxIterations(ITERATIONS_MAX)
          .build();

  private final CelCompiler compiler =
      CelCompilerFactory.standardCelCompilerBuilder()
          .setOptions(OPTIONS)
          .addVar("evidence", MapType.create(SimpleType.STRING, SimpleType.DYN))
          .addVar("model", SimpleType.STRING)
          .addVar("version", SimpleType.INT)
          .addVar("environment", SimpleType.STRING)
          .setResultType(SimpleType.BOOL)
          .build();

  private final CelRuntime runtime =
      CelRuntimeFactory.standardCelRuntimeBuilder().setOptions(OPTIONS).build();

  /**
   * Looks for a mistake in an expression.
   *
   * @return in words, with the place; empty if there is none
   */
  public Optional<String> mistake(String expression) {
    try {
      compile(expression);
      return Optional.empty();
    } catch (CelValidationException e) {
      return Optional.of(String.valueOf(e.getMessage()).strip());
    } catch (CelEvaluationException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Which requirements the evidence does not fulfil. One that cannot be decided, for instance
   * because it asks for a gate that has not run, is not fulfilled.
   *
   * @param facts from {@link #facts}
   * @return in words, in the order of the requirements
   */
  public List<String> unmet(List<Requirement> requirements, Map<String, Object> facts) {
    List<String> unmet = new ArrayList<>();
    for (Requirement requirement : requirements) {
      String why;
      try {
        if (Boolean.TRUE.equals(compile(requirement.expression()).eval(facts))) {
          continue;
        }
        why = "";
      } catch (CelValidationException | CelEvaluationException e) {
        why = " (undecided: %s)".formatted(String.valueOf(e.getMessage()).strip());
      }
      unmet.add("%s: %s%s".formatted(requirement.name(), requirement.otherwise(), why));
    }
    return unmet;
  }

  /** What an expression sees. */
  public static Map<String, Object> facts(
      String model, int version, String environment, List<Evidence> evidence) {
    Map<String, Object> gates = new HashMap<>();
    for (Evidence one : evidence) {
      Map<String, Object> inputs = new HashMap<>();
      one.inputs().forEach((name, digest) -> inputs.put(name, digest.value()));
      gates.put(
          one.gate(),
          Map.of(
              "verdict", one.verdict().name(),
              "measurements", value(one.measurements()),
              "inputs", inputs));
    }
    return Map.of(
        "evidence", gates, "model", model, "version", (long) version, "environment", environment);
  }

  private static Object value(JsonValue json) {
    return switch (json) {
      case JsonNull() -> dev.cel.common.values.NullValue.NULL_VALUE;
      case JsonBoolean(boolean flag) -> flag;
      case JsonNumber(double number) -> number;
      case JsonString(String text) -> text;
      case JsonArray(List<JsonValue> elements) -> elements.stream().map(Predicates::value).toList();
      case JsonObject(Map<String, JsonValue> members) -> {
        Map<String, Object> values = new HashMap<>();
        members.forEach((name, member) -> values.put(name, value(member)));
        yield values;
      }
    };
  }

  private CelRuntime.Program compile(String expression)
      throws CelValidationException, CelEvaluationException {
    CelAbstractSyntaxTree tree = compiler.compile(expression).getAst();
    return runtime.createProgram(tree);
  }
}
