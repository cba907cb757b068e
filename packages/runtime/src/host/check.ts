import { type AttrsOf, type Op, type TypedArray, check, shortestFloat32 } from '@tensorloom/graph';
import type { HostTensor } from '../backend.js';
import type { HostKernel } from './host-kernel.js';

/** What is not finite among the elements: 'NaN', 'Inf' (of either sign), 'NaN and Inf'; `null` when all are finite. */
export function nonFinite(data: TypedArray): string | null {
  const found: string[] = [];
  if (data.some((v) => Number.isNaN(v))) found.push('NaN');
  if (data.some((v) => Math.abs(v) === Infinity)) found.push('Inf');
  return found.length === 0 ? null : found.join(' and ');
}

/** Values as TensorFlow's `tf.Print` shows them: `[1 2 3...]`, `[[1 2][3...]...]`, of each the first `limit` elements. */
export const showValues = (values: readonly HostTensor[], limit: number | null): string =>
  values.map((v) => `[${summary(v, limit ?? Infinity)}]`).join('');

function summary({ dtype, shape, data }: HostTensor, limit: number): string {
  let next = 0;
  const row = (axis: number): string => {
    if (axis === shape.length) {
      const v = data[next++];
      return `${dtype === 'float32' ? shortestFloat32(v) : v}`;
    }
    const last = axis === shape.length - 1;
    let out = '';
    for (let i = 0; i < shape[axis]; i++) {
      if (next >= limit) return last && axis > 0 ? `${out}...` : out;
      out += last ? `${i > 0 ? ' ' : ''}${row(axis + 1)}` : `[${row(axis + 1)}]`;
    }
    return out;
  };
  return `${row(0)}${data.length > limit ? '...' : ''}`;
}

/** Assertions run on the host: a run that fails one stops there. */
const assertion: HostKernel = ([condition, ...data], attrs) => {
  if (condition.data.some((v) => v === 0)) {
    const { message, summarize } = attrs as AttrsOf<typeof check.assert>;
    throw new Error(`Assert: ${message}${data.length > 0 ? ' ' : ''}${showValues(data, summarize)}`);
  }
  return [];
};

export const checkKernels: readonly (readonly [Op, HostKernel])[] = [[check.assert, assertion]];
