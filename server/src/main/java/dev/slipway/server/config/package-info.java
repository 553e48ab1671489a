/**
 * Everything an operator can set on the server, in one list: {@link
 * dev.slipway.server.config.ServerSetting}. Bad values refuse to start.
 */
@NullMarked
package dev.slipway.server.config;

import org.jspecify.annotations.NullMarked;
