/** Reads protobuf messages without a schema, since foreign files are read here before all else. */
@NullMarked
package dev.slipway.core.protobuf;

import org.jspecify.annotations.NullMarked;
