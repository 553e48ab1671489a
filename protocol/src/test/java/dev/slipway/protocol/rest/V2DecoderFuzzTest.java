package dev.slipway.protocol.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/** Whatever the bytes: our decoder and Jackson agree, nothing leaks, nothing else is thrown. */
class V2DecoderFuzzTest {
  private final JsonOracle oracle = new JsonOracle();

  @Property(tries = 2_000)
  void arbitraryBytesAreRefusedOrAgreedUpon(@ForAll byte[] body) {
    oracle.check(body);
  }

  @Property(tries = 3_000)
  void validRequestsAreReadAsJacksonReadsThem(@ForAll Random random) {
    byte[] body = new BodyGenerator(random).json();
    assertThat(oracle.check(body)).as(new String(body, StandardCharsets.UTF_8)).isTrue();
  }

  @Property(tries = 10_000)
  void damagedRequestsAreRefusedOrReadAsJacksonReadsThem(@ForAll Random random) {
    oracle.check(BodyGenerator.damaged(new BodyGenerator(random).json(), random));
  }

  @Property(tries = 3_000)
  void validBinaryRequestsAreReadAsTheyWereSent(@ForAll Random random) {
    BodyGenerator generator = new BodyGenerator(random);
    byte[] body = generator.binary();
    assertThat(oracle.check(body, generator.jsonLength())).isTrue();
  }

  @Property(tries = 10_000)
  void damagedBinaryRequestsAreRefusedOrReadAsTheyWereSent(@ForAll Random random) {
    BodyGenerator generator = new BodyGenerator(random);
    byte[] body = BodyGenerator.damaged(generator.binary(), random);
    int jsonLength =
        random.nextInt(5) == 0
            ? random.nextInt(body.length + 2)
            : Math.min(generator.jsonLength(), body.length);
    if (jsonLength > 0) {
      oracle.check(body, jsonLength);
    }
  }

  @Property(tries = 3_000)
  void numbersAreRoundedCorrectly(@ForAll Random random) {
    BodyGenerator generator = new BodyGenerator(random);
    for (String type : new String[] {"FP32", "FP64", "BF16", "FP16"}) {
      String numbers = Stream.generate(generator::number).limit(6).collect(Collectors.joining(","));
      String body =
          "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"%s\",\"shape\":[6],\"data\":[%s]}]}"
              .formatted(type, numbers);
      boolean accepted = oracle.check(body.getBytes(StandardCharsets.UTF_8));
      assertThat(accepted || type.equals("FP16")).as(body).isTrue();
    }
  }

  @Property(tries = 1_000_000)
  @Tag("long")
  void manyDamagedRequestsAreRefusedOrReadAsJacksonReadsThem(@ForAll Random random) {
    oracle.check(BodyGenerator.damaged(new BodyGenerator(random).json(), random));
  }
}
