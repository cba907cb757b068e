import { Const, Placeholder } from '../graph.js';
import type { Op } from '../op.js';
import { families } from '../ops/families.js';
import { NoOp } from '../scopes.js';

/** The fewest and the most inputs that an op takes. */
export type InputCount = readonly [least: number, most: number];

const none: InputCount = [0, 0];
const one: InputCount = [1, 1];
const two: InputCount = [2, 2];
const three: InputCount = [3, 3];
const oneOrMore: InputCount = [1, Infinity];

type FamilyInputs = {
  readonly [F in keyof typeof families]: { readonly [K in keyof (typeof families)[F]]: InputCount };
};

const each = <O extends Op, F extends Readonly<Record<string, O>>>(
  family: F,
  countOf: (op: F[keyof F]) => InputCount,
): { readonly [K in keyof F]: InputCount } =>
  Object.fromEntries(Object.entries(family).map(([name, op]) => [name, countOf(op as F[keyof F])])) as {
    readonly [K in keyof F]: InputCount;
  };

const all = <F extends Readonly<Record<string, Op>>>(family: F, count: InputCount) => each(family, () => count);

/** Inference takes for granted that inputs are as many as the functions that users call make them: files have to be asked. */
const byFamily: FamilyInputs = {
  // As many as the scalar function of each has parameters.
  elementwise: each(families.elementwise, ({ scalar }) => [scalar.length, scalar.length]),
  mixed: { select: three, cast: one },
  shape: {
    shape: one,
    dim: one,
    reshape: two,
    transpose: one,
    expandDims: one,
    squeeze: one,
    concat: oneOrMore,
    pack: oneOrMore,
    unpack: one,
    split: two,
    slice: three,
    pad: two,
    reverse: one,
    broadcastTo: two,
    sumTo: two,
  },
  strided: { stridedSlice: [4, 4], stridedSliceGrad: [5, 5] },
  reduce: all(families.reduce, one),
  matrix: { matmul: two, batchMatmul: two, biasAdd: two, orthonormalize: one },
  create: { fill: two, range: three, oneHot: [4, 4] },
  indexing: {
    gather: two,
    gatherNd: two,
    scatterNd: three,
    unsortedSegmentSum: three,
    tensorScatterUpdate: three,
    tensorScatterAdd: three,
    firstPosition: one,
  },
  alongAxis: { argMax: one, argMin: one, cumsum: one, topK: two, reverseSequence: two },
  random: {
    ...all(families.random, one),
    uniformInt: three,
    multinomial: two,
    logUniformCandidates: three,
    uniformCandidates: three,
    weightedCandidates: three,
    learnedCandidates: [4, 4],
  },
  state: { ...all(families.state, one), read: none, scatterUpdate: two, scatterAdd: two },
  list: {
    reserve: one,
    stack: [2, 3],
    unstack: two,
    length: one,
    lengths: one,
    get: [2, 3],
    put: three,
    pick: two,
    place: three,
    split: [2, 3],
    concat: [1, 3],
    add: two,
  },
  control: {
    identity: one,
    loop: [0, Infinity],
    cond: oneOrMore,
    assumeShape: one,
    placeholderWithDefault: one,
    stopGradient: one,
    customGradient: oneOrMore,
  },
  check: { assert: oneOrMore, checkNumerics: one, print: oneOrMore },
};

const counts: Readonly<Record<string, Readonly<Record<string, InputCount>>>> = byFamily;

const byOp: ReadonlyMap<Op, InputCount> = new Map<Op, InputCount>([
  [Placeholder, none],
  [Const, none],
  [NoOp, none],
  ...Object.entries(families).flatMap(([family, ops]) =>
    Object.entries(ops).map(([name, op]): [Op, InputCount] => [op, counts[family][name]]),
  ),
]);

/** How many inputs an op takes; of ops of one's own nothing is known. */
export const inputCount = (op: Op): InputCount => byOp.get(op) ?? [0, Infinity];
