package dev.slipway.bench.suite;

import java.io.IOException;

/** Measures one part of the table and adds its rows. */
interface Measurement {
  /**
   * @throws IOException if a server does not start, or answers with errors where none may come
   */
  void measure() throws IOException, InterruptedException;
}
