package dev.slipway.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.cli.output.Json;

/**
 * The result of one check.
 *
 * @param where {@code local} or {@code server}
 * @param status {@code ok}, {@code warning} or {@code failed}
 * @param mend what to do; empty if nothing is to be done
 */
public record Check(String where, String name, String status, String detail, String mend) {
  static Check ok(String name, String detail) {
    return new Check("local", name, "ok", detail, "");
  }

  static Check warning(String name, String detail, String mend) {
    return new Check("local", name, "warning", detail, mend);
  }

  static Check failed(String name, String detail, String mend) {
    return new Check("local", name, "failed", detail, mend);
  }

  public boolean isFailed() {
    return status.equals("failed");
  }

  /** As it is printed. */
  public JsonNode toJson() {
    return Json.mapper()
        .createObjectNode()
        .put("where", where)
        .put("name", name)
        .put("status", status)
        .put("detail", detail)
        .put("mend", mend);
  }
}
