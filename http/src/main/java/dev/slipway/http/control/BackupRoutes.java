package dev.slipway.http.control;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.core.identity.Action;
import dev.slipway.platform.backup.Backups;
import dev.slipway.platform.backup.Backups.Backup;
import dev.slipway.platform.backup.Backups.Taken;
import java.util.List;
import java.util.Map;

/** Backups below {@code /api/v1/backups}. They hold keys, so only administrators get them. */
final class BackupRoutes {
  private final Backups backups;

  BackupRoutes(Backups backups) {
    this.backups = backups;
  }

  List<Route> routes() {
    return List.of(
        Route.of("POST", "backups", Action.BACK_UP, this::create),
        Route.of("GET", "backups", Action.BACK_UP, this::list),
        Route.of("GET", "backups/{backup}", Action.BACK_UP, this::file));
  }

  private ControlResponse create(ControlRequest request, List<String> arguments) {
    Taken taken = backups.create(request.caller().principal());
    ObjectNode node = document(taken.backup());
    node.put("created_at", taken.createdAt().toString());
    node.put("has_database", taken.hasDatabase());
    node.put("has_artifacts", taken.hasArtifacts());
    node.put("schema_version", taken.schemaVersion());
    node.put("audit_size", taken.auditSize());
    node.put("files", taken.files());
    node.put("digest", taken.digest().value());
    return ControlJson.answer(200, node);
  }

  private ControlResponse list(ControlRequest request, List<String> arguments) {
    return ControlJson.answer(
        200, ControlJson.page(backups.backups().stream().map(BackupRoutes::document).toList(), ""));
  }

  private ControlResponse file(ControlRequest request, List<String> arguments) {
    return ControlResponse.ofFile(
        "application/zip", backups.file(arguments.getFirst()), Map.of("cache-control", "no-store"));
  }

  private static ObjectNode document(Backup backup) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("name", backup.name())
        .put("bytes", backup.bytes());
  }
}
