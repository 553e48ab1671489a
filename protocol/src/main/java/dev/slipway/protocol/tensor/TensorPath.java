package dev.slipway.protocol.tensor;

/**
 * Where a tensor stands in a request, for messages such as {@code inputs[0].data[7]}. One mutable
 * object per decoder, since text is made only for errors.
 */
public final class TensorPath {
  private final String list;
  private final String content;
  private int ordinal = -1;

  /**
   * @param list name of the list that holds the tensors, {@code inputs}; empty for the members of
   *     the body itself
   * @param content name of the member that holds the elements, {@code data}; empty where the list
   *     itself does
   */
  public TensorPath(String list, String content) {
    this.list = list;
    this.content = content;
  }

  /** Goes to the tensor of that position; -1 means the list as a whole. */
  public void moveTo(int position) {
    ordinal = position;
  }

  public String of(String member) {
    String tensor = ordinal < 0 ? list : list + "[" + ordinal + "]";
    return member.isEmpty() ? tensor : tensor.isEmpty() ? member : tensor + "." + member;
  }

  /** The element of that row-major index. */
  public String element(long index) {
    return of(content) + "[" + index + "]";
  }

  /** The elements as a whole. */
  public String content() {
    return of(content);
  }
}
