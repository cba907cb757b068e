import { shape as ops } from '@tensorloom/graph';
import type { HostTensor } from '@tensorloom/runtime';
import { floatsOf, moved } from './kernel.js';

/** How a kernel reads the operand of each element of a result: an expression, and what occurs in it. */
export interface Access {
  readonly expression: string;
  readonly array: Float32Array;
  readonly integers: Readonly<Record<string, number>>;
}

/**
 * Access to `x`, called `name`, as if it had been broadcast to the shape `y`. Broadcasts that repeat the elements in blocks, such
 * as scalars, rows and columns, are index arithmetic; what is repeated in several directions is written out first.
 */
export function broadcastAccess(name: string, x: HostTensor, y: readonly number[]): Access {
  const added = y.length - x.shape.length;
  const axes = y
    .map((length, i) => ({ length, kept: i >= added && x.shape[i - added] === length }))
    .filter(({ length }) => length !== 1);
  const first = axes.findIndex(({ kept }) => kept);
  const end = axes.map(({ kept }) => kept).lastIndexOf(true) + 1;
  if (first < 0) return { expression: `${name}[0]`, array: floatsOf(x), integers: {} };
  if (axes.slice(first, end).some(({ kept }) => !kept)) {
    const target: HostTensor = { dtype: 'int32', shape: [y.length], data: Int32Array.from(y) };
    return { expression: `${name}[this.thread.x]`, array: floatsOf(moved(ops.broadcastTo, [x, target])), integers: {} };
  }
  const repeat = axes.slice(end).reduce((n, { length }) => n * length, 1);
  const [repeats, recurs] = [repeat > 1, first > 0];
  const block = repeats ? `Math.floor(this.thread.x / ${name}Repeat)` : 'this.thread.x';
  return {
    expression: `${name}[${recurs ? `${block} % ${name}Length` : block}]`,
    array: floatsOf(x),
    integers: { ...(repeats && { [`${name}Repeat`]: repeat }), ...(recurs && { [`${name}Length`]: x.data.length }) },
  };
}
