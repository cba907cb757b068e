import { elementwise, matrix, reduce, shape, sizeOf } from '@tensorloom/graph';
import {
  type Backend,
  type DeviceTensor,
  type ElementwiseRegion,
  type Kernel,
  type KernelCall,
  broadcastStrides,
  kernelsOf,
  offsetsOf,
  outputsOf,
} from '@tensorloom/runtime';
import { conformance, summarize } from '@tensorloom/testkit';
import * as tl from 'tensorloom';
import { expect, test } from 'vitest';

/** Elements in the memory of the device, and how many handles hold them. */
interface Block {
  readonly data: Float32Array;
  references: number;
}
/** One reference. */
interface Handle {
  readonly block: Block;
  freed: boolean;
}
type Tensor = DeviceTensor<Handle>;
type Run<A = object> = Kernel<Handle, A>;

/** A device that holds float32, and does little more than add and multiply. */
export function tiny(): Backend<Handle> {
  const live = new Set<Block>();

  const hold = (block: Block, to: readonly number[]): Tensor => {
    block.references++;
    live.add(block);
    return { dtype: 'float32', shape: to, buffer: { block, freed: false } };
  };
  const make = (to: readonly number[], fill: (data: Float32Array) => void): Tensor => {
    const data = new Float32Array(sizeOf(to));
    fill(data);
    return hold({ data, references: 0 }, to);
  };
  const dataOf = ({ buffer }: Tensor): Float32Array => {
    if (buffer.freed) throw new Error('tiny: use of a tensor that was freed. Retain it once for each free.');
    return buffer.block.data;
  };
  const free = (x: Tensor): void => {
    dataOf(x);
    x.buffer.freed = true;
    const { block } = x.buffer;
    if (--block.references === 0) live.delete(block);
  };

  /** An expression of one element of each operand, which broadcast. */
  const each =
    (f: (xs: readonly number[]) => number): Run =>
    (operands) => {
      const to = operands.map((x) => x.shape).reduce(broadcast, []);
      const reads = operands.map((x) => ({ data: dataOf(x), at: offsetsOf(to, broadcastStrides(x.shape, to)) }));
      return make(to, (y) => y.forEach((_, i) => (y[i] = f(reads.map(({ data, at }) => data[at[i]])))));
    };
  /** The sum of the elements of x that each element of a result of another shape stands for. */
  const sumTo = (x: Tensor, kept: readonly number[], to: readonly number[]): Tensor =>
    make(to, (y) => {
      const at = offsetsOf(x.shape, broadcastStrides(kept, x.shape));
      const sums = new Float64Array(y.length);
      dataOf(x).forEach((v, i) => (sums[at[i]] += v));
      y.set(sums);
    });
  const view = (x: Tensor, to: readonly number[]): Tensor => (dataOf(x), hold(x.buffer.block, to));

  const { add, sub, mul, div, maximum, neg, square, sqrt, exp, log, tanh, sigmoid, relu } = elementwise;
  const known = { add, sub, mul, div, maximum, neg, square, sqrt, exp, log, tanh, sigmoid, relu };
  const scalars = new Map<tl.Op, (...xs: number[]) => number>(Object.values(known).map((op) => [op, op.scalar]));

  const fuse = ({ steps }: ElementwiseRegion): Run | undefined =>
    !steps.every(({ op }) => scalars.has(op))
      ? undefined
      : each((xs) => {
          const values = [...xs];
          for (const { op, operands } of steps) {
            values.push(Math.fround(scalars.get(op)?.(...operands.map((k) => values[k])) ?? NaN));
          }
          return values[values.length - 1];
        });

  return {
    name: 'tiny',
    description: 'plain arrays of float32',
    dtypes: new Set(['float32']),
    kernels: new Map([
      ...Object.values(known).map((op): [tl.Op, Run] => [op, each((xs) => op.scalar(...xs))]),
      ...kernelsOf<Handle, typeof matrix>(matrix, {
        biasAdd: each(([x, b]) => x + b),
        matmul([a, b], { attrs: { transposeA, transposeB } }) {
          const [rows, inner] = transposeA ? [a.shape[1], a.shape[0]] : a.shape;
          const columns = b.shape[transposeB ? 0 : 1];
          const [x, w] = [dataOf(a), dataOf(b)];
          return make([rows, columns], (y) => {
            for (let i = 0; i < y.length; i++) {
              const [row, column] = [Math.floor(i / columns), i % columns];
              for (let k = 0, sum = 0; k < inner; k++, y[i] = sum) {
                sum +=
                  x[transposeA ? k * rows + row : row * inner + k] *
                  w[transposeB ? column * inner + k : k * columns + column];
              }
            }
          });
        },
      }),
      ...kernelsOf<Handle, typeof reduce>(reduce, {
        sum([x], { attrs: { axes, keepDims } }) {
          const kept = x.shape.map((d, axis) => (axes === null || axes.includes(axis) ? 1 : d));
          return sumTo(x, kept, keepDims ? kept : x.shape.filter((_, axis) => axes !== null && !axes.includes(axis)));
        },
      }),
      ...kernelsOf<Handle, typeof shape>(shape, {
        reshape([x], { host: [to] }: KernelCall) {
          // Of -1 in `to` the op's own inference makes the length that is left.
          const [{ shape: whole }] = outputsOf(shape.reshape, [{ ...x, data: dataOf(x) }, to], {});
          return view(x, whole);
        },
        sumTo: ([x], { host: [to] }: KernelCall) => sumTo(x, Array.from(to.data), Array.from(to.data)),
        transpose([x], { attrs: { perm } }) {
          const strides = broadcastStrides(
            x.shape,
            x.shape.map((d) => d),
          ).map((s, i) => (x.shape[i] === 1 ? 0 : s));
          const to = perm.map((axis) => x.shape[axis]);
          const at = offsetsOf(
            to,
            perm.map((axis) => strides[axis]),
          );
          return make(to, (y) => y.forEach((_, i) => (y[i] = dataOf(x)[at[i]])));
        },
      }),
    ]),
    fuse,
    upload: ({ shape: to, data }) => make(to, (y) => y.set(data)),
    download: (x) => ({ dtype: 'float32', shape: x.shape, data: dataOf(x).slice() }),
    retain: (x) => view(x, x.shape),
    free,
    stats: () => ({
      handles: [...live].reduce((n, { references }) => n + references, 0),
      bytes: [...live].reduce((n, { data }) => n + data.byteLength, 0),
    }),
    dispose: () => live.clear(),
  };
}

/** The shape to which two shapes broadcast. */
function broadcast(a: readonly number[], b: readonly number[]): readonly number[] {
  const [long, short] = a.length < b.length ? [b, a] : [a, b];
  return long.map((d, i) => {
    const e = short[i - long.length + short.length] ?? 1;
    if (d !== e && d !== 1 && e !== 1)
      throw new RangeError(`the shapes [${a.join()}] and [${b.join()}] do not broadcast`);
    return d === 1 ? e : d;
  });
}

test('its kernels agree with the reference, and leave nothing behind', async () => {
  const report = await conformance(tiny());
  expect(report.filter((r) => r.kind === 'op' && r.status === 'passed')).toHaveLength(19);
  expect(summarize(report).own).toBe(19);
});

test('it trains a network, with what it lacks on the CPU', async () => {
  tl.setRandomSeed(1);
  const X = tl.placeholder('float32', [null, 5, 3]);
  const [, state] = tl.rnn.dynamicRnn(new tl.rnn.BasicRNNCell(8), X, { dtype: 'float32' });
  const loss = tl.reduceMean(tl.square(tl.layers.dense(state, 1).sub(1)));
  const step = new tl.train.AdamOptimizer({ learningRate: 0.05 }).minimize(loss);
  const backend = tiny();
  {
    await using sess = new tl.Session({ backend, allowSoftPlacement: true });
    await sess.run(tl.globalVariablesInitializer());
    const feeds = [[X, { shape: [4, 5, 3], data: Float32Array.from({ length: 60 }, (_, i) => Math.sin(i)) }]] as const;
    for (let i = 0; i < 50; i++) await sess.run(step, feeds);
    expect((await sess.run(loss, feeds)).item()).toBeLessThan(0.01);
    expect(sess.describe(step)).toMatch(/^tiny: .*MatMul.*\ncpu: /);
  }
  expect(backend.stats()).toEqual({ handles: 0, bytes: 0 });
});
