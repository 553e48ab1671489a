/** Makes V2 requests out of rows, CSV and examples, and rows out of V2 answers. */
@NullMarked
package dev.slipway.cli.predict;

import org.jspecify.annotations.NullMarked;
