/** Tests of what commands decide before they ask a server. */
@NullMarked
package dev.slipway.cli.command;

import org.jspecify.annotations.NullMarked;
