package dev.slipway.serving.buffers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class BufferPoolTest {
  @Test
  void aBufferGivenBackIsTakenAgain() {
    BufferPool pool = new BufferPool(1 << 20);
    ByteBuffer first = pool.take(300);
    first.putInt(0, 1).position(7).order(ByteOrder.BIG_ENDIAN);
    pool.giveBack(first);
    ByteBuffer second = pool.take(400);
    assertThat(second).isSameAs(first);
    assertThat(second.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
    assertThat(second.position()).isZero();
    assertThat(second.limit()).isEqualTo(400);
    assertThat(second.isDirect()).isTrue();
  }

  @Test
  void idleBytesStayWithinTheBound() {
    BufferPool pool = new BufferPool(1_000);
    List<ByteBuffer> taken = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      taken.add(pool.take(256));
    }
    assertThat(pool.taken()).isEqualTo(10);
    taken.forEach(pool::giveBack);
    assertThat(pool.taken()).isZero();
    assertThat(pool.pooledBytes()).isEqualTo(768);
  }

  @Test
  void emptyAndHugeBuffersAreServedToo() {
    BufferPool pool = new BufferPool(1 << 30);
    ByteBuffer empty = pool.take(0);
    assertThat(empty.limit()).isZero();
    ByteBuffer huge = pool.take((1 << 25) + 1);
    assertThat(huge.limit()).isEqualTo((1 << 25) + 1);
    pool.giveBack(huge);
    pool.giveBack(empty);
    assertThat(pool.pooledBytes()).as("the huge one is not kept").isEqualTo(256);
  }

  @Test
  void givingABufferBackTwiceIsNoticed() {
    BufferPool pool = new BufferPool(1 << 20);
    ByteBuffer buffer = pool.take(10);
    pool.giveBack(buffer);
    assertThatThrownBy(() -> pool.giveBack(buffer))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("given back twice");
  }

  @Property(tries = 200)
  void noBufferIsLentTwiceAtOnce(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    BufferPool pool = new BufferPool(1 << 16);
    List<ByteBuffer> lent = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      if (lent.isEmpty() || random.nextInt(5) < 3) {
        int bytes = random.nextInt(5_000);
        ByteBuffer buffer = pool.take(bytes);
        assertThat(buffer.limit()).isEqualTo(bytes);
        lent.add(buffer);
        Set<ByteBuffer> distinct = Collections.newSetFromMap(new IdentityHashMap<>());
        distinct.addAll(lent);
        assertThat(distinct).hasSameSizeAs(lent);
      } else {
        pool.giveBack(lent.remove(random.nextInt(lent.size())));
      }
      assertThat(pool.taken()).isEqualTo(lent.size());
      assertThat(pool.pooledBytes()).isBetween(0L, 1L << 16);
    }
  }
}
