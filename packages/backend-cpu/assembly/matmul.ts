// Matrix products. Every operand is read through two strides, so the four transpose forms are one code.

/**
 * Steps of the inner dimension between two passes over the product: a packed panel of B is then 12 KiB and stays in L1. Sums of so many
 * products are added up, which rounds less than one long sum does.
 */
const DEPTH: i32 = 384;
/** Rows of A packed at a time: with DEPTH, 192 KiB, which stay in L2. */
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

/** Steps of the inner dimension per pass: as many passes as `DEPTH` allows, of one length but for the last. */
function depthOf(k: i32): i32 {
  return k <= DEPTH ? k : (k + (k + DEPTH - 1) / DEPTH - 1) / ((k + DEPTH - 1) / DEPTH);
}

/** Bytes of scratch memory that `matmulFloat32` needs, and enough for every smaller product: a shorter k may be cut into longer steps. */
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
  const step = <usize>width << 2;
  const end = <usize>lanes << 2;
  for (let d = 0; d < depth; d++) {
    let from = src;
    let i: usize = 0;
    for (; i < end; i += 4) {
      store<f32>(dst + i, load<f32>(from));
      from += laneBytes;
    }
    for (; i < step; i += 4) store<f32>(dst + i, 0);
    src += depthBytes;
    dst += step;
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
 * One row of C from one row of A, read where it lies, and four panels of B at once: enough sums at work to hide how long each takes.
 * Every element is summed in the order of `multiplyTile`.
 */
function multiplyRow(a: usize, depthBytes: usize, b: usize, panel: usize, depth: i32, c: usize, add: bool): void {
  let c0 = f32x4.splat(0);
  let c1 = f32x4.splat(0);
  let c2 = f32x4.splat(0);
  let c3 = f32x4.splat(0);
  let c4 = f32x4.splat(0);
  let c5 = f32x4.splat(0);
  let c6 = f32x4.splat(0);
  let c7 = f32x4.splat(0);
  let b1 = b + panel;
  let b2 = b1 + panel;
  let b3 = b2 + panel;
  const end = b1;
  const pairs = b + (<usize>(depth & ~1) << 5);
  while (b < pairs) {
    const x = v128.load32_splat(a);
    const y = v128.load32_splat(a + depthBytes);
    c0 = multiplyAdd(x, v128.load(b), c0);
    c1 = multiplyAdd(x, v128.load(b, 16), c1);
    c2 = multiplyAdd(x, v128.load(b1), c2);
    c3 = multiplyAdd(x, v128.load(b1, 16), c3);
    c4 = multiplyAdd(x, v128.load(b2), c4);
    c5 = multiplyAdd(x, v128.load(b2, 16), c5);
    c6 = multiplyAdd(x, v128.load(b3), c6);
    c7 = multiplyAdd(x, v128.load(b3, 16), c7);
    c0 = multiplyAdd(y, v128.load(b, 32), c0);
    c1 = multiplyAdd(y, v128.load(b, 48), c1);
    c2 = multiplyAdd(y, v128.load(b1, 32), c2);
    c3 = multiplyAdd(y, v128.load(b1, 48), c3);
    c4 = multiplyAdd(y, v128.load(b2, 32), c4);
    c5 = multiplyAdd(y, v128.load(b2, 48), c5);
    c6 = multiplyAdd(y, v128.load(b3, 32), c6);
    c7 = multiplyAdd(y, v128.load(b3, 48), c7);
    a += 2 * depthBytes;
    b += 64;
    b1 += 64;
    b2 += 64;
    b3 += 64;
  }
  if (b < end) {
    const x = v128.load32_splat(a);
    c0 = multiplyAdd(x, v128.load(b), c0);
    c1 = multiplyAdd(x, v128.load(b, 16), c1);
    c2 = multiplyAdd(x, v128.load(b1), c2);
    c3 = multiplyAdd(x, v128.load(b1, 16), c3);
    c4 = multiplyAdd(x, v128.load(b2), c4);
    c5 = multiplyAdd(x, v128.load(b2, 16), c5);
    c6 = multiplyAdd(x, v128.load(b3), c6);
    c7 = multiplyAdd(x, v128.load(b3, 16), c7);
  }
  put(c, c0, add);
  put(c + 16, c1, add);
  put(c + 32, c2, add);
  put(c + 48, c3, add);
  put(c + 64, c4, add);
  put(c + 80, c5, add);
  put(c + 96, c6, add);
  put(c + 112, c7, add);
}

/** Columns that `multiplyRow` computes. */
const ROW_COLUMNS: i32 = 32;

/** The last row of a product, in as many panels as there are. */
function multiplyLastRow(
  a: usize, depthBytes: usize, packedB: usize, panelB: usize, depth: i32, c: usize, n: i32, add: bool, scratch: usize,
): void {
  let j = 0;
  for (; j + ROW_COLUMNS <= n; j += ROW_COLUMNS) {
    multiplyRow(a, depthBytes, packedB, panelB, depth, c + (<usize>j << 2), add);
    packedB += 4 * panelB;
  }
  for (; j < n; j += TILE_COLUMNS) {
    let c0 = f32x4.splat(0);
    let c1 = f32x4.splat(0);
    let from = a;
    for (let b = packedB, end = packedB + panelB; b < end; b += 32) {
      const x = v128.load32_splat(from);
      c0 = multiplyAdd(x, v128.load(b), c0);
      c1 = multiplyAdd(x, v128.load(b, 16), c1);
      from += depthBytes;
    }
    v128.store(scratch, c0);
    v128.store(scratch + 16, c1);
    putPart(scratch, c + (<usize>j << 2), 0, 1, min(TILE_COLUMNS, n - j), add);
    packedB += panelB;
  }
}

/** C from `depth` steps of A and of B, which is packed; both counts of elements between rows of C and A. */
function multiplyPanels(
  a: usize, aRow: usize, aColumn: usize, packedB: usize,
  c: usize, rowBytes: usize, m: i32, n: i32, depth: i32, add: bool, scratch: usize,
): void {
  const tileRowBytes = <usize>TILE_COLUMNS << 2;
  const panelA = <usize>(TILE_ROWS << 2) * <usize>depth;
  const panelB = <usize>(TILE_COLUMNS << 2) * <usize>depth;
  const packedA = scratch + TILE_BYTES;
  const tiled = m % TILE_ROWS == 1 ? m - 1 : m;
  for (let m0 = 0; m0 < tiled; m0 += ROWS) {
    const rows = min(ROWS, tiled - m0);
    pack(a + (<usize>m0 * aRow << 2), packedA, rows, depth, aRow, aColumn, TILE_ROWS);
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
  if (tiled < m) {
    const last = <usize>tiled;
    multiplyLastRow(a + (last * aRow << 2), aColumn << 2, packedB, panelB, depth, c + last * rowBytes, n, add, scratch);
  }
}

/** Bytes of a packed matrix of k rows and n columns. */
export function packedBytes(n: i32, k: i32): usize {
  return 4 * <usize>k * <usize>roundUp(n, TILE_COLUMNS);
}

/** Packs B[k,n] for `matmulPacked`. One of the strides (in elements) is 1. */
export function packFloat32(b: usize, bRow: usize, bColumn: usize, packed: usize, n: i32, k: i32): void {
  const step = depthOf(k);
  for (let k0 = 0; k0 < k; k0 += step) {
    const depth = min(step, k - k0);
    pack(b + (<usize>k0 * bRow << 2), packed, n, depth, bColumn, bRow, TILE_COLUMNS);
    packed += packedBytes(n, depth);
  }
}

/** `matmulFloat32` with a B that `packFloat32` has packed, and `cRow` elements from one row of C to the next. */
export function matmulPacked(
  a: usize, aRow: usize, aColumn: usize, packed: usize,
  c: usize, cRow: usize, m: i32, n: i32, k: i32, scratch: usize,
): void {
  const step = depthOf(k);
  for (let k0 = 0; k0 < k; k0 += step) {
    const depth = min(step, k - k0);
    multiplyPanels(a + (<usize>k0 * aColumn << 2), aRow, aColumn, packed, c, cRow << 2, m, n, depth, k0 > 0, scratch);
    packed += packedBytes(n, depth);
  }
}

/**
 * Columns `from` to before `to` of `matmulPacked` for a single row, where both are multiples of `ROW_COLUMNS` but for the last one;
 * `scratch` holds `TILE_BYTES`.
 */
export function matmulColumns(
  a: usize, aColumn: usize, packed: usize, c: usize, from: i32, to: i32, n: i32, k: i32, scratch: usize,
): void {
  const step = depthOf(k);
  for (let k0 = 0; k0 < k; k0 += step) {
    const depth = min(step, k - k0);
    const panel = <usize>(TILE_COLUMNS << 2) * <usize>depth;
    const columns = packed + (<usize>from * <usize>depth << 2);
    multiplyLastRow(
      a + (<usize>k0 * aColumn << 2), aColumn << 2, columns, panel, depth, c + (<usize>from << 2), to - from, k0 > 0, scratch,
    );
    packed += packedBytes(n, depth);
  }
}

/**
 * C[m,n] = A[m,k] B[k,n]. Element (i, p) of A is at `a + 4 (i aRow + p aColumn)`, element (p, j) of B likewise: one stride of
 * each is 1. C is row-major and must not overlap the rest; `scratch` holds `matmulScratch(m, n, k)` bytes. An element does not depend
 * on how many rows there are beside it.
 */
export function matmulFloat32(
  a: usize, aRow: usize, aColumn: usize,
  b: usize, bRow: usize, bColumn: usize,
  c: usize, m: i32, n: i32, k: i32, scratch: usize,
): void {
  if (k == 0) memory.fill(c, 0, <usize>m * <usize>n << 2);
  else if (n == 1 && aColumn == 1 && bRow == 1) multiplyVector(a, aRow << 2, b, c, m, k);
  else if (k == 1 && bColumn == 1) multiplyOuter(a, aRow << 2, b, c, m, n);
  // A product with a vector is that of the vector, as a row, with the transposed matrix.
  else if (n == 1 && aRow == 1) multiplyMatrices(b, 0, bRow, a, aColumn, aRow, c, 1, m, k, scratch);
  else multiplyMatrices(a, aRow, aColumn, b, bRow, bColumn, c, m, n, k, scratch);
}

function multiplyMatrices(
  a: usize, aRow: usize, aColumn: usize,
  b: usize, bRow: usize, bColumn: usize,
  c: usize, m: i32, n: i32, k: i32, scratch: usize,
): void {
  const rowBytes = <usize>n << 2;
  const step = depthOf(k);
  const columns = m == 1 && bColumn == 1 ? n / ROW_COLUMNS * ROW_COLUMNS : 0;
  if (columns > 0) {
    // Too little is done with each element of B to move it first.
    for (let k0 = 0; k0 < k; k0 += step) {
      const depth = min(step, k - k0);
      for (let j = 0; j < columns; j += ROW_COLUMNS) {
        multiplyRowInPlace(a + (<usize>k0 * aColumn << 2), aColumn << 2, b + (<usize>k0 * bRow + <usize>j << 2), bRow << 2, depth, c + (<usize>j << 2), k0 > 0);
      }
    }
    b += <usize>columns << 2;
    c += <usize>columns << 2;
    n -= columns;
    if (n == 0) return;
  }
  const packedB = scratch + TILE_BYTES + 4 * <usize>step * <usize>roundUp(min(m, ROWS), TILE_ROWS);
  for (let k0 = 0; k0 < k; k0 += step) {
    const depth = min(step, k - k0);
    pack(b + (<usize>k0 * bRow << 2), packedB, n, depth, bColumn, bRow, TILE_COLUMNS);
    multiplyPanels(a + (<usize>k0 * aColumn << 2), aRow, aColumn, packedB, c, rowBytes, m, n, depth, k0 > 0, scratch);
  }
}

/** The products of the rows of A with a vector: four at a time, each summed by lanes. */
function multiplyVector(a: usize, rowBytes: usize, b: usize, c: usize, m: i32, k: i32): void {
  const end = b + (<usize>(k & ~3) << 2);
  const rest = k & 3;
  let i = 0;
  for (; i + 4 <= m; i += 4) {
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    let from = a;
    for (let at = b; at < end; at += 16) {
      const x = v128.load(at);
      s0 = multiplyAdd(x, v128.load(from), s0);
      s1 = multiplyAdd(x, v128.load(from + rowBytes), s1);
      s2 = multiplyAdd(x, v128.load(from + 2 * rowBytes), s2);
      s3 = multiplyAdd(x, v128.load(from + 3 * rowBytes), s3);
      from += 16;
    }
    store<f32>(c, sumLanes(s0, from, end, rest));
    store<f32>(c, sumLanes(s1, from + rowBytes, end, rest), 4);
    store<f32>(c, sumLanes(s2, from + 2 * rowBytes, end, rest), 8);
    store<f32>(c, sumLanes(s3, from + 3 * rowBytes, end, rest), 12);
    a += 4 * rowBytes;
    c += 16;
  }
  for (; i < m; i++) {
    let sum = f32x4.splat(0);
    let from = a;
    for (let at = b; at < end; at += 16) {
      sum = multiplyAdd(v128.load(at), v128.load(from), sum);
      from += 16;
    }
    store<f32>(c, sumLanes(sum, from, end, rest));
    a += rowBytes;
    c += 4;
  }
}

/** A sum from the sums of its lanes and the products that are left. */
function sumLanes(x: v128, a: usize, b: usize, rest: i32): f32 {
  let sum = f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 1) + (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3));
  for (let i: usize = 0; i < <usize>rest << 2; i += 4) sum += load<f32>(a + i) * load<f32>(b + i);
  return sum;
}

/** The products of a column and a row. */
function multiplyOuter(a: usize, aBytes: usize, b: usize, c: usize, m: i32, n: i32): void {
  const zero = f32x4.splat(0);
  for (let i = 0; i < m; i++) {
    const x = v128.load32_splat(a);
    const y = f32x4.extract_lane(x, 0);
    let j = 0;
    for (; j + 4 <= n; j += 4) v128.store(c + (<usize>j << 2), multiplyAdd(x, v128.load(b + (<usize>j << 2)), zero));
    for (; j < n; j++) store<f32>(c + (<usize>j << 2), y * load<f32>(b + (<usize>j << 2)) + 0);
    a += aBytes;
    c += <usize>n << 2;
  }
}

/** `multiplyRow` with columns of B, which lie side by side, where they are. */
function multiplyRowInPlace(a: usize, aBytes: usize, b: usize, bBytes: usize, depth: i32, c: usize, add: bool): void {
  let c0 = f32x4.splat(0);
  let c1 = f32x4.splat(0);
  let c2 = f32x4.splat(0);
  let c3 = f32x4.splat(0);
  let c4 = f32x4.splat(0);
  let c5 = f32x4.splat(0);
  let c6 = f32x4.splat(0);
  let c7 = f32x4.splat(0);
  for (let d = 0; d < depth; d++) {
    const x = v128.load32_splat(a);
    c0 = multiplyAdd(x, v128.load(b), c0);
    c1 = multiplyAdd(x, v128.load(b, 16), c1);
    c2 = multiplyAdd(x, v128.load(b, 32), c2);
    c3 = multiplyAdd(x, v128.load(b, 48), c3);
    c4 = multiplyAdd(x, v128.load(b, 64), c4);
    c5 = multiplyAdd(x, v128.load(b, 80), c5);
    c6 = multiplyAdd(x, v128.load(b, 96), c6);
    c7 = multiplyAdd(x, v128.load(b, 112), c7);
    a += aBytes;
    b += bBytes;
  }
  put(c, c0, add);
  put(c + 16, c1, add);
  put(c + 32, c2, add);
  put(c + 48, c3, add);
  put(c + 64, c4, add);
  put(c + 80, c5, add);
  put(c + 96, c6, add);
  put(c + 112, c7, add);
}

/** The words that describe a product to `matmulJob`. */
const A: usize = 0;
const A_ROW: usize = 4;
const A_COLUMN: usize = 8;
const B: usize = 12;
const B_ROW: usize = 16;
const B_COLUMN: usize = 20;
const C: usize = 24;
const M: usize = 28;
const N: usize = 32;
const K: usize = 36;
/** Steps of the inner dimension of a piece, each of which makes a product of its own: `PARTS` bytes apart, the first one in C. */
const PIECE: usize = 40;
const PARTS: usize = 44;
const SCRATCH: usize = 48;
const SCRATCH_BYTES: usize = 52;

/**
 * Rows `begin` to before `end` of the products of all pieces, each with its rows rounded up to those of a tile, one piece after the
 * other; a job for several threads. `args` is the address of the words above.
 */
export function matmulJob(begin: i32, end: i32, thread: i32, args: usize): void {
  const m = load<i32>(args, M);
  const n = load<i32>(args, N);
  const k = load<i32>(args, K);
  const piece = load<i32>(args, PIECE);
  const aRow = load<usize>(args, A_ROW);
  const aColumn = load<usize>(args, A_COLUMN);
  const bRow = load<usize>(args, B_ROW);
  const bColumn = load<usize>(args, B_COLUMN);
  const scratch = load<usize>(args, SCRATCH) + <usize>thread * load<usize>(args, SCRATCH_BYTES);
  const height = roundUp(m, TILE_ROWS);
  while (begin < end) {
    const part = begin / height;
    const row = begin - part * height;
    const rows = min(min(m, row + end - begin) - row, m - row);
    const k0 = part * piece;
    let c = load<usize>(args, C);
    if (part > 0) c = load<usize>(args, PARTS) + <usize>(part - 1) * (<usize>m * <usize>n << 2);
    matmulFloat32(
      load<usize>(args, A) + (<usize>row * aRow + <usize>k0 * aColumn << 2), aRow, aColumn,
      load<usize>(args, B) + (<usize>k0 * bRow << 2), bRow, bColumn,
      c + (<usize>row * <usize>n << 2), rows, n, min(piece, k - k0), scratch,
    );
    begin = (part + 1) * height;
  }
}

/** Adds `count` elements at `x` to those at `y`. */
export function addFloat32(x: usize, y: usize, count: i32): void {
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    v128.store(y, f32x4.add(v128.load(y), v128.load(x)));
    x += 16;
    y += 16;
  }
  for (; i < count; i++) {
    store<f32>(y, load<f32>(y) + load<f32>(x));
    x += 4;
    y += 4;
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
