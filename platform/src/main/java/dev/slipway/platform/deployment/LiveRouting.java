package dev.slipway.platform.deployment;

import dev.slipway.core.routing.RoutingTable;
import dev.slipway.serving.ServedVariant;
import java.util.Optional;
import java.util.Set;

/** What deployments need of the serving plane. Thread-safe. */
public interface LiveRouting {
  /**
   * Loads and warms what {@code table} needs, beside what answers now.
   *
   * @param wanted deployments that are loaded even if an operator has unloaded them
   * @throws dev.slipway.core.error.SlipwayException if a version cannot be loaded; what answers now
   *     still does
   */
  PreparedRouting prepare(RoutingTable table, Set<String> wanted);

  /** How a version is being served; empty if no table that is live names it. */
  Optional<ServedVariant> variant(String deployment, int version);

  /** A table that is loaded and not live yet. */
  interface PreparedRouting extends AutoCloseable {
    /**
     * Makes the table live.
     *
     * @throws dev.slipway.core.error.SlipwayException only if the serving plane is going down
     */
    void flip();

    /** Gives up what is held beside the live table. */
    @Override
    void close();
  }
}
