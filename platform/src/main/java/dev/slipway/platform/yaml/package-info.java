/**
 * YAML as people write it: read key by key with messages that name the line, or turned into the
 * JSON that it means. Nothing is ever constructed from a tag.
 */
@NullMarked
package dev.slipway.platform.yaml;

import org.jspecify.annotations.NullMarked;
