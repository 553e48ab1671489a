/**
 * The auditor's offline tools: {@link dev.slipway.cli.audit.AuditFiles} reads what an auditor
 * brings, {@link dev.slipway.cli.audit.WitnessServer} is a witness over HTTP. No server of Slipway
 * is asked for anything.
 */
@NullMarked
package dev.slipway.cli.audit;

import org.jspecify.annotations.NullMarked;
