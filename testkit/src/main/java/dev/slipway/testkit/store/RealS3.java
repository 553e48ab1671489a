package dev.slipway.testkit.store;

import dev.slipway.store.s3.S3Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * An S3Proxy that runs, in a process of its own, as long as the tests of this one. It keeps objects
 * in a temporary folder and checks signatures. Its methods look and change behind a store's back.
 */
public final class RealS3 {
  public static final String BUCKET = "slipway-test";

  private static final String KEY = "test-key";
  private static final String SECRET = "test-secret";
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static @Nullable RealS3 shared;

  private final int port;
  private final S3Client client;

  private RealS3(int port) {
    this.port = port;
    this.client =
        S3Client.builder()
            .region(Region.US_EAST_1)
            .endpointOverride(endpoint(port))
            .forcePathStyle(true)
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create(KEY, SECRET)))
            .build();
  }

  /** The server, with an empty bucket {@link #BUCKET} at first. */
  public static synchronized RealS3 shared() {
    if (shared == null) {
      try {
        RealS3 started = new RealS3(launch());
        started.client.createBucket(create -> create.bucket(BUCKET));
        shared = started;
      } catch (IOException | InterruptedException e) {
        throw new IllegalStateException("S3Proxy does not start", e);
      }
    }
    return shared;
  }

  private static int launch() throws IOException, InterruptedException {
    Path jar =
        Path.of(
            System.getProperty("slipway.root"),
            "testkit/target/s3/s3proxy-jar-with-dependencies.jar");
    if (!Files.isRegularFile(jar)) {
      throw new IOException(jar + " is missing (expected: built by Maven with the module testkit)");
    }
    Path folder = Files.createTempDirectory("slipway-s3-");
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    Files.createDirectories(folder.resolve("objects"));
    Path settings =
        Files.writeString(
            folder.resolve("s3proxy.conf"),
            """
            s3proxy.endpoint=%s
            s3proxy.authorization=aws-v4
            s3proxy.identity=%s
            s3proxy.credential=%s
            jclouds.provider=filesystem-nio2
            jclouds.identity=none
            jclouds.credential=none
            jclouds.filesystem.basedir=%s
            """
                .formatted(endpoint(port), KEY, SECRET, folder.resolve("objects")));
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseSerialGC",
                    "-Xmx256m",
                    "-jar",
                    jar.toString(),
                    "--properties",
                    settings.toString()))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  process.destroyForcibly();
                  process.onExit().join();
                  delete(folder);
                }));
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < until) {
      if (!process.isAlive()) {
        throw new IOException("S3Proxy ended: " + Files.readString(log));
      }
      try {
        new Socket(InetAddress.getLoopbackAddress(), port).close();
        return port;
      } catch (IOException e) {
        TimeUnit.MILLISECONDS.sleep(50);
      }
    }
    throw new IOException("S3Proxy does not listen: " + Files.readString(log));
  }

  private static void delete(Path folder) {
    try (var files = Files.walk(folder)) {
      files.sorted((a, b) -> b.compareTo(a)).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      // It lies in the folder for what is temporary.
    }
  }

  public int port() {
    return port;
  }

  /** The server behind that port, which is this one or something in front of it. */
  public static URI endpoint(int port) {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** A prefix of the bucket, as whom the file says. */
  public S3Settings settings(String prefix, int port, Path credentials, Duration timeout) {
    return new S3Settings(BUCKET, prefix, endpoint(port), "us-east-1", true, credentials, timeout);
  }

  /** Writes a file with the credentials that the server takes. */
  public static Path credentials(Path file) {
    return credentials(file, SECRET);
  }

  /** Writes a file with the key that the server knows, and a secret. */
  public static Path credentials(Path file, String secret) {
    try {
      return Files.writeString(
          file,
          "[default]\naws_access_key_id = %s\naws_secret_access_key = %s\n".formatted(KEY, secret));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Keys below a prefix, in their order. */
  public List<String> keys(String prefix) {
    List<String> keys = new ArrayList<>();
    client.listObjectsV2Paginator(list -> list.bucket(BUCKET).prefix(prefix)).contents().stream()
        .map(S3Object::key)
        .forEach(keys::add);
    return keys;
  }

  /** Keys of uploads that were not finished, below a prefix. */
  public List<String> uploads(String prefix) {
    return client
        .listMultipartUploads(list -> list.bucket(BUCKET).prefix(prefix))
        .uploads()
        .stream()
        .map(MultipartUpload::key)
        .filter(key -> key.startsWith(prefix))
        .toList();
  }

  /** Begins an upload that nobody finishes. */
  public void beginUpload(String key) {
    client.createMultipartUpload(create -> create.bucket(BUCKET).key(key));
  }

  public byte[] read(String key) {
    try (ResponseInputStream<GetObjectResponse> stream =
        client.getObject(get -> get.bucket(BUCKET).key(key))) {
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void write(String key, byte[] bytes) {
    client.putObject(put -> put.bucket(BUCKET).key(key), RequestBody.fromBytes(bytes));
  }

  public void delete(String key) {
    client.deleteObject(delete -> delete.bucket(BUCKET).key(key));
  }
}
