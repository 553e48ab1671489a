/**
 * Tests of the command line against a server in the test, and the generator of its reference page.
 */
@NullMarked
package dev.slipway.cli;

import org.jspecify.annotations.NullMarked;
