import type { CompiledExpressions } from '../emit/compile.js';
import type { Wasm } from '../wasm.js';

/** A loop that cannot be compiled; it runs op by op then. */
export class Unsupported extends Error {}

/** Where a pointer of the loop points, trip by trip. */
export type Pointer =
  /** Address 0: offsets are addresses. */
  | { readonly kind: 'absolute' }
  /** What is given, or the arena that the threads share, or that of each thread. */
  | { readonly kind: 'argument'; readonly word: number }
  | { readonly kind: 'shared' }
  | { readonly kind: 'own' }
  /** Memory for the kernels to work in, of each thread. */
  | { readonly kind: 'scratch' }
  /** The row of a sequence that belongs to the trip. */
  | { readonly kind: 'row'; readonly word: number; readonly bytes: number }
  /** What the trip begins with. */
  | { readonly kind: 'carry'; readonly word: number }
  /** One of two places in an arena, in turns: what the trip ends with, while what it began with is still there. */
  | { readonly kind: 'turns'; readonly arena: Pointer; readonly offset: number; readonly bytes: number };

/** Where a tensor lies: bytes after a pointer, and from one index to the next along each axis. */
export interface View {
  readonly pointer: Pointer;
  readonly offset: number;
  readonly strides: readonly number[];
}

/** An argument of a call. */
export type Operand =
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'float'; readonly value: number }
  /** An address; `row` more bytes for each row of the batch before the thread's first. */
  | { readonly kind: 'address'; readonly pointer: Pointer; readonly offset: number; readonly row: number }
  /** The rows of the batch that are the thread's, times a number. */
  | { readonly kind: 'rows'; readonly times: number };

/** The functions of the kernel module that loops call. */
export type KernelName = Exclude<keyof Wasm, 'matmulScratch' | 'packedBytes' | 'meetingBytes'>;

/** A call of a kernel, or of compiled expressions; 'copy' moves bytes: to, from, how many. */
export interface Call {
  readonly target: KernelName | CompiledExpressions | 'copy';
  readonly operands: readonly Operand[];
}

/** How the next trip's carry comes about, and where the loop leaves the last one. */
export interface Carry {
  readonly pointer: Pointer & { readonly kind: 'carry' };
  readonly next: View;
  readonly bytes: number;
  /** Whether its rows are those of the batch. */
  readonly batched: boolean;
  /** The argument with the address of the result. */
  readonly result: number;
}

/** A loop as calls with known addresses, for any number of threads, each with its own rows of the batch. */
export interface LoopProgram {
  /** Rows of the batch; `null` when the rows depend on each other, so that one thread computes them all, and others can but help it. */
  readonly batch: number | null;
  readonly body: readonly Call[];
  readonly cond: { readonly calls: readonly Call[]; readonly result: View } | null;
  readonly carries: readonly Carry[];
  readonly reverse: boolean;
}

/** The first words of the block of arguments. */
export const TRIPS = 0;
/** How often the loop ran. */
export const DONE = 1;
export const SHARED = 2;
export const OWN = 3;
/** Bytes of each thread's own memory, which begins with the scratch. */
export const OWN_BYTES = 4;
/** Where the threads meet that help with products. */
export const MEETING = 5;
export const FIRST_ARGUMENT = 6;

export const int = (value: number): Operand => ({ kind: 'int', value });
export const float = (value: number): Operand => ({ kind: 'float', value });
export const rows = (times = 1): Operand => ({ kind: 'rows', times });
