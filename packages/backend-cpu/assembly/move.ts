// Moves of elements; strides are in bytes and may be negative. Source and destination do not overlap.

// @ts-ignore: decorator
@inline
function copyRun(src: usize, dst: usize, bytes: usize): void {
  // A bulk copy is a call out of WebAssembly: it pays for itself only beyond some length.
  if (bytes >= 512) {
    memory.copy(dst, src, bytes);
    return;
  }
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) v128.store(dst + i, v128.load(src + i));
  for (; i + 4 <= bytes; i += 4) store<u32>(dst + i, load<u32>(src + i));
  for (; i < bytes; i++) store<u8>(dst + i, load<u8>(src + i));
}

/** `rows` runs of `bytes` contiguous bytes. */
export function copyRows(src: usize, srcStride: usize, dst: usize, dstStride: usize, rows: i32, bytes: usize): void {
  for (let r = 0; r < rows; r++) {
    copyRun(src, dst, bytes);
    src += srcStride;
    dst += dstStride;
  }
}

/** Rows `begin` to before `end` of `copyRows`, whose arguments are at `args`, but for the number of rows; a job for several threads. */
export function copyRowsJob(begin: i32, end: i32, thread: i32, args: usize): void {
  const srcStride = load<usize>(args, 4);
  const dstStride = load<usize>(args, 12);
  const first = <usize>begin;
  copyRows(load<usize>(args) + first * srcStride, srcStride, load<usize>(args, 8) + first * dstStride, dstStride, end - begin, load<usize>(args, 16));
}

// @ts-ignore: decorator
@inline
function move<T>(
  src: usize, dst: usize, n0: i32, n1: i32, n2: i32, n3: i32,
  s0: isize, s1: isize, s2: isize, s3: isize, d0: isize, d1: isize, d2: isize, d3: isize,
): void {
  const size = <isize>sizeof<T>();
  const contiguous = s3 == size && d3 == size;
  for (let i0 = 0; i0 < n0; i0++) {
    let src1 = src;
    let dst1 = dst;
    for (let i1 = 0; i1 < n1; i1++) {
      let src2 = src1;
      let dst2 = dst1;
      for (let i2 = 0; i2 < n2; i2++) {
        if (contiguous) {
          copyRun(src2, dst2, <usize>n3 * sizeof<T>());
        } else {
          let src3 = src2;
          let dst3 = dst2;
          for (let i3 = 0; i3 < n3; i3++) {
            store<T>(dst3, load<T>(src3));
            src3 += s3;
            dst3 += d3;
          }
        }
        src2 += s2;
        dst2 += d2;
      }
      src1 += s1;
      dst1 += d1;
    }
    src += s0;
    dst += d0;
  }
}

/** A block of four axes with lengths n, strides s in the source and d in the destination; elements of 1 byte. */
export function move1(
  src: usize, dst: usize, n0: i32, n1: i32, n2: i32, n3: i32,
  s0: isize, s1: isize, s2: isize, s3: isize, d0: isize, d1: isize, d2: isize, d3: isize,
): void {
  move<u8>(src, dst, n0, n1, n2, n3, s0, s1, s2, s3, d0, d1, d2, d3);
}

/** The same for elements of 4 bytes. */
export function move4(
  src: usize, dst: usize, n0: i32, n1: i32, n2: i32, n3: i32,
  s0: isize, s1: isize, s2: isize, s3: isize, d0: isize, d1: isize, d2: isize, d3: isize,
): void {
  move<u32>(src, dst, n0, n1, n2, n3, s0, s1, s2, s3, d0, d1, d2, d3);
}

/** The same for elements of 8 bytes. */
export function move8(
  src: usize, dst: usize, n0: i32, n1: i32, n2: i32, n3: i32,
  s0: isize, s1: isize, s2: isize, s3: isize, d0: isize, d1: isize, d2: isize, d3: isize,
): void {
  move<u64>(src, dst, n0, n1, n2, n3, s0, s1, s2, s3, d0, d1, d2, d3);
}

/**
 * [outer, count] parts of `bytes` contiguous bytes, those of [outer, length] at `count` int32 indices. Traps when an index is out of range.
 */
export function gatherParts(src: usize, indices: usize, dst: usize, outer: i32, length: i32, count: i32, bytes: usize): void {
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < count; i++) {
      const index = load<u32>(indices + (<usize>i << 2));
      if (index >= <u32>length) unreachable();
      copyRun(src + <usize>index * bytes, dst, bytes);
      dst += bytes;
    }
    src += <usize>length * bytes;
  }
}

// @ts-ignore: decorator
@inline
function oneHot<T>(indices: usize, on: usize, off: usize, dst: usize, outer: i32, depth: i32, inner: i32): void {
  const x = load<T>(on);
  const y = load<T>(off);
  for (let o = 0; o < outer; o++) {
    for (let d = 0; d < depth; d++) {
      for (let i = 0; i < inner; i++) {
        store<T>(dst, load<i32>(indices + (<usize>i << 2)) == d ? x : y);
        dst += sizeof<T>();
      }
    }
    indices += <usize>inner << 2;
  }
}

/** [outer, inner] int32 indices to [outer, depth, inner]: the scalar `on` where an index is met, else `off`; of 1 byte. */
export function oneHot1(indices: usize, on: usize, off: usize, dst: usize, outer: i32, depth: i32, inner: i32): void {
  oneHot<u8>(indices, on, off, dst, outer, depth, inner);
}

/** The same for elements of 4 bytes. */
export function oneHot4(indices: usize, on: usize, off: usize, dst: usize, outer: i32, depth: i32, inner: i32): void {
  oneHot<u32>(indices, on, off, dst, outer, depth, inner);
}

/** The same for elements of 8 bytes. */
export function oneHot8(indices: usize, on: usize, off: usize, dst: usize, outer: i32, depth: i32, inner: i32): void {
  oneHot<u64>(indices, on, off, dst, outer, depth, inner);
}
