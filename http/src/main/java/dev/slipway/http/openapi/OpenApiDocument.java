package dev.slipway.http.openapi;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Reads the OpenAPI 3.1 document. */
public final class OpenApiDocument {
  private static final String RESOURCE = "openapi.json";
  private static final String VERSION_PLACE = "${version}";

  private OpenApiDocument() {}

  /**
   * The document in UTF-8.
   *
   * @param version of the server
   */
  public static byte[] json(String version) {
    try (InputStream in = OpenApiDocument.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("resource missing: " + RESOURCE);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .replace(VERSION_PLACE, version)
          .getBytes(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("resource not readable: " + RESOURCE, e);
    }
  }
}
