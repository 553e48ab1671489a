/** A running server with small models of known behaviour, for the tests of this module. */
@NullMarked
package dev.slipway.http.testing;

import org.jspecify.annotations.NullMarked;
