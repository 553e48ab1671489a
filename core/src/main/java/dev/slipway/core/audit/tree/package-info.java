/**
 * The Merkle tree of RFC 6962 and RFC 9162, section 2.1: hashes, roots and proofs, over nodes that
 * any {@link dev.slipway.core.audit.tree.NodeSource} provides. Nothing here knows files or keys.
 */
@NullMarked
package dev.slipway.core.audit.tree;

import org.jspecify.annotations.NullMarked;
