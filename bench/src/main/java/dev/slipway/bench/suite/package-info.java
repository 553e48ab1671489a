/**
 * The published table: every row is measured in one run on one machine, against the floor of the
 * same run, alternating. Start at {@link dev.slipway.bench.suite.SuiteCommand}.
 */
@NullMarked
package dev.slipway.bench.suite;

import org.jspecify.annotations.NullMarked;
