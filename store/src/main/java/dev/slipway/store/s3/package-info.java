/**
 * One prefix of one S3 bucket. A request reads its credentials from a file, is signed, and carries
 * at most one piece of {@link dev.slipway.store.s3.S3Bucket#PIECE_BYTES} bytes, so that a time
 * limit bounds it and memory stays constant whatever the size of a file. Start at {@link
 * dev.slipway.store.s3.S3Bucket}. Only this package knows the client library, which is loaded when
 * the first bucket is opened.
 */
@NullMarked
package dev.slipway.store.s3;

import org.jspecify.annotations.NullMarked;
