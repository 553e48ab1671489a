/**
 * The serving plane: routes, validates, batches, runs and counts. It touches no database and knows
 * no HTTP type. Start at {@link dev.slipway.serving.ServingPlane}; an adapter opens one {@link
 * dev.slipway.serving.ServingLoop} per event loop.
 *
 * <p>The flow of a request, all on its event loop's thread but the run itself where a model is
 * slow:
 *
 * <ol>
 *   <li><b>submit</b>: the adapter has decoded it into buffers of the loop's own pool.
 *   <li><b>admit</b>: refused if the server shuts down, too many are in flight, or its deadline has
 *       passed, in which case it is never run.
 *   <li><b>route</b>: the deployment by name; a pinned version must be live; else the routing key
 *       decides.
 *   <li><b>validate</b>: names, datatypes, shapes and values ({@code validation}); the inputs are
 *       put into the signature's order.
 *   <li><b>cache</b>: where the version allows it, an equal request is answered at once ({@code
 *       cache}).
 *   <li><b>schedule</b>: at once, at the end of the loop's pass, or on a worker, as measurements
 *       say ({@code batching}); a full queue or a wait past the deadline is an answer, at once. If
 *       the model is not in memory the request waits for it ({@code pool}).
 *   <li><b>infer</b>: rows of several requests are joined by copying bytes; a lone request is run
 *       as it is.
 *   <li><b>scatter</b>: each request gets slices of the outputs, by {@link
 *       dev.slipway.serving.InferenceListener}; if a joined run fails, its requests run one by one.
 *   <li><b>release</b>: the buffers go back to the pool.
 * </ol>
 *
 * <p>A change of the routing table never fails a request: an accepted one is finished by the
 * variant that accepted it, which is unloaded afterwards.
 */
@NullMarked
package dev.slipway.serving;

import org.jspecify.annotations.NullMarked;
