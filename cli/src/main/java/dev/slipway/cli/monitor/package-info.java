/**
 * Comparing two files without a server: {@link dev.slipway.cli.monitor.DriftJson} turns what {@code
 * core.drift} finds into documents, {@link dev.slipway.cli.monitor.DriftHtml} into a page.
 */
@NullMarked
package dev.slipway.cli.monitor;

import org.jspecify.annotations.NullMarked;
