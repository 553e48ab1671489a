/**
 * What {@code slipway ci check} leaves for other tools: JUnit XML for the test report of a
 * pipeline, SARIF for code scanning, Markdown for people. All are written from one {@link
 * dev.slipway.cli.report.CheckReport}; its texts come from files that anybody may have proposed, so
 * each format escapes what it takes.
 */
@NullMarked
package dev.slipway.cli.report;

import org.jspecify.annotations.NullMarked;
