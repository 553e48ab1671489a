/**
 * What the plane serves, in the words of the V2 protocol: metadata, configuration, statistics and
 * the repository index. REST and gRPC both answer from {@link
 * dev.slipway.http.catalog.ModelCatalog}.
 */
@NullMarked
package dev.slipway.http.catalog;

import org.jspecify.annotations.NullMarked;
