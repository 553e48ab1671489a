package dev.slipway.bench.suite;

import java.util.List;

/**
 * Another server under the same load.
 *
 * @param name what bench/peers/run starts
 * @param v2Body whether it takes V2 bodies; BentoML takes {@code {"rows": [[...]]}}
 */
record Peer(String name, int port, boolean v2Body) {
  static final String PATH = "/v2/models/fraud/infer";

  static final List<Peer> ALL =
      List.of(
          new Peer("fastapi", 18_090, true),
          new Peer("mlserver", 18_091, true),
          new Peer("bentoml", 18_092, false),
          new Peer("litserve", 18_093, true));
}
