/**
 * The tamper-evident log. How bytes flow:
 *
 * <pre>
 * AuditEntry --canonical JSON--> leaf --SHA-256(0x00 || leaf)--> tile of level 0
 *                                  |                                 | 256 hashes make one of level 1
 *                                  v                                 v
 *                             entry bundle                     root of the tree
 *                                                                    |
 *            receipt  <--path of siblings--  checkpoint: origin, size, root; signed, cosigned
 * </pre>
 *
 * <ol>
 *   <li>{@code entry}: an {@link dev.slipway.core.audit.entry.AuditEntry} becomes bytes by {@code
 *       json}, RFC 8785, and is committed with the change it describes.
 *   <li>{@code log}: {@link dev.slipway.core.audit.log.Integration} says what to do next, {@link
 *       dev.slipway.core.audit.log.TileRows} turns leaves into {@code tile} files of the {@code
 *       tree} of RFC 6962.
 *   <li>{@code checkpoint}: the root is signed as a note; a {@code witness} elsewhere cosigns it if
 *       it continues what it saw before.
 *   <li>{@code receipt}: the proof of one entry, kept with what the entry allowed.
 *   <li>{@code verify}: the auditor's side, over any {@link
 *       dev.slipway.core.audit.tile.TileSource}.
 * </ol>
 *
 * Formats are those of c2sp.org (tlog-tiles, tlog-checkpoint, signed-note, tlog-cosignature,
 * tlog-witness, tlog-proof), so that any client of such logs reads ours. Everything here is pure.
 */
@NullMarked
package dev.slipway.core.audit;

import org.jspecify.annotations.NullMarked;
