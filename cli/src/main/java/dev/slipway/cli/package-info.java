/**
 * The command line. Start at {@link dev.slipway.cli.SlipwayCli}. It is a thin client: it knows the
 * control API and the V2 data plane by their documents, and never loads the server.
 */
@NullMarked
package dev.slipway.cli;

import org.jspecify.annotations.NullMarked;
