/** HTTP to the server: the control API and V2 REST, and how their errors become exit codes. */
@NullMarked
package dev.slipway.cli.client;

import org.jspecify.annotations.NullMarked;
