import { gradients } from '@tensorloom/autodiff';
import {
  NDArray,
  type Node,
  type Tensor,
  type Variable,
  Graph,
  concat,
  cond,
  constant,
  controlDependencies,
  identity,
  matmul,
  placeholder,
  randomUniform,
  reduceMean,
  reduceSum,
  scan,
  setRandomSeed,
  sigmoid,
  stack,
  tanh,
  transpose,
  variable,
  where,
  whileLoop,
  withGraph,
} from '@tensorloom/graph';
import fc from 'fast-check';

/** A graph of tensors of shape [2, 3], and what to run of it. */
export interface RandomGraph {
  readonly fetches: readonly Tensor[];
  readonly targets: readonly Node[];
  readonly feeds: readonly (readonly [Tensor, NDArray])[];
  readonly variables: readonly (readonly [Variable, NDArray])[];
}

interface Recipe {
  readonly steps: readonly {
    readonly kind: keyof typeof builders;
    readonly a: number;
    readonly b: number;
    readonly k: number;
  }[];
  readonly fetched: readonly number[];
  /** Which tensor is fed although it could be computed; none when negative. */
  readonly fed: number;
}

/** What instructions draw on and add to. */
interface Bench {
  readonly a: Tensor;
  readonly b: Tensor;
  readonly k: number;
  readonly weights: Variable;
  readonly state: Variable;
  readonly targets: Node[];
}

const W = [
  [0.5, -0.25, 0.125],
  [0.75, 0.5, -0.5],
  [-0.125, 0.25, 0.625],
];

const turn = ({ b, k, weights }: Bench, y: Tensor): Tensor =>
  [
    () => y.mul(b).tanh(),
    () => y.add(b).sigmoid(),
    () => matmul(y, weights).tanh(),
    () => y.sub(reduceMean(y, 1, { keepdims: true })),
  ][k]();

const count = (): Tensor => constant(0, { dtype: 'int32' });

const builders = {
  add: ({ a, b }: Bench) => a.add(b),
  mul: ({ a, b }: Bench) => a.mul(b),
  same: ({ a, k }: Bench) => a.mul(k).add(-0),
  tanh: ({ a }: Bench) => tanh(a),
  sigmoid: ({ a }: Bench) => sigmoid(a),
  matmul: ({ a, k }: Bench) => matmul(a, k === 0 ? transpose(constant(W)) : constant(W)),
  products: ({ a, b }: Bench) => matmul(matmul(a, b, { transposeB: true }), b),
  centred: ({ a, k }: Bench) => a.sub(reduceMean(a, k % 2, { keepdims: true })),
  swapped: ({ a, b }: Bench) => concat([a, b], 1).slice([0, 2], [2, 3]),
  transposed: ({ a, b }: Bench) => transpose(transpose(a).add(transpose(b))),
  larger: ({ a, b }: Bench) => where(a.greater(b), a, b),
  drawn: ({ k }: Bench) => randomUniform([2, 3], { seed: k }),
  read: ({ a, state }: Bench) => a.mul(state),
  assigned({ a, state, targets }: Bench) {
    const next = state.assign(tanh(a));
    targets.push(next.op);
    return next;
  },
  readAfter: ({ a, state }: Bench) => controlDependencies([state.assignAdd(tanh(a))], () => state.readValue()),
  passedOn: ({ a, b, state }: Bench) => controlDependencies([state.assign(tanh(b))], () => identity(a)),
  counted: (bench: Bench) =>
    whileLoop(
      (i) => i.less(bench.k),
      (i, y) => [i.add(1), turn(bench, y)],
      [count(), bench.a],
    )[1],
  until: (bench: Bench) =>
    whileLoop(
      (y) => reduceSum(y.mul(y)).greater(0.5),
      (y) => [turn(bench, y).mul(0.75)],
      [bench.a],
      { maximumIterations: 4 },
    )[0],
  nested: (bench: Bench) =>
    whileLoop(
      (i) => i.less(2),
      (i, y) => [i.add(1), builders.counted({ ...bench, a: y })],
      [count(), bench.a],
    )[1],
  randomLoop: ({ a, k }: Bench) =>
    whileLoop(
      (i) => i.less(2),
      (i, y) => [i.add(1), y.mul(randomUniform([2, 3], { seed: k }))],
      [count(), a],
    )[1],
  scanned: (bench: Bench) =>
    scan((y, row) => turn(bench, y).add(row), stack([bench.a, bench.b]), {
      initializer: bench.a,
      reverse: bench.k === 0,
    })
      .slice([1, 0, 0], [1, 2, 3])
      .squeeze([0]),
  chosen: (bench: Bench) =>
    cond(
      reduceSum(bench.a).greater(0),
      () => turn(bench, bench.a),
      () => bench.b,
    ),
  gradient: ({ a, b }: Bench) => gradients(reduceSum(a.mul(a)), b)[0] ?? b,
};

const kinds = Object.keys(builders) as (keyof typeof builders)[];

const recipes: fc.Arbitrary<Recipe> = fc.record({
  steps: fc.array(fc.record({ kind: fc.constantFrom(...kinds), a: fc.nat(20), b: fc.nat(20), k: fc.nat(3) }), {
    minLength: 2,
    maxLength: 9,
  }),
  fetched: fc.array(fc.nat(20), { maxLength: 3 }),
  fed: fc.integer({ min: -20, max: 20 }),
});

const values = (shift: number, shape: readonly number[] = [2, 3]): NDArray => {
  const size = shape.reduce((x, y) => x * y, 1);
  return new NDArray(
    'float32',
    shape,
    Float32Array.from({ length: size }, (_, i) => Math.sin(1.7 * i + shift)),
  );
};

function build({ steps, fetched, fed }: Recipe): RandomGraph {
  return withGraph(new Graph(), () => {
    setRandomSeed(7);
    const x = placeholder('float32', [null, 3], { name: 'x' });
    const y = placeholder('float32', [2, 3], { name: 'y' });
    const weights = variable(constant(W), { name: 'weights' });
    const state = variable(constant(values(3)), { name: 'state' });
    const targets: Node[] = [];
    const pool: Tensor[] = [x, y];
    const pick = (i: number): Tensor => pool[pool.length - 1 - (i % pool.length)];
    for (const { kind, a, b, k } of steps) {
      pool.push(builders[kind]({ a: pick(a), b: pick(b), k, weights, state, targets }));
    }
    const feeds = [[x, values(0)] as const, [y, values(1)] as const];
    const also = fed < 0 ? x : pick(fed);
    return {
      fetches: [pool[pool.length - 1], ...fetched.map(pick)],
      targets,
      feeds: also === x || also === y ? feeds : [...feeds, [also, values(2)] as const],
      variables: [
        [weights, values(4, [3, 3])],
        [state, values(3)],
      ],
    };
  });
}

/** Random small graphs: elementwise ops, matmul, reductions, moves, random numbers, variables, loops, branches, and gradients of them. */
export const randomGraphs: fc.Arbitrary<RandomGraph> = recipes.map(build);
