package dev.slipway.protocol.rest;

import dev.slipway.core.inference.RequestedOutput;
import java.util.List;

/**
 * How a caller wants its answer written.
 *
 * @param outputs requested outputs; empty means all, as the model gives them
 * @param binary whether outputs that do not say otherwise are binary
 * @param nonFiniteAsStrings whether NaN and infinities are answered as the strings "NaN",
 *     "Infinity" and "-Infinity", because the request itself used them; otherwise they make the
 *     answer an error, since JSON has no numbers for them
 */
public record ResponseForm(
    List<RequestedOutput> outputs, boolean binary, boolean nonFiniteAsStrings) {
  /** All outputs, as JSON. */
  public static final ResponseForm JSON = new ResponseForm(List.of(), false, false);
}
