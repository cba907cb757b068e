import { type DType, type Op, indexing, matrix, mixed } from '@tensorloom/graph';
import { always } from './kernels/alias.js';
import { rules } from './kernels/index.js';

const reasons: ReadonlyMap<Op, string> = new Map<Op, string>([
  [matrix.orthonormalize, 'each column waits for those before it, and is computed in double precision'],
  [indexing.firstPosition, 'it compares int32, of which float32 holds those up to 2^24 only'],
]);

/** Why an op on elements of `dtype` is computed in host memory; nothing when gpu.js computes it. */
export function inHostMemory(op: Op, dtype: DType): string | undefined {
  if (always.includes(op)) return undefined;
  if (!rules.has(op)) return reasons.get(op) ?? 'no kernel of gpu.js computes it';
  return dtype === 'int32' && op !== mixed.cast ? 'float32 holds int32 up to 2^24 only' : undefined;
}
