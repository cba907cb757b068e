// Reductions of the middle axis of [outer, reduced, inner] to [outer, inner].

const SUM: i32 = 0;
const PROD: i32 = 1;
const MAX: i32 = 2;
const MIN: i32 = 3;

/** Steps summed in float32 before the total goes on in float64. */
const BLOCK: i32 = 64;

// @ts-ignore: decorator
@inline
function combine<T>(op: i32, x: T, y: T): T {
  if (op == SUM) return x + y;
  if (op == PROD) return x * y;
  return op == MAX ? max<T>(x, y) : min<T>(x, y);
}

// @ts-ignore: decorator
@inline
function reduce<T>(op: i32, identity: T, src: usize, dst: usize, outer: i32, reduced: i32, inner: i32): void {
  const size = sizeof<T>();
  const row = <usize>inner * size;
  if (inner == 1) {
    for (let o = 0; o < outer; o++) {
      let x = identity;
      for (const end = src + <usize>reduced * size; src < end; src += size) x = combine<T>(op, x, load<T>(src));
      store<T>(dst, x);
      dst += size;
    }
    return;
  }
  for (let o = 0; o < outer; o++) {
    for (let i: usize = 0; i < row; i += size) store<T>(dst + i, identity);
    for (let r = 0; r < reduced; r++) {
      for (let i: usize = 0; i < row; i += size) {
        store<T>(dst + i, combine<T>(op, load<T>(dst + i), load<T>(src + i)));
      }
      src += row;
    }
    dst += row;
  }
}

/** Sum of `n` contiguous elements. */
function sumRun(src: usize, n: i32): f64 {
  let total: f64 = 0;
  let i = 0;
  while (i + 16 <= n) {
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    const stop = min(n - 15, i + 16 * BLOCK);
    for (; i < stop; i += 16) {
      s0 = f32x4.add(s0, v128.load(src));
      s1 = f32x4.add(s1, v128.load(src, 16));
      s2 = f32x4.add(s2, v128.load(src, 32));
      s3 = f32x4.add(s3, v128.load(src, 48));
      src += 64;
    }
    const s = f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3));
    total += <f64>f32x4.extract_lane(s, 0) + <f64>f32x4.extract_lane(s, 1);
    total += <f64>f32x4.extract_lane(s, 2) + <f64>f32x4.extract_lane(s, 3);
  }
  for (; i < n; i++) {
    total += <f64>load<f32>(src);
    src += 4;
  }
  return total;
}

/** Sums of four neighbouring columns of `n` rows, divided. */
function sumColumns(src: usize, dst: usize, n: i32, row: usize, divisor: v128): void {
  let low = f64x2.splat(0);
  let high = low;
  for (let r = 0; r < n; ) {
    let s = f32x4.splat(0);
    for (const stop = min(n, r + BLOCK); r < stop; r++) {
      s = f32x4.add(s, v128.load(src));
      src += row;
    }
    low = f64x2.add(low, f64x2.promote_low_f32x4(s));
    high = f64x2.add(high, f64x2.promote_low_f32x4(v128.shuffle<f64>(s, s, 1, 0)));
  }
  low = f32x4.demote_f64x2_zero(f64x2.div(low, divisor));
  high = f32x4.demote_f64x2_zero(f64x2.div(high, divisor));
  v128.store(dst, v128.shuffle<f64>(low, high, 0, 2));
}

/** Adds sums of float32 to totals of float64: those of the two halves. */
// @ts-ignore: decorator
@inline
function total(x: v128, s: v128, half: i32): v128 {
  return f64x2.add(x, f64x2.promote_low_f32x4(half == 0 ? s : v128.shuffle<f64>(s, s, 1, 0)));
}

// @ts-ignore: decorator
@inline
function putTotal(dst: usize, low: v128, high: v128, divisor: v128): void {
  const l = f32x4.demote_f64x2_zero(f64x2.div(low, divisor));
  const h = f32x4.demote_f64x2_zero(f64x2.div(high, divisor));
  v128.store(dst, v128.shuffle<f64>(l, h, 0, 2));
}

/** `sumColumns` of sixteen columns: a line of the cache, so that none is read twice. */
function sumLine(src: usize, dst: usize, n: i32, row: usize, divisor: v128): void {
  const zero = f64x2.splat(0);
  let l0 = zero;
  let h0 = zero;
  let l1 = zero;
  let h1 = zero;
  let l2 = zero;
  let h2 = zero;
  let l3 = zero;
  let h3 = zero;
  for (let r = 0; r < n; ) {
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    for (const stop = min(n, r + BLOCK); r < stop; r++) {
      s0 = f32x4.add(s0, v128.load(src));
      s1 = f32x4.add(s1, v128.load(src, 16));
      s2 = f32x4.add(s2, v128.load(src, 32));
      s3 = f32x4.add(s3, v128.load(src, 48));
      src += row;
    }
    l0 = total(l0, s0, 0);
    h0 = total(h0, s0, 1);
    l1 = total(l1, s1, 0);
    h1 = total(h1, s1, 1);
    l2 = total(l2, s2, 0);
    h2 = total(h2, s2, 1);
    l3 = total(l3, s3, 0);
    h3 = total(h3, s3, 1);
  }
  putTotal(dst, l0, h0, divisor);
  putTotal(dst + 16, l1, h1, divisor);
  putTotal(dst + 32, l2, h2, divisor);
  putTotal(dst + 48, l3, h3, divisor);
}

/** Sums of `columns` neighbouring columns of `n` rows, divided. Each column is summed in the same order, whatever is beside it. */
function sumRows(src: usize, dst: usize, n: i32, columns: i32, row: usize, divisor: f64): void {
  const divisors = f64x2.splat(divisor);
  let i = 0;
  for (; i + 16 <= columns; i += 16) sumLine(src + (<usize>i << 2), dst + (<usize>i << 2), n, row, divisors);
  for (; i + 4 <= columns; i += 4) sumColumns(src + (<usize>i << 2), dst + (<usize>i << 2), n, row, divisors);
  for (; i < columns; i++) {
    let total: f64 = 0;
    let from = src + (<usize>i << 2);
    for (let r = 0; r < n; r++) {
      total += <f64>load<f32>(from);
      from += row;
    }
    store<f32>(dst + (<usize>i << 2), <f32>(total / divisor));
  }
}

export function sumFloat32(src: usize, dst: usize, outer: i32, reduced: i32, inner: i32, divisor: f64): void {
  if (inner == 1) {
    for (let o = 0; o < outer; o++) {
      store<f32>(dst, <f32>(sumRun(src, reduced) / divisor));
      src += <usize>reduced << 2;
      dst += 4;
    }
    return;
  }
  const row = <usize>inner << 2;
  for (let o = 0; o < outer; o++) {
    sumRows(src, dst, reduced, inner, row, divisor);
    src += <usize>reduced * row;
    dst += row;
  }
}

/** The words that describe a sum to `sumJob`. */
const SOURCE: usize = 0;
const TARGET: usize = 4;
const OUTER: usize = 8;
const REDUCED: usize = 12;
const INNER: usize = 16;
const DIVISOR: usize = 24;

/** `sumFloat32` of inner indices `begin` to before `end`, a multiple of 16 unless it is the last; a job for several threads. */
export function sumJob(begin: i32, end: i32, thread: i32, args: usize): void {
  const outer = load<i32>(args, OUTER);
  const reduced = load<i32>(args, REDUCED);
  const row = <usize>load<i32>(args, INNER) << 2;
  let src = load<usize>(args, SOURCE) + (<usize>begin << 2);
  let dst = load<usize>(args, TARGET) + (<usize>begin << 2);
  for (let o = 0; o < outer; o++) {
    sumRows(src, dst, reduced, end - begin, row, load<f64>(args, DIVISOR));
    src += <usize>reduced * row;
    dst += row;
  }
}

export function sumFloat64(src: usize, dst: usize, outer: i32, reduced: i32, inner: i32, divisor: f64): void {
  reduce<f64>(SUM, 0, src, dst, outer, reduced, inner);
  for (const end = dst + (<usize>outer * <usize>inner << 3); dst < end; dst += 8) store<f64>(dst, load<f64>(dst) / divisor);
}

export function sumInt32(src: usize, dst: usize, outer: i32, reduced: i32, inner: i32): void {
  reduce<i32>(SUM, 0, src, dst, outer, reduced, inner);
}

export function prodFloat32(src: usize, dst: usize, outer: i32, reduced: i32, inner: i32): void {
  reduce<f32>(PROD, 1, src, dst, outer, reduced, inner);
}
export function prodFloat64(src: usize, dst: usize, outer: i32, reduced: i32, inner: i32): void {
  reduce<f64>(PROD, 1, src, dst, outer, reduced, inner);
}
export function prodInt32(src: usize, dst: usize, outer: i32, reduced: i32, inner: i32): void {
  reduce<i32>(PROD, 1, src, dst, outer, reduced, inner);
}

export function maxFloat32(src: usize, dst: usize, outer: i32, reduced: i32, inner: i32): void {
  reduce<f32>(MAX, -Infinity, src, dst, outer, reduced, inner);
}
export function maxFloat64(src: usize, dst: usize, outer: i32, reduced: i32, inner: i32): void {
  reduce<f64>(MAX, -Infinity, src, dst, outer, reduced, inner);
}
export function maxInt32(src: usize, dst: usize, outer: i32, reduced: i32, inner: i32): void {
  reduce<i32>(MAX, i32.MIN_VALUE, src, dst, outer, reduced, inner);
}
export function maxBool(src: usize, dst: usize, outer: i32, reduced: i32, inner: i32): void {
  reduce<u8>(MAX, 0, src, dst, outer, reduced, inner);
}

export function minFloat32(src: usize, dst: usize, outer: i32, reduced: i32, inner: i32): void {
  reduce<f32>(MIN, Infinity, src, dst, outer, reduced, inner);
}
export function minFloat64(src: usize, dst: usize, outer: i32, reduced: i32, inner: i32): void {
  reduce<f64>(MIN, Infinity, src, dst, outer, reduced, inner);
}
export function minInt32(src: usize, dst: usize, outer: i32, reduced: i32, inner: i32): void {
  reduce<i32>(MIN, i32.MAX_VALUE, src, dst, outer, reduced, inner);
}
export function minBool(src: usize, dst: usize, outer: i32, reduced: i32, inner: i32): void {
  reduce<u8>(MIN, 1, src, dst, outer, reduced, inner);
}
