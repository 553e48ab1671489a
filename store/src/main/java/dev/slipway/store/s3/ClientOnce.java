package dev.slipway.store.s3;

import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** A client for those settings, made when it is first asked for. Thread-safe. */
final class ClientOnce implements Supplier<S3Client>, AutoCloseable {
  private static final Duration CONNECT_MAX = Duration.ofSeconds(5);

  private final S3Settings settings;
  private final S3CredentialsFile credentials;
  private @Nullable S3Client made;

  ClientOnce(S3Settings settings, S3CredentialsFile credentials) {
    this.settings = settings;
    this.credentials = credentials;
  }

  @Override
  public synchronized S3Client get() {
    S3Client client = made;
    if (client == null) {
      client = make();
      made = client;
    }
    return client;
  }

  private S3Client make() {
    Duration timeout = settings.timeout();
    ProfileFile none = ProfileFile.aggregator().build();
    S3ClientBuilder builder =
        S3Client.builder()
            .region(Region.of(settings.region()))
            .credentialsProvider(credentials)
            .forcePathStyle(settings.pathStyle())
            .httpClientBuilder(
                UrlConnectionHttpClient.builder()
                    .connectionTimeout(timeout.compareTo(CONNECT_MAX) < 0 ? timeout : CONNECT_MAX)
                    .socketTimeout(timeout))
            // Each piece has a Content-MD5, which every service knows; trailers not every one does.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .serviceConfiguration(
                service ->
                    service
                        .chunkedEncodingEnabled(false)
                        .expectContinueEnabled(false)
                        .profileFile(() -> none))
            .overrideConfiguration(
                override ->
                    override
                        .retryStrategy(RetryMode.STANDARD)
                        .apiCallAttemptTimeout(timeout)
                        // What lies in somebody's home folder changes nothing here.
                        .defaultProfileFile(none));
    if (settings.endpoint() != null) {
      builder.endpointOverride(settings.endpoint());
    }
    return builder.build();
  }

  @Override
  public synchronized void close() {
    if (made != null) {
      made.close();
    }
  }
}
