import { gradients, hvp } from '@tensorloom/autodiff';
import {
  type Tensor,
  TensorArray,
  cast,
  cond,
  constant,
  controlDependencies,
  globalVariablesInitializer,
  mapFn,
  matmul,
  multinomial,
  placeholder,
  randomNormal,
  randomShuffle,
  randomUniform,
  range,
  reduceMax,
  reduceSum,
  scan,
  stack,
  tanh,
  truncatedNormal,
  variable,
  whileLoop,
} from '@tensorloom/graph';
import type { ConformanceProgram } from './program.js';

const wave = (...shape: number[]) => ({
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(1.3 * i)),
});
const weights = () =>
  constant(
    Float32Array.from({ length: 9 }, (_, i) => 0.4 * Math.cos(i)),
    { shape: [3, 3] },
  );
const present = (ds: readonly (Tensor | null)[]): Tensor[] => ds.flatMap((d) => d ?? []);

/** h' = tanh(h W + row), over the rows of a sequence. */
const recurrence = (x: Tensor, w: Tensor, options: object = {}): Tensor =>
  scan((h: Tensor, row: Tensor) => tanh(matmul(h, w).add(row)), x, {
    initializer: constant(wave(2, 3).data, { shape: [2, 3] }),
    ...options,
  });

/** Programs of the graph, of control flow and of gradients, which a backend runs when its kernels are right. */
export const programs: readonly ConformanceProgram[] = [
  {
    name: 'a loop whose length follows from data, with its gradient',
    build() {
      const x = placeholder('float32', [2, 3]);
      const [y] = whileLoop(
        (h) => reduceMax(h).less(40),
        (h) => [h.mul(1.5).add(x.square())],
        [x],
      );
      return { fetches: [y, ...present(gradients(reduceSum(y), x))], feeds: [[x, wave(2, 3)]] };
    },
  },
  {
    name: 'a scan, with gradients of orders 1 and 2',
    build() {
      const [x, w] = [placeholder('float32', [null, 2, 3]), weights()];
      const loss = reduceSum(recurrence(x, w).square());
      const [dw, dx] = present(gradients(loss, [w, x]));
      return { fetches: [loss, dw, dx, ...present([hvp(loss, w, w.mul(0.5))])], feeds: [[x, wave(5, 2, 3)]] };
    },
  },
  {
    name: 'saved values in host memory, and steps computed again',
    build() {
      const [x, w] = [placeholder('float32', [null, 2, 3]), weights()];
      const kept = [{ swapMemory: true }, { checkpointEvery: 2 }];
      const fetches = kept.flatMap((how) => present(gradients(reduceSum(recurrence(x, w, how)), [w, x])));
      return { fetches, feeds: [[x, wave(5, 2, 3)]] };
    },
  },
  {
    name: 'lists: written in any order, one element never, read, stacked and concatenated',
    build() {
      const x = placeholder('float32', [3]);
      const full = new TensorArray('float32', 4, { elementShape: [3] }).write(2, x.mul(2)).write(0, x);
      const whole = full.stack();
      const grown = new TensorArray('float32', 0, { dynamicSize: true, inferShape: false, elementShape: [null, 3] })
        .write(0, stack([x, x.neg()]))
        .write(1, stack([x.exp()]));
      const joined = grown.concat();
      return {
        fetches: [
          whole,
          full.read(2),
          joined,
          ...present(gradients(reduceSum(joined).add(reduceSum(whole.square())), x)),
        ],
        feeds: [[x, wave(3)]],
      };
    },
  },
  {
    name: 'branches, with gradients, and a function of every row',
    build() {
      const x = placeholder('float32', [4, 2]);
      const branch = (positive: boolean): Tensor =>
        cond(
          reduceSum(x.square()).greater(positive ? 0 : 100),
          () => x.exp(),
          () => x.mul(3),
        );
      const rows = mapFn((row: Tensor) => reduceSum(row.square()).mul(row), x);
      const ys = [branch(true), branch(false), rows];
      return { fetches: ys.flatMap((y) => [y, ...present(gradients(y, x))]), feeds: [[x, wave(4, 2)]] };
    },
  },
  {
    name: 'variables: a run sees what it began with, assignments in their order',
    build() {
      const v = variable(weights());
      const moved = v.assignSub(v.mul(0.1));
      const later = controlDependencies([moved], () => v.readValue());
      return { fetches: [v.value(), moved, later], init: globalVariablesInitializer(), runs: 3 };
    },
  },
  {
    name: 'random numbers: the same bits everywhere, going on from run to run',
    build() {
      const fetches = [
        randomUniform([3, 2]),
        randomUniform([5], { minval: 0, maxval: 100, dtype: 'int32' }),
        randomNormal([4]),
        truncatedNormal([4]),
        randomShuffle(range(6)),
        multinomial([[0.1, 0.5, 0.2]], 4),
      ];
      return { fetches, runs: 2 };
    },
  },
  {
    name: 'integers and booleans beside floats',
    build() {
      const n = placeholder('int32', [4]);
      const big = n.mul(3).add(16777217);
      const odd = n.mod(2).equal(1);
      return {
        fetches: [big, odd, cast(odd, 'float32').mul(cast(n, 'float32')), reduceSum(big)],
        feeds: [[n, [16777217, -5, 2, 2147483]]],
      };
    },
  },
  {
    name: 'an error at run time names its node, and leaves nothing behind',
    build() {
      const [a, b] = [placeholder('float32', [null]), placeholder('float32', [null])];
      const sum = a.exp().add(b, { name: 'sum' });
      const fails = /'sum' = Add\(/;
      return {
        fetches: [sum],
        feeds: [
          [a, [1, 2]],
          [b, [1, 2, 3]],
        ],
        fails,
        runs: 2,
      };
    },
  },
];
