/**
 * Durable state. {@link dev.slipway.store.data.DataFolder} is the folder that one server owns,
 * {@link dev.slipway.store.blob.BlobStore} keeps artifacts by content, and {@link
 * dev.slipway.store.control.ControlStore} keeps what the control plane decided. Nothing here
 * decides anything.
 */
@NullMarked
package dev.slipway.store;

import org.jspecify.annotations.NullMarked;
