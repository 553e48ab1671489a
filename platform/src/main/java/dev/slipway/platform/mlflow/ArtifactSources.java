package dev.slipway.platform.mlflow;

import dev.slipway.core.artifact.ArtifactPath;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ModelRef;
import dev.slipway.core.model.VersionCard;
import dev.slipway.platform.tracking.LoggedModels;
import dev.slipway.platform.tracking.Runs;
import dev.slipway.store.control.ControlView;
import dev.slipway.store.registry.RegistryTables;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the files of a version come from. Only what lies here can be named; no address that a
 * caller gives is ever fetched.
 */
final class ArtifactSources {
  private static final Pattern FORM = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):/*(.*)");
  private static final Pattern LOGGED = Pattern.compile("(m-[0-9a-f]{32})(?:/(.*))?");
  private static final Pattern NUMBERED = Pattern.compile("([^/@]+)/([1-9][0-9]{0,8})");
  private static final Pattern ALIASED = Pattern.compile("([^/@]+)@([^/@]+)");

  private ArtifactSources() {}

  /**
   * The artifacts that a source names; they may not exist.
   *
   * @throws SlipwayException BAD_REQUEST for another scheme, a host, or a path that climbs;
   *     NOT_FOUND if the run or the model that it names does not exist
   */
  static ArtifactPath resolve(ControlView view, String source) {
    Matcher form = FORM.matcher(source);
    if (!form.matches()) {
      throw refused(source);
    }
    String rest = decode(source, form.group(2));
    return switch (form.group(1)) {
      case "mlflow-artifacts" -> {
        if (source.startsWith("mlflow-artifacts://")
            && !source.startsWith("mlflow-artifacts:///")) {
          throw refused(source);
        }
        yield ArtifactPath.parse(trimmed(rest));
      }
      case "runs" -> {
        int slash = rest.indexOf('/');
        String id = slash < 0 ? rest : rest.substring(0, slash);
        ArtifactPath root = own(source, Runs.require(view, id).artifactUri());
        yield root.resolve(ArtifactPath.parse(slash < 0 ? "" : trimmed(rest.substring(slash + 1))));
      }
      case "models" -> model(view, source, trimmed(rest));
      default -> throw refused(source);
    };
  }

  private static ArtifactPath model(ControlView view, String source, String name) {
    Matcher logged = LOGGED.matcher(name);
    if (logged.matches()) {
      ArtifactPath root = own(source, LoggedModels.require(view, logged.group(1)).artifactUri());
      String below = logged.group(2);
      return root.resolve(ArtifactPath.parse(below == null ? "" : below));
    }
    RegistryTables tables = new RegistryTables(view.sql());
    Matcher numbered = NUMBERED.matcher(name);
    if (numbered.matches()) {
      return frozen(
          tables, new ModelRef(numbered.group(1), Integer.parseInt(numbered.group(2))), source);
    }
    Matcher aliased = ALIASED.matcher(name);
    if (aliased.matches()) {
      ModelRef ref =
          tables
              .aliased(aliased.group(1), aliased.group(2))
              .orElseThrow(
                  () ->
                      new SlipwayException(
                          ErrorCode.NOT_FOUND, "source: no alias '%s'".formatted(source)));
      return frozen(tables, ref, source);
    }
    throw refused(source);
  }

  private static ArtifactPath frozen(RegistryTables tables, ModelRef ref, String source) {
    VersionCard card =
        tables
            .version(ref)
            .orElseThrow(
                () ->
                    new SlipwayException(
                        ErrorCode.NOT_FOUND, "source: no version '%s'".formatted(source)))
            .card();
    return card.digest().isEmpty()
        ? ArtifactPath.ROOT
        : own(source, VersionCard.FROZEN + card.digest().substring("sha256:".length()));
  }

  /** The path of a URI that this server made, or that an experiment was given. */
  private static ArtifactPath own(String source, String uri) {
    String scheme = "mlflow-artifacts:/";
    if (!uri.startsWith(scheme)) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "source: '%s' lies at %s (expected: artifacts that this server keeps)"
              .formatted(source, uri));
    }
    return ArtifactPath.parse(trimmed(uri.substring(scheme.length())));
  }

  /** Once, and no further: what is still encoded then is a name like any other. */
  private static String decode(String source, String path) {
    try {
      return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw refused(source);
    }
  }

  private static String trimmed(String path) {
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  private static SlipwayException refused(String source) {
    return new SlipwayException(
        ErrorCode.BAD_REQUEST,
        "Invalid model version source: '%s' (expected: mlflow-artifacts:/PATH, runs:/RUN/PATH,"
                .formatted(source.length() > 500 ? source.substring(0, 500) + "..." : source)
            + " models:/m-ID, models:/NAME/VERSION or models:/NAME@ALIAS)");
  }
}
