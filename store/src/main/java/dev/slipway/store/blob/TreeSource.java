package dev.slipway.store.blob;

import dev.slipway.store.files.FileTree;
import java.util.function.Consumer;

/** Files that are to be one tree, wherever they lie. */
public interface TreeSource {
  /** Gives every file once; what {@code files} throws ends it. */
  void each(Consumer<TreeFile> files);

  /**
   * A file of a tree.
   *
   * @param path relative, with {@code /} between names
   * @param bytes its size, by which a tree that is too large is refused before it is copied
   * @param content writes its bytes
   */
  record TreeFile(String path, long bytes, FileTree.Content content) {}
}
