package dev.slipway.http.control.signin;

import dev.slipway.http.control.ControlResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** A plain page, in which nothing runs and which no other page can show within itself. */
final class Page {
  private static final Map<String, String> HEADERS =
      Map.of(
          "content-security-policy",
          "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
          "x-content-type-options",
          "nosniff",
          // With no-referrer, browsers would not say that the form is of this page.
          "referrer-policy",
          "same-origin",
          "cache-control",
          "no-store");

  private Page() {}

  /**
   * @param title a text
   * @param body HTML, in which others' texts are {@link #escaped}
   */
  static ControlResponse of(int status, String title, String body) {
    String html =
        """
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><title>%s - Slipway</title></head>
        <body>
        <h1>%s</h1>
        %s
        </body>
        </html>
        """
            .formatted(escaped(title), escaped(title), body);
    return new ControlResponse(
        status, "text/html; charset=utf-8", html.getBytes(StandardCharsets.UTF_8), HEADERS);
  }

  /** Sends the browser elsewhere, by a GET. */
  static ControlResponse redirect(String location, String cookie) {
    Map<String, String> headers = new HashMap<>(HEADERS);
    headers.put("location", location);
    headers.put("referrer-policy", "no-referrer");
    headers.put("set-cookie", cookie);
    return new ControlResponse(303, "text/plain; charset=utf-8", new byte[0], headers);
  }

  /** The same, and the browser keeps or forgets a cookie. */
  static ControlResponse with(ControlResponse page, String cookie) {
    Map<String, String> headers = new HashMap<>(page.headers());
    headers.put("set-cookie", cookie);
    return new ControlResponse(page.status(), page.contentType(), page.body(), headers);
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
