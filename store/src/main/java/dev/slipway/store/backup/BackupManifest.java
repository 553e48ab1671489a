package dev.slipway.store.backup;

import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.audit.json.CanonicalJson;
import dev.slipway.core.audit.json.JsonFields;
import dev.slipway.core.audit.json.JsonValue;
import dev.slipway.core.audit.json.JsonValue.JsonBoolean;
import dev.slipway.core.audit.json.JsonValue.JsonNumber;
import dev.slipway.core.audit.json.JsonValue.JsonObject;
import dev.slipway.core.audit.json.JsonValue.JsonString;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * What a backup holds; its last entry.
 *
 * @param createdAt when it was begun
 * @param hasDatabase whether the database is in it; one that is a server of its own is not
 * @param hasArtifacts whether the registered versions' artifacts are in it; those in a bucket are
 *     not
 * @param schemaVersion of the database
 * @param auditSize entries that the audit log had at least
 * @param files digest of each file, by its path in the data folder
 */
public record BackupManifest(
    Instant createdAt,
    boolean hasDatabase,
    boolean hasArtifacts,
    int schemaVersion,
    long auditSize,
    Map<String, ContentDigest> files) {
  /** Name of the entry. */
  static final String NAME = "manifest.json";

  private static final int VERSION = 1;

  public BackupManifest {
    files = Map.copyOf(files);
  }

  byte[] toBytes() {
    Map<String, JsonValue> digests = new HashMap<>();
    files.forEach((path, digest) -> digests.put(path, new JsonString(digest.value())));
    return CanonicalJson.write(
        new JsonObject(
            Map.of(
                "version", new JsonNumber(VERSION),
                "created_at", new JsonString(createdAt.toString()),
                "has_database", new JsonBoolean(hasDatabase),
                "has_artifacts", new JsonBoolean(hasArtifacts),
                "schema_version", new JsonNumber(schemaVersion),
                "audit_size", new JsonNumber(auditSize),
                "files", new JsonObject(digests))));
  }

  /** Names exactly this content. */
  public ContentDigest digest() {
    return ContentDigest.of(toBytes());
  }

  /**
   * @throws IllegalArgumentException if it is none, or of a newer release
   */
  static BackupManifest parse(byte[] bytes) {
    JsonFields fields = JsonFields.of("manifest", CanonicalJson.read(bytes));
    if (fields.whole("version") != VERSION) {
      throw new IllegalArgumentException(
          "manifest.version: %d (expected: %d)".formatted(fields.whole("version"), VERSION));
    }
    Map<String, ContentDigest> files = new HashMap<>();
    JsonFields digests = fields.fields("files");
    digests.names().forEach(path -> files.put(path, new ContentDigest(digests.string(path))));
    return new BackupManifest(
        fields.instant("created_at"),
        fields.members().get("has_database") instanceof JsonBoolean(boolean has) && has,
        // A release that knew no other place for them did not say so.
        !(fields.members().get("has_artifacts") instanceof JsonBoolean(boolean kept)) || kept,
        (int) fields.whole("schema_version"),
        fields.whole("audit_size"),
        files);
  }
}
