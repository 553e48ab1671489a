package dev.slipway.store.control;

import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.audit.json.CanonicalJson;
import dev.slipway.core.audit.json.JsonValue;
import dev.slipway.core.audit.json.JsonValue.JsonObject;
import dev.slipway.core.audit.json.JsonValue.JsonString;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Digests of rows as they lie in the database, for the audit log: SHA-256 of the canonical JSON
 * (RFC 8785) of an object with one text per column. The columns of a form never change, so that a
 * digest made today can be compared for ever.
 */
final class StoredState {
  private static final List<String> VERSION_COLUMNS =
      List.of(
          "model",
          "version",
          "digest",
          "format",
          "primary_file",
          "signature",
          "settings",
          "description",
          "example_request",
          "size_bytes",
          "registered_micros");

  private StoredState() {}

  static ContentDigest ofVersion(ResultSet row) throws SQLException {
    Map<String, JsonValue> members = new TreeMap<>();
    for (String column : VERSION_COLUMNS) {
      members.put(column, new JsonString(row.getString(column)));
    }
    return ContentDigest.of(CanonicalJson.write(new JsonObject(members)));
  }
}
