import { withSharedMemory } from './emit/module.js';
import { plain, relaxed } from './generated/kernels.js';
import type { Memory } from './memory.js';
import { enableRelaxedSimd } from './relaxed-simd.js';
import type { Job } from './threads/pool.js';

/** A reduction of [outer, reduced, inner] elements at `source` to [outer, inner] at `target`: to a value, or to an index. */
type Reduction = (source: number, target: number, outer: number, reduced: number, inner: number) => void;
/** A reduction whose results are divided. */
type Sum = (source: number, target: number, outer: number, reduced: number, inner: number, divisor: number) => void;

/** A product; a matrix is an address and the elements between its rows and between its columns. */
type Matmul = (
  ...args: [
    ...[a: number, aRow: number, aColumn: number],
    ...[b: number, bRow: number, bColumn: number],
    ...[c: number, m: number, n: number, k: number],
  ]
) => void;

type Four<T> = [T, T, T, T];
/** Four lengths, four strides in the source and four in the target, in bytes. */
type Move = (source: number, target: number, ...axes: [...Four<number>, ...Four<number>, ...Four<number>]) => void;
type AddParts = (
  ...args: [source: number, ids: number, target: number, parts: number, size: number, length: number]
) => void;
type OneHot = (
  ...args: [indices: number, on: number, off: number, target: number, outer: number, depth: number, inner: number]
) => void;

/** The functions of assembly/, where they are documented. */
export interface Wasm {
  matmulScratch: (m: number, n: number, k: number) => number;
  matmulFloat32: (...args: [...Parameters<Matmul>, scratch: number]) => void;
  packedBytes: (n: number, k: number) => number;
  packFloat32: (...args: [b: number, bRow: number, bColumn: number, packed: number, n: number, k: number]) => void;
  matmulPacked: (
    ...args: [
      ...[a: number, aRow: number, aColumn: number, packed: number],
      ...[c: number, cRow: number, m: number, n: number, k: number, scratch: number],
    ]
  ) => void;
  multiplyTogether: (
    ...args: [meeting: number, a: number, aColumn: number, packed: number, c: number, n: number, k: number]
  ) => void;
  meetingBytes: (threads: number) => number;
  comeTogether: (meeting: number, threads: number) => void;
  goHome: (meeting: number) => void;
  helpJob: Job;
  matmulJob: Job;
  sumJob: Job;
  copyRowsJob: Job;
  addFloat32: (x: number, y: number, count: number) => void;
  matmulFloat64: Matmul;
  matmulInt32: Matmul;
  sumFloat32: Sum;
  sumFloat64: Sum;
  sumInt32: Reduction;
  prodFloat32: Reduction;
  prodFloat64: Reduction;
  prodInt32: Reduction;
  maxFloat32: Reduction;
  maxFloat64: Reduction;
  maxInt32: Reduction;
  maxBool: Reduction;
  minFloat32: Reduction;
  minFloat64: Reduction;
  minInt32: Reduction;
  minBool: Reduction;
  copyRows: (
    source: number,
    sourceStride: number,
    target: number,
    targetStride: number,
    rows: number,
    bytes: number,
  ) => void;
  gatherParts: (
    ...args: [
      ...[source: number, indices: number, target: number],
      ...[outer: number, length: number, count: number, bytes: number],
    ]
  ) => void;
  addPartsFloat32: AddParts;
  addPartsFloat64: AddParts;
  addPartsInt32: AddParts;
  argMaxFloat32: Reduction;
  argMaxFloat64: Reduction;
  argMaxInt32: Reduction;
  argMinFloat32: Reduction;
  argMinFloat64: Reduction;
  argMinInt32: Reduction;
  move1: Move;
  move4: Move;
  move8: Move;
  oneHot1: OneHot;
  oneHot4: OneHot;
  oneHot8: OneHot;
}

/** Which instructions kernels use: relaxed SIMD has fused multiply-add. */
export type Simd = 'plain' | 'relaxed';

/** The fastest instructions this engine has, or those asked for. Throws when it lacks them. */
export function chooseSimd(wanted: Simd | 'auto'): Simd {
  if (wanted !== 'plain' && enableRelaxedSimd(decode(relaxed))) return 'relaxed';
  if (wanted === 'relaxed') {
    throw new Error("cpu: this JavaScript engine has no relaxed SIMD. Use simd: 'auto', or Node 20 or later.");
  }
  if (!WebAssembly.validate(decode(plain))) {
    throw new Error('cpu: this JavaScript engine has no WebAssembly SIMD. Use Node 20 or a browser of 2023 or later.');
  }
  return 'plain';
}

/** The kernels, working on a memory, and their module, of which other threads make instances of their own. */
export interface Kernels {
  readonly wasm: Wasm;
  readonly module: WebAssembly.Module;
}

/** The kernels, working on `memory`. */
export function instantiate(simd: Simd, memory: Memory): Kernels {
  const bytes = decode(simd === 'plain' ? plain : relaxed);
  const module = new WebAssembly.Module(memory.isShared ? withSharedMemory(bytes) : bytes);
  const { exports } = new WebAssembly.Instance(module, { env: { memory: memory.memory } });
  // The types of a module's exports are known to nobody but this file.
  return { wasm: exports as unknown as Wasm, module };
}

const decode = (base64: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
