/** What goes to stdout and stderr: formats, tables, progress, colour. Nothing here knows HTTP. */
@NullMarked
package dev.slipway.cli.output;

import org.jspecify.annotations.NullMarked;
