/**
 * The REST data plane: Open Inference Protocol V2, KServe V1 and the server's own documents. Start
 * at {@link dev.slipway.http.rest.RestRoute}, the table of all paths; inference itself is {@code
 * InferCall}.
 */
@NullMarked
package dev.slipway.http.rest;

import org.jspecify.annotations.NullMarked;
