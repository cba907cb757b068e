// Sums of parts by index.

// @ts-ignore: decorator
@inline
function addParts<T>(src: usize, ids: usize, dst: usize, parts: i32, size: i32, length: i32): void {
  const bytes = <usize>size * sizeof<T>();
  for (let p = 0; p < parts; p++) {
    const id = load<i32>(ids + (<usize>p << 2));
    if (id >= length) unreachable();
    if (id >= 0) {
      const to = dst + <usize>id * bytes;
      let i: usize = 0;
      if (sizeof<T>() == 4) {
        for (; i + 16 <= bytes; i += 16) {
          const x = v128.load(to + i);
          const y = v128.load(src + i);
          v128.store(to + i, isFloat<T>() ? f32x4.add(x, y) : i32x4.add(x, y));
        }
      }
      for (; i < bytes; i += sizeof<T>()) store<T>(to + i, load<T>(to + i) + load<T>(src + i));
    }
    src += bytes;
  }
}

/**
 * Adds `parts` parts of `size` elements, one after the other, to those of [length, size] at their int32 ids; to none where an id is below
 * 0. Traps when one is out of range.
 */
export function addPartsFloat32(src: usize, ids: usize, dst: usize, parts: i32, size: i32, length: i32): void {
  addParts<f32>(src, ids, dst, parts, size, length);
}

export function addPartsFloat64(src: usize, ids: usize, dst: usize, parts: i32, size: i32, length: i32): void {
  addParts<f64>(src, ids, dst, parts, size, length);
}

export function addPartsInt32(src: usize, ids: usize, dst: usize, parts: i32, size: i32, length: i32): void {
  addParts<i32>(src, ids, dst, parts, size, length);
}
