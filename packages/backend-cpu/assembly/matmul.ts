// Matrix products. Every operand is read through two strides, so the four transpose forms are one code.

/** Steps of the inner dimension between two passes over the product: a packed panel of B is then 16 KiB and stays in L1. */
const DEPTH: i32 = 512;
/** Rows of A packed at a time: with DEPTH, 256 KiB, which stay in L2. */
const ROWS: i32 = 128;
/** A tile of the product that stays in registers. */
const TILE_ROWS: i32 = 4;
const TILE_COLUMNS: i32 = 8;
const TILE_BYTES: usize = 128;

// @ts-ignore: decorator
@inline
function roundUp(x: i32, step: i32): i32 {
  return (x + step - 1) / step * step;
}

/** Bytes of scratch memory that `matmulFloat32` needs. */
export function matmulScratch(m: i32, n: i32, k: i32): usize {
  const depth = min(k, DEPTH);
  return TILE_BYTES + 4 * <usize>depth * (<usize>roundUp(min(m, ROWS), TILE_ROWS) + <usize>roundUp(n, TILE_COLUMNS));
}

/**
 * Copies `lanes` x `depth` elements into panels of `width` lanes (a multiple of 4): for each step of depth, the lanes of a
 * panel lie side by side; the last panel is filled up with zeros. One of the strides (in elements) is 1.
 */
function pack(src: usize, dst: usize, lanes: i32, depth: i32, laneStride: usize, depthStride: usize, width: i32): void {
  const laneBytes = laneStride << 2;
  const depthBytes = depthStride << 2;
  const step = <usize>width << 2;
  for (let lane = 0; lane < lanes; lane += width) {
    const panel = src + <usize>lane * laneBytes;
    if (lane + width > lanes) {
      packPartly(panel, dst, lanes - lane, depth, laneBytes, depthBytes, width);
    } else if (laneStride == 1) {
      let from = panel;
      const end = dst + <usize>depth * step;
      for (let to = dst; to < end; to += step) {
        for (let i: usize = 0; i < step; i += 16) v128.store(to + i, v128.load(from + i));
        from += depthBytes;
      }
    } else {
      for (let quad = 0; quad < width; quad += 4) {
        packQuad(panel + <usize>quad * laneBytes, dst + (<usize>quad << 2), depth, laneBytes, depthBytes, step);
      }
    }
    dst += <usize>depth * step;
  }
}

/** Four lanes whose steps of depth are contiguous: blocks of 4 x 4, transposed. */
function packQuad(src: usize, dst: usize, depth: i32, laneBytes: usize, depthBytes: usize, step: usize): void {
  let d = 0;
  for (; d + 4 <= depth; d += 4) {
    const x0 = v128.load(src);
    const x1 = v128.load(src + laneBytes);
    const x2 = v128.load(src + 2 * laneBytes);
    const x3 = v128.load(src + 3 * laneBytes);
    const low01 = v128.shuffle<f32>(x0, x1, 0, 4, 1, 5);
    const high01 = v128.shuffle<f32>(x0, x1, 2, 6, 3, 7);
    const low23 = v128.shuffle<f32>(x2, x3, 0, 4, 1, 5);
    const high23 = v128.shuffle<f32>(x2, x3, 2, 6, 3, 7);
    v128.store(dst, v128.shuffle<f64>(low01, low23, 0, 2));
    v128.store(dst + step, v128.shuffle<f64>(low01, low23, 1, 3));
    v128.store(dst + 2 * step, v128.shuffle<f64>(high01, high23, 0, 2));
    v128.store(dst + 3 * step, v128.shuffle<f64>(high01, high23, 1, 3));
    src += 16;
    dst += 4 * step;
  }
  for (; d < depth; d++) {
    store<f32>(dst, load<f32>(src), 0);
    store<f32>(dst, load<f32>(src + laneBytes), 4);
    store<f32>(dst, load<f32>(src + 2 * laneBytes), 8);
    store<f32>(dst, load<f32>(src + 3 * laneBytes), 12);
    src += depthBytes;
    dst += step;
  }
}

function packPartly(src: usize, dst: usize, lanes: i32, depth: i32, laneBytes: usize, depthBytes: usize, width: i32): void {
  memory.fill(dst, 0, (<usize>depth * <usize>width) << 2);
  const step = <usize>width << 2;
  for (let lane = 0; lane < lanes; lane++) {
    let from = src + <usize>lane * laneBytes;
    let to = dst + (<usize>lane << 2);
    for (let d = 0; d < depth; d++) {
      store<f32>(to, load<f32>(from));
      from += depthBytes;
      to += step;
    }
  }
}

// @ts-ignore: decorator
@inline
function multiplyAdd(x: v128, y: v128, z: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(x, y, z) : f32x4.add(f32x4.mul(x, y), z);
}

// @ts-ignore: decorator
@inline
function put(c: usize, x: v128, add: bool): void {
  v128.store(c, add ? f32x4.add(v128.load(c), x) : x);
}

/**
 * A tile of C from one panel of A and one of B. One step of depth per iteration: with more, the engine runs out of
 * registers and the loop becomes a third slower.
 */
function multiplyTile(a: usize, b: usize, depth: i32, c: usize, rowBytes: usize, add: bool): void {
  let c00 = f32x4.splat(0);
  let c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0);
  let c21 = f32x4.splat(0);
  let c30 = f32x4.splat(0);
  let c31 = f32x4.splat(0);
  const end = a + (<usize>depth << 4);
  while (a < end) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load32_splat(a);
    c00 = multiplyAdd(x, b0, c00);
    c01 = multiplyAdd(x, b1, c01);
    x = v128.load32_splat(a, 4);
    c10 = multiplyAdd(x, b0, c10);
    c11 = multiplyAdd(x, b1, c11);
    x = v128.load32_splat(a, 8);
    c20 = multiplyAdd(x, b0, c20);
    c21 = multiplyAdd(x, b1, c21);
    x = v128.load32_splat(a, 12);
    c30 = multiplyAdd(x, b0, c30);
    c31 = multiplyAdd(x, b1, c31);
    a += 16;
    b += 32;
  }
  put(c, c00, add);
  put(c + 16, c01, add);
  c += rowBytes;
  put(c, c10, add);
  put(c + 16, c11, add);
  c += rowBytes;
  put(c, c20, add);
  put(c + 16, c21, add);
  c += rowBytes;
  put(c, c30, add);
  put(c + 16, c31, add);
}

/** Moves the part of a tile that lies inside C. */
function putPart(tile: usize, c: usize, rowBytes: usize, rows: i32, columns: i32, add: bool): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const to = c + (<usize>j << 2);
      const x = load<f32>(tile + (<usize>j << 2));
      store<f32>(to, add ? load<f32>(to) + x : x);
    }
    tile += <usize>TILE_COLUMNS << 2;
    c += rowBytes;
  }
}

/**
 * C[m,n] = A[m,k] B[k,n]. Element (i, p) of A is at `a + 4 (i aRow + p aColumn)`, element (p, j) of B likewise: one stride of
 * each is 1. C is row-major and must not overlap the rest; `scratch` holds `matmulScratch(m, n, k)` bytes.
 */
export function matmulFloat32(
  a: usize, aRow: usize, aColumn: usize,
  b: usize, bRow: usize, bColumn: usize,
  c: usize, m: i32, n: i32, k: i32, scratch: usize,
): void {
  const rowBytes = <usize>n << 2;
  const tileRowBytes = <usize>TILE_COLUMNS << 2;
  if (k == 0) memory.fill(c, 0, <usize>m * rowBytes);
  for (let k0 = 0; k0 < k; k0 += DEPTH) {
    const depth = min(DEPTH, k - k0);
    const panelA = <usize>(TILE_ROWS << 2) * <usize>depth;
    const panelB = <usize>(TILE_COLUMNS << 2) * <usize>depth;
    const packedB = scratch + TILE_BYTES;
    const packedA = packedB + panelB * <usize>((n + TILE_COLUMNS - 1) / TILE_COLUMNS);
    const add = k0 > 0;
    pack(b + (<usize>k0 * bRow << 2), packedB, n, depth, bColumn, bRow, TILE_COLUMNS);
    for (let m0 = 0; m0 < m; m0 += ROWS) {
      const rows = min(ROWS, m - m0);
      pack(a + (<usize>m0 * aRow + <usize>k0 * aColumn << 2), packedA, rows, depth, aRow, aColumn, TILE_ROWS);
      let pb = packedB;
      for (let j = 0; j < n; j += TILE_COLUMNS) {
        let pa = packedA;
        for (let i = 0; i < rows; i += TILE_ROWS) {
          const to = c + <usize>(m0 + i) * rowBytes + (<usize>j << 2);
          if (i + TILE_ROWS <= rows && j + TILE_COLUMNS <= n) {
            multiplyTile(pa, pb, depth, to, rowBytes, add);
          } else {
            multiplyTile(pa, pb, depth, scratch, tileRowBytes, false);
            putPart(scratch, to, rowBytes, min(TILE_ROWS, rows - i), min(TILE_COLUMNS, n - j), add);
          }
          pa += panelA;
        }
        pb += panelB;
      }
    }
  }
}

/** The same for dtypes that need not be fast: rows of C as sums of rows of B. */
// @ts-ignore: decorator
@inline
function multiply<T>(
  a: usize, aRow: usize, aColumn: usize,
  b: usize, bRow: usize, bColumn: usize,
  c: usize, m: i32, n: i32, k: i32,
): void {
  const size = sizeof<T>();
  memory.fill(c, 0, <usize>m * <usize>n * size);
  for (let i = 0; i < m; i++) {
    for (let p = 0; p < k; p++) {
      const x = load<T>(a + (<usize>i * aRow + <usize>p * aColumn) * size);
      let from = b + <usize>p * bRow * size;
      let to = c;
      for (let j = 0; j < n; j++) {
        store<T>(to, load<T>(to) + x * load<T>(from));
        from += bColumn * size;
        to += size;
      }
    }
    c += <usize>n * size;
  }
}

export function matmulFloat64(
  a: usize, aRow: usize, aColumn: usize, b: usize, bRow: usize, bColumn: usize, c: usize, m: i32, n: i32, k: i32,
): void {
  multiply<f64>(a, aRow, aColumn, b, bRow, bColumn, c, m, n, k);
}

export function matmulInt32(
  a: usize, aRow: usize, aColumn: usize, b: usize, bRow: usize, bColumn: usize, c: usize, m: i32, n: i32, k: i32,
): void {
  multiply<i32>(a, aRow, aColumn, b, bRow, bColumn, c, m, n, k);
}
