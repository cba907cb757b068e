import { type Op, create, indexing, sizeOf } from '@tensorloom/graph';
import type { HostTensor } from '@tensorloom/runtime';
import { type Rule, rulesOf } from '../kernel.js';
import { around, rowMajor } from '../view.js';

/** Where in a tensor of shape `shape` the part begins that each index [..., k] names. */
export function startsOf(indices: HostTensor, shape: readonly number[]): Float32Array {
  const depth = indices.shape[indices.shape.length - 1];
  const strides = rowMajor(shape);
  return Float32Array.from({ length: sizeOf(indices.shape.slice(0, -1)) }, (_, i) => {
    let start = 0;
    for (let axis = 0; axis < depth; axis++) start += indices.data[i * depth + axis] * strides[axis];
    return start;
  });
}

/** Whether indices [..., k] are in the first k axes of `shape`. */
export function inAxes({ shape: [...outer], data }: HostTensor, shape: readonly number[]): boolean {
  const depth = outer[outer.length - 1];
  return data.every((index, i) => index >= 0 && index < shape[i % depth]);
}

/** Rules of the ops that read by index. */
export const gatherRules: readonly [Op, Rule][] = [
  ...rulesOf(indexing, {
    gather: {
      positions: [1],
      inRange: ([x, indices], _, { axis }) => indices.data.every((i) => i >= 0 && i < x.shape[axis]),
      plan([x, indices], _, { axis }) {
        const [, length, size] = around(x.shape, axis);
        return [
          {
            body: `
              const line = quotient(this.thread.x, size);
              const outer = quotient(line, count);
              const index = x1[line - outer * count];
              return x0[(outer * length + index) * size + this.thread.x - line * size];`,
            arrays: { x0: 0, x1: 1 },
            integers: { size, length, count: sizeOf(indices.shape) },
          },
        ];
      },
    },
    gatherNd: {
      positions: [1],
      inRange: ([x, indices]) => inAxes(indices, x.shape),
      plan([x, indices]) {
        const size = sizeOf(x.shape.slice(indices.shape[indices.shape.length - 1]));
        return [
          {
            body: `
              const part = quotient(this.thread.x, size);
              return x0[starts[part] + this.thread.x - part * size];`,
            arrays: { x0: 0, starts: startsOf(indices, x.shape) },
            integers: { size },
          },
        ];
      },
    },
  }),
  ...rulesOf(create, {
    // An index that float32 does not hold is beyond any depth, and stays so when it is rounded.
    oneHot: {
      rounded: [0],
      plan(_, [{ shape }], { axis }) {
        const [, depth, size] = around(shape, axis);
        return [
          {
            body: `
              const line = quotient(this.thread.x, size);
              const outer = quotient(line, depth);
              let value = x3[0];
              if (x0[outer * size + this.thread.x - line * size] === line - outer * depth) { value = x2[0]; }
              return value;`,
            arrays: { x0: 0, x2: 2, x3: 3 },
            integers: { size, depth },
          },
        ];
      },
    },
  }),
];
