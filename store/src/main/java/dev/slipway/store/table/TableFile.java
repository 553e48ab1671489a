package dev.slipway.store.table;

import dev.slipway.core.audit.encoding.Sha256;
import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.table.CsvReader;
import dev.slipway.core.table.CsvTable;
import dev.slipway.core.table.Table;
import dev.slipway.core.table.TableLimits;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A table from a file, held in memory.
 *
 * @param digest SHA-256 of the file's bytes
 */
public record TableFile(ContentDigest digest, Table table) {
  private static final Duration PARQUET_MAX = Duration.ofMinutes(2);
  private static final byte[] PARQUET = {'P', 'A', 'R', '1'};

  /**
   * Reads a CSV file in UTF-8 with a header, or a Parquet file; which of both it is, its first
   * bytes tell.
   *
   * @throws IllegalArgumentException if it is neither, has no rows, or passes a limit
   * @throws IOException if it cannot be read, or ends before it says
   */
  public static TableFile read(Path file, TableLimits limits) throws IOException {
    if (Files.size(file) > limits.bytesMax()) {
      throw new IllegalArgumentException(
          "%d bytes (expected: at most %d)".formatted(Files.size(file), limits.bytesMax()));
    }
    TableFile read;
    try {
      read = isParquet(file) ? parquet(file, limits) : csv(file, limits);
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("it is neither Parquet nor text in UTF-8", e);
    }
    if (read.table.rows() == 0) {
      throw new IllegalArgumentException("no rows (expected: at least one)");
    }
    return read;
  }

  private static boolean isParquet(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return Arrays.equals(in.readNBytes(PARQUET.length), PARQUET);
    }
  }

  private static TableFile parquet(Path file, TableLimits limits) throws IOException {
    ContentDigest before = digest(file);
    Table table = inTime(() -> ParquetTable.read(file, limits));
    return new TableFile(requireSame(before, digest(file)), table);
  }

  /** The Parquet reader waits for ever for a page that its decoder gave up on. */
  private static Table inTime(Callable<Table> reading) throws IOException {
    FutureTask<Table> task = new FutureTask<>(reading);
    Thread thread = Thread.ofPlatform().daemon().name("parquet").start(task);
    try {
      return task.get(PARQUET_MAX.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IllegalArgumentException(
          "Parquet: not read within %d s; it is damaged or too large"
              .formatted(PARQUET_MAX.toSeconds()),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while reading", e);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException cause -> throw cause;
        case RuntimeException cause -> throw cause;
        case Throwable cause -> throw new IllegalStateException("reading Parquet", cause);
        case null -> throw new IllegalStateException("reading Parquet", e);
      }
    } finally {
      thread.interrupt();
    }
  }

  private static TableFile csv(Path file, TableLimits limits) throws IOException {
    MessageDigest first = Sha256.create();
    CsvTable survey;
    try (CsvReader csv = csv(file, first)) {
      survey = CsvTable.survey(csv, limits);
    }
    MessageDigest second = Sha256.create();
    Table table;
    try (CsvReader csv = csv(file, second)) {
      table = survey.read(csv);
      // Reads the end of the file too, so that all of it is digested.
      while (csv.next() != null) {
        throw new IllegalArgumentException("it became longer while it was read");
      }
    }
    return new TableFile(requireSame(ContentDigest.of(first), ContentDigest.of(second)), table);
  }

  private static CsvReader csv(Path file, MessageDigest digest) throws IOException {
    return new CsvReader(
        new InputStreamReader(
            new DigestInputStream(Files.newInputStream(file), digest),
            StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)));
  }

  private static ContentDigest requireSame(ContentDigest first, ContentDigest second) {
    if (!first.equals(second)) {
      throw new IllegalArgumentException("it changed while it was read");
    }
    return first;
  }

  private static ContentDigest digest(Path file) throws IOException {
    MessageDigest digest = Sha256.create();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return ContentDigest.of(digest);
  }
}
