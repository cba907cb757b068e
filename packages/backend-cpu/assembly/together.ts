// Products of one row whose columns several threads compute together: one of them runs a program, and the others help it with each
// product, as far as they come to it. Nobody is waited for who has not begun, and not for long who has: what a helper computes it keeps to
// itself until it is done, so that the first thread may do it instead. So a thread that does not get to run costs next to nothing.
import { matmulColumns } from './matmul';

/** Columns of a part, of which each is somebody's: a multiple of `ROW_COLUMNS`. */
const COLUMNS: i32 = 128;
/** Parts that may be had at once. */
const PARTS: i32 = 64;
/** How often the first thread looks for a helper to finish, for each step of the inner dimension: about twice as long as it takes itself. */
const PATIENCE: i32 = 16;

/** The words on which threads meet: the number of the product, from 1 on; `OVER` after the last. */
const PRODUCT: usize = 0;
const OVER: i32 = -1;
/** Whether there may be helpers, and the product. */
const HELPERS: usize = 64;
const A: usize = 68;
const A_COLUMN: usize = 72;
const PACKED: usize = 76;
const C: usize = 80;
const N: usize = 84;
const K: usize = 88;
const FIRST: usize = 92;
/** For each part, the number of the product times four, and what happens to the part. */
const STATES: usize = 128;
const FREE: i32 = 0;
const TAKEN: i32 = 1;
/** A helper puts it where it belongs. */
const PUT: i32 = 2;
const DONE: i32 = 3;
/** Memory of each thread: a part, and scratch memory. */
const OWN: usize = STATES + (<usize>PARTS << 2);
const OWN_SCRATCH: usize = <usize>COLUMNS << 2;
const OWN_BYTES: usize = OWN_SCRATCH + 128;

/** Parts that a product is cut into from its column `first` on, at most `PARTS`. */
// @ts-ignore: decorator
@inline
function partsOf(first: i32, n: i32): i32 {
  return min(PARTS, (n - first + COLUMNS - 1) / COLUMNS);
}

/** `matmulPacked` for a single row, with what help there is. */
export function multiplyTogether(meeting: usize, a: usize, aColumn: usize, packed: usize, c: usize, n: i32, k: i32): void {
  if (!load<i32>(meeting, HELPERS)) {
    matmulColumns(a, aColumn, packed, c, 0, n, n, k, meeting + OWN);
    return;
  }
  store<usize>(meeting, a, A);
  store<usize>(meeting, aColumn, A_COLUMN);
  store<usize>(meeting, packed, PACKED);
  store<usize>(meeting, c, C);
  store<i32>(meeting, n, N);
  store<i32>(meeting, k, K);
  for (let first = 0; first < n; first += PARTS * COLUMNS) {
    store<i32>(meeting, first, FIRST);
    multiplyParts(meeting, a, aColumn, packed, c, first, n, k);
  }
}

function multiplyParts(
  meeting: usize, a: usize, aColumn: usize, packed: usize, c: usize, first: i32, n: i32, k: i32,
): void {
  const product = load<i32>(meeting, PRODUCT) + 1;
  const tag = product << 2;
  const parts = partsOf(first, n);
  const states = meeting + STATES;
  const scratch = meeting + OWN + OWN_SCRATCH;
  for (let part = 0; part < parts; part++) atomic.store<i32>(states + (<usize>part << 2), tag | FREE);
  atomic.store<i32>(meeting, product, PRODUCT);
  // From the first part on, helpers from the last one: so each finds most of its columns in its cache at the next trip.
  for (let part = 0; part < parts; part++) {
    if (atomic.cmpxchg<i32>(states + (<usize>part << 2), tag | FREE, tag | DONE) != (tag | FREE)) continue;
    const from = first + part * COLUMNS;
    matmulColumns(a, aColumn, packed, c, from, min(n, from + COLUMNS), n, k, scratch);
  }
  let patience = k * PATIENCE;
  for (let part = parts - 1; part >= 0; part--) {
    const at = states + (<usize>part << 2);
    while (atomic.load<i32>(at) == (tag | TAKEN) && patience > 0) patience--;
    if (atomic.cmpxchg<i32>(at, tag | TAKEN, tag | DONE) == (tag | TAKEN)) {
      const from = first + part * COLUMNS;
      matmulColumns(a, aColumn, packed, c, from, min(n, from + COLUMNS), n, k, scratch);
    }
    while (atomic.load<i32>(at) != (tag | DONE)) {}
  }
}

/** Helps the thread that calls `multiplyTogether`, until it calls `goHome`: a job, of which the first two parameters say nothing. */
export function helpJob(_begin: i32, _end: i32, thread: i32, meeting: usize): void {
  const own = meeting + OWN + <usize>thread * OWN_BYTES;
  let last = 0;
  for (;;) {
    const product = atomic.load<i32>(meeting, PRODUCT);
    if (product == OVER) return;
    if (product == last) continue;
    last = product;
    // Read before a part is taken: what is read of a product that is over meanwhile is nonsense, and then none of its parts is free.
    const a = load<usize>(meeting, A);
    const aColumn = load<usize>(meeting, A_COLUMN);
    const packed = load<usize>(meeting, PACKED);
    const c = load<usize>(meeting, C);
    const n = load<i32>(meeting, N);
    const k = load<i32>(meeting, K);
    const first = load<i32>(meeting, FIRST);
    const tag = product << 2;
    for (let part = partsOf(first, n) - 1; part >= 0; part--) {
      const at = meeting + STATES + (<usize>part << 2);
      if (atomic.cmpxchg<i32>(at, tag | FREE, tag | TAKEN) != (tag | FREE)) continue;
      const from = first + part * COLUMNS;
      const to = min(n, from + COLUMNS);
      matmulColumns(a, aColumn, packed, own - (<usize>from << 2), from, to, n, k, own + OWN_SCRATCH);
      if (atomic.cmpxchg<i32>(at, tag | TAKEN, tag | PUT) != (tag | TAKEN)) break;
      memory.copy(c + (<usize>from << 2), own, <usize>(to - from) << 2);
      atomic.store<i32>(at, tag | DONE);
    }
  }
}

/** Bytes of a meeting place for so many threads. */
export function meetingBytes(threads: i32): usize {
  return OWN + <usize>threads * OWN_BYTES;
}

/** Prepares a meeting place, before the first product. */
export function comeTogether(meeting: usize, threads: i32): void {
  memory.fill(meeting, 0, STATES);
  store<i32>(meeting, <i32>(threads > 1), HELPERS);
}

/** Lets helpers go, after the last product. */
export function goHome(meeting: usize): void {
  atomic.store<i32>(meeting, OVER, PRODUCT);
}
