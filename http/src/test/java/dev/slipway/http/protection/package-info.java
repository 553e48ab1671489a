@NullMarked
package dev.slipway.http.protection;

import org.jspecify.annotations.NullMarked;
