package dev.slipway.store.s3;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;

/** What lies in a bucket, a page for each request. Keys that are asked for are whole. */
final class Listing {
  private final Supplier<S3Client> client;
  private final String bucket;

  Listing(Supplier<S3Client> client, String bucket) {
    this.client = client;
    this.bucket = bucket;
  }

  /**
   * @param folders keys up to a delimiter, once each
   * @param next where the next page begins; null after the last
   */
  record Page(List<StoredObject> objects, List<String> folders, @Nullable String next) {}

  /**
   * @param cut characters of each key that are not given back
   * @param delimiter ends what counts as a folder; empty for no folders
   */
  Page page(String prefix, int cut, String delimiter, @Nullable String from) {
    ListObjectsV2Request.Builder request =
        ListObjectsV2Request.builder().bucket(bucket).prefix(prefix).continuationToken(from);
    if (!delimiter.isEmpty()) {
      request.delimiter(delimiter);
    }
    ListObjectsV2Response page = client.get().listObjectsV2(request.build());
    return new Page(
        page.contents().stream()
            .map(object -> new StoredObject(object.key().substring(cut), object.size()))
            .toList(),
        page.commonPrefixes().stream()
            .map(CommonPrefix::prefix)
            .map(key -> key.substring(cut))
            .toList(),
        Boolean.TRUE.equals(page.isTruncated()) ? page.nextContinuationToken() : null);
  }

  boolean isAny(String prefix) {
    return !client
        .get()
        .listObjectsV2(list -> list.bucket(bucket).prefix(prefix).maxKeys(1))
        .contents()
        .isEmpty();
  }
}
