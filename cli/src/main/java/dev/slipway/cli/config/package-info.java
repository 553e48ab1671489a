/** Where a setting comes from: flag, environment, project file, context, user file, default. */
@NullMarked
package dev.slipway.cli.config;

import org.jspecify.annotations.NullMarked;
