/** One class per command: options, the calls it makes, what it prints. */
@NullMarked
package dev.slipway.cli.command;

import org.jspecify.annotations.NullMarked;
