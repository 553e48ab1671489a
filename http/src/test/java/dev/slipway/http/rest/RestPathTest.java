package dev.slipway.http.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RestPathTest {
  @ParameterizedTest
  @CsvSource({
    "/,ALIVE,'',0",
    "http://h:1/,ALIVE,'',0",
    "/v2,SERVER_METADATA,'',0",
    "/v2/,SERVER_METADATA,'',0",
    "/v2?a=b,SERVER_METADATA,'',0",
    "http://h:1/v2/health/live,HEALTH_LIVE,'',0",
    "/v2/health/ready/,HEALTH_READY,'',0",
    "/v2/models/m,MODEL_METADATA,m,0",
    "/v2/models/m/infer,INFER,m,0",
    "/v2/models/m/infer?x,INFER,m,0",
    "/v2/models/m/versions/12,MODEL_METADATA,m,12",
    "/v2/models/m/versions/12/infer,INFER,m,12",
    "/v2/models/versions,MODEL_METADATA,versions,0",
    "/v2/models/versions/infer,INFER,versions,0",
    "/v2/models/versions/versions/3/ready,MODEL_READY,versions,3",
    "/v2/models/infer/infer,INFER,infer,0",
    "/v2/models/stats,ALL_STATISTICS,'',0",
    "/v2/models/stats/stats,MODEL_STATISTICS,stats,0",
    "/v2/models/m/versions/1/config,MODEL_CONFIG,m,1",
    "/v2/models/a%2Fb/infer,INFER,a/b,0",
    "/v2/models/a+b/infer,INFER,a+b,0",
    "/v2/repository/index,REPOSITORY_INDEX,'',0",
    "/v2/repository/models/m/load,REPOSITORY_LOAD,m,0",
    "/v2/repository/models/m/unload,REPOSITORY_UNLOAD,m,0",
    "/v1/models/m:predict,V1_PREDICT,m,0",
    "/v1/models/m%3Apredict,V1_PREDICT,m,0",
    "/v1/models/m,V1_MODEL,m,0",
    "/metrics,METRICS,'',0",
    "/openapi.json,OPENAPI,'',0",
  })
  void aPathLeadsToItsRoute(String target, RestRoute route, String model, int version) {
    assertThat(RestPath.parse(target)).isEqualTo(new RestPath(route, model, version));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/x",
        "*",
        "v2",
        "/v3",
        "/v2/models",
        "/v2/models/",
        "/v2/models//infer",
        "/v2/models/m/versions",
        "/v2/models/m/versions/",
        "/v2/models/m/versions/0",
        "/v2/models/m/versions/-1",
        "/v2/models/m/versions/1x/infer",
        "/v2/models/m/versions/9999999999/infer",
        "/v2/models/m/versions/1/infer/more",
        "/v2/models/m/other",
        "/v2/repository/models/m",
        "/v2/repository/models//load",
        "/v1/models/:predict",
        "/v1/models/a/b:predict",
        "http://host",
      })
  void everythingElseLeadsNowhere(String target) {
    assertThat(RestPath.parse(target)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v2/models/%/infer", "/v2/models/%4/infer", "/v2/models/%4g"})
  void brokenQuotingIsABadRequest(String target) {
    assertThatThrownBy(() -> RestPath.parse(target))
        .isInstanceOfSatisfying(
            SlipwayException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST));
  }

  @Property(tries = 500)
  void anyNameSurvivesQuoting(@ForAll @StringLength(min = 1, max = 20) String name) {
    String text = new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    String quoted = URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    assertThat(RestPath.parse("/v2/models/" + quoted + "/infer"))
        .isEqualTo(new RestPath(RestRoute.INFER, text, 0));
  }

  @Property(tries = 1_000)
  void noTargetBreaksTheReader(@ForAll String target) {
    try {
      RestPath.parse("/v2/models/" + target);
    } catch (SlipwayException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST);
    }
  }
}
