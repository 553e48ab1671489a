package dev.slipway.http.call;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ErrorAnswerTest {
  private final Logger logger = (Logger) LoggerFactory.getLogger(ErrorAnswer.class);
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

  @BeforeEach
  void listen() {
    logged.start();
    logger.addAppender(logged);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(logged);
  }

  @Test
  void anOutputThatCannotBeToldIsExplainedToItsCallerAndKeptOutOfTheLog() {
    ErrorAnswer answer =
        ErrorAnswer.of(
            new SlipwayException(ErrorCode.OUTPUT_INVALID, "output 'y': data[0] is NaN"),
            "r1",
            null);

    assertThat(answer.message()).isEqualTo("output 'y': data[0] is NaN");
    assertThat(logged.list).noneMatch(event -> event.getLevel().isGreaterOrEqual(Level.INFO));
    assertThat(logged.list).allMatch(event -> event.getThrowableProxy() == null);
  }

  @Test
  void aFaultOfOursIsLoggedOnceAndKeptFromItsCaller() {
    ErrorAnswer answer = ErrorAnswer.of(new IllegalStateException("a secret"), "r2", null);

    assertThat(answer.message()).isEqualTo("internal error, request id r2");
    assertThat(logged.list).hasSize(1);
    assertThat(logged.list.getFirst().getLevel()).isEqualTo(Level.ERROR);
    assertThat(logged.list.getFirst().getThrowableProxy()).isNotNull();
  }
}
