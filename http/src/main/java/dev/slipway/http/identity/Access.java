package dev.slipway.http.identity;

import dev.slipway.core.identity.Authenticator;
import java.time.InstantSource;

/**
 * Who gets in.
 *
 * @param authenticator knows the holders of credentials
 * @param localCaller whether a caller on the loopback needs none, and is {@code local}
 * @param clock tells whether credentials have expired
 */
public record Access(Authenticator authenticator, boolean localCaller, InstantSource clock) {}
