/** Real certificates for tests, made by the JDK's own tool. */
@NullMarked
package dev.slipway.testkit.tls;

import org.jspecify.annotations.NullMarked;
