package dev.slipway.store.control;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The schema's history: files beside this class, in {@code migration/}. Those that were released
 * are never edited, only followed. SQL there is what SQLite and PostgreSQL both understand, but for
 * the types that {@link Dialect#placeholders} names.
 *
 * @param names in order; their versions count from 1 without a gap
 */
record MigrationFiles(List<String> names) {
  private static final Pattern NAME = Pattern.compile("V([1-9]\\d*)__\\w+\\.sql");
  private static final Pattern TABLE = Pattern.compile("^CREATE TABLE (\\w+)", Pattern.MULTILINE);

  /**
   * What this release knows. It is written down since looking for files on the class path would
   * cost every start; a test compares it with the files.
   */
  static final MigrationFiles RELEASED =
      new MigrationFiles(
          List.of(
              "V1__models_versions_deployments_and_their_history.sql",
              "V2__entries_of_the_audit_log.sql",
              "V3__experiments_runs_and_logged_models.sql",
              "V4__accounts_tokens_and_invitations.sql",
              "V5__promotions_evidence_and_policies.sql",
              "V6__webhooks.sql",
              "V7__what_accounts_ask_of_deployments.sql",
              "V8__which_promotions_wait_for_a_review.sql",
              "V9__references_and_cells.sql"));

  MigrationFiles {
    names = List.copyOf(names);
    for (int i = 0; i < names.size(); i++) {
      Matcher name = NAME.matcher(names.get(i));
      if (!name.matches() || Integer.parseInt(name.group(1)) != i + 1) {
        throw new IllegalArgumentException(
            "migration '%s' (expected: V%d__....sql)".formatted(names.get(i), i + 1));
      }
    }
  }

  /** Version of the schema after all of them. */
  int newest() {
    return names.size();
  }

  /** The first of them, which lead to this version. */
  MigrationFiles upTo(int version) {
    return new MigrationFiles(names.subList(0, version));
  }

  /** What a file says, with its placeholders. */
  String text(String name) {
    try (InputStream in = MigrationFiles.class.getResourceAsStream("migration/" + name)) {
      if (in == null) {
        throw new IllegalStateException("migration " + name + " is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("migration " + name, e);
    }
  }

  /** The tables of a schema. No migration has dropped or renamed one; a test would say so. */
  List<String> tables(int version) {
    return upTo(version).names.stream().flatMap(this::tables).toList();
  }

  private Stream<String> tables(String name) {
    return TABLE.matcher(text(name)).results().map((MatchResult found) -> found.group(1));
  }
}
