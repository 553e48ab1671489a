package dev.slipway.serving.validation;

import dev.slipway.core.model.FieldSpec;
import dev.slipway.core.model.TensorSpec;
import dev.slipway.core.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/** Categories of strings, compared as UTF-8. Bounds and NaN mean nothing here. */
final class TextCheck extends ValueCheck {
  private static final int SHOWN = 40;

  private final Set<?>[] categories;

  TextCheck(TensorSpec spec) {
    super(spec);
    categories = new Set<?>[spec.fields().size()];
    for (int i = 0; i < categories.length; i++) {
      FieldSpec field = spec.fields().get(i);
      Set<ByteBuffer> encoded = new HashSet<>();
      for (String category : field.categories()) {
        encoded.add(ByteBuffer.wrap(category.getBytes(StandardCharsets.UTF_8)));
      }
      categories[i] = encoded;
    }
  }

  @Override
  void check(Tensor tensor, int place) {
    ByteBuffer data = tensor.data();
    int end = tensor.byteLength();
    int field = 0;
    int element = 0;
    int at = 0;
    while (at < end) {
      int length = data.getInt(at);
      at += Integer.BYTES;
      if (!categories[field].isEmpty() && !categories[field].contains(data.slice(at, length))) {
        throw rejected(place, element, field, shown(data, at, length));
      }
      at += length;
      element++;
      if (++field == fieldCount()) {
        field = 0;
      }
    }
  }

  private static String shown(ByteBuffer data, int at, int length) {
    byte[] bytes = new byte[Math.min(length, 4 * SHOWN)];
    data.get(at, bytes);
    String text = new String(bytes, StandardCharsets.UTF_8);
    return text.length() > SHOWN ? "'" + text.substring(0, SHOWN) + "...'" : "'" + text + "'";
  }
}
