import {
  type DType,
  type ElementwiseOp,
  type NDArray,
  type Op,
  elementwise,
  matrix,
  mixed,
  reduce,
  shape as moving,
  showShape,
  sizeOf,
  tensorSpec,
} from '@tensorloom/graph';
import fc from 'fast-check';
import { ndarrays, shapes } from '../arbitraries.js';
import { samplers } from '../samples/index.js';
import type { Sample } from '../samples/sampler.js';

/** Which of the values there are: the newest for 0, the one before it for 1, and so on, from the newest again after the oldest. */
export type Pick = number;

/** An elementwise op on values whose shapes broadcast. */
export interface ElementwiseStep {
  readonly kind: 'elementwise';
  readonly op: ElementwiseOp;
  readonly dtype: DType;
  readonly picks: readonly Pick[];
}

/** Any other op on values put into the shapes of a sample, its other operands as in the sample. */
export interface SampledStep {
  readonly kind: 'sampled';
  readonly op: Op;
  readonly dtype: DType;
  readonly sample: Sample;
  readonly picks: readonly Pick[];
  /** Axes of the operands whose lengths only a run shall know; with any, its host operands are computed by the run too. */
  readonly open: readonly number[];
}

/** Random numbers. */
export interface RandomStep {
  readonly kind: 'random';
  readonly distribution: 'uniform' | 'uniformInt' | 'normal' | 'truncatedNormal';
  readonly shape: readonly number[];
  readonly seed: number | undefined;
}

/** A step of the same list once more, with the same operands: something for the passes to share. */
export interface RepeatStep {
  readonly kind: 'repeat';
  readonly pick: Pick;
}

/** A new variable. */
export interface VariableStep {
  readonly kind: 'variable';
  readonly initial: NDArray;
}
/** An assignment to one of the variables there are, and a read after it. */
export interface AssignStep {
  readonly kind: 'assign';
  readonly how: 'assign' | 'assignAdd' | 'assignSub';
  readonly variable: Pick;
  readonly pick: Pick;
}

/** Control flow; what a body computes last is its result, a float of the given shape. */
export interface ControlStep {
  readonly kind: 'cond' | 'while' | 'scan';
  readonly shape: readonly number[];
  readonly row: readonly number[];
  readonly length: number;
  readonly reverse: boolean;
  readonly picks: readonly Pick[];
  readonly bodies: readonly (readonly Step[])[];
}

/** One step of a random graph, or of a body in it. */
export type Step = ElementwiseStep | SampledStep | RandomStep | RepeatStep | VariableStep | AssignStep | ControlStep;

/** A random graph as plain data, which shrinks. */
export interface GraphDescription {
  /** What is fed; `open` are the axes whose lengths only a run knows. */
  readonly inputs: readonly { readonly value: NDArray; readonly open: readonly number[] }[];
  readonly steps: readonly Step[];
  readonly graphSeed: number;
  /** How often what is computed is differentiated. */
  readonly order: 0 | 1 | 2;
}

const dtypes: readonly DType[] = ['float32', 'int32', 'bool'];
const small = shapes({ maxRank: 3, maxLength: 4 });
/** Shapes that hold something, for what the rest of a graph builds on. */
const filled = shapes({ maxRank: 3, minLength: 1, maxLength: 4 });
const LARGEST = 48;
const pick = fc.nat(12);
const picks = fc.array(pick, { minLength: 3, maxLength: 3 });
const few = fc.subarray([0, 1, 2]);

const takes = (op: Op, dtype: DType): boolean => samplers.get(op)?.dtypes.includes(dtype) ?? false;

const elementwiseSteps: fc.Arbitrary<Step> = fc
  .constantFrom(
    ...Object.values(elementwise).flatMap((op) => dtypes.filter((d) => takes(op, d)).map((dtype) => ({ op, dtype }))),
  )
  .chain(({ op, dtype }) => picks.map((p): Step => ({ kind: 'elementwise', op, dtype, picks: p })));

/** Ops of which no sampled step is made: elementwise ones have a step of their own; almost dependent columns have no one orthonormal form. */
const leftOut = new Set<Op>([...Object.values(elementwise), matrix.orthonormalize]);

const sampledSteps: fc.Arbitrary<Step> = fc
  .constantFrom(
    ...[...samplers].flatMap(([op, sampler]) =>
      leftOut.has(op) ? [] : sampler.dtypes.filter((d) => dtypes.includes(d)).map((dtype) => ({ op, dtype })),
    ),
  )
  .chain(({ op, dtype }) => {
    const sampler = samplers.get(op);
    if (sampler === undefined) throw new Error(`${op.name} has no sampler.`);
    return fc
      .record({ sample: sampler.draw(dtype, false), picks, open: few })
      .filter(({ sample }) => isSmall(op, sample) && !isOfNothing(op, sample))
      .map((s): Step => ({ kind: 'sampled', op, dtype, ...s }));
  });

/** The shapes of what `op` makes of a sample. */
export function shapesOf(op: Op, { inputs, attrs }: Sample): readonly (readonly number[])[] {
  const views = inputs.map((x, i) => ({
    spec: tensorSpec(x.dtype, x.shape),
    value: op.hostInputs.includes(i) ? Array.from(x.data) : undefined,
  }));
  return op.infer(views, attrs).map((spec) => {
    const found = spec.kind === 'tensor' ? spec.shape : undefined;
    if (found?.every((d) => d !== null) !== true)
      throw new Error(`${op.name}: the shape of a sample's result is open.`);
    return found.map(Number);
  });
}

const isSmall = (op: Op, sample: Sample): boolean =>
  [...sample.inputs.map((x) => x.shape), ...shapesOf(op, sample)].every((s) => sizeOf(s) <= LARGEST);

const ofNothing = new Set<Op>([reduce.mean, reduce.max, reduce.min]);
/** Whether a result would not be finite, being reduced from no elements. */
const isOfNothing = (op: Op, { inputs: [x] }: Sample): boolean => ofNothing.has(op) && sizeOf(x.shape) === 0;

/** Families all of whose int32 operands are data, none an index. */
const families: readonly Readonly<Record<string, Op>>[] = [mixed, moving, reduce, matrix];
const onIntegers = new Set<Op>(families.flatMap((f) => Object.values(f)));

/** Whether operand `i` of a sample stands for any value of its dtype. */
export function isData({ op, dtype, sample }: SampledStep, i: number): boolean {
  const x = sample.inputs[i];
  if (op.hostInputs.includes(i)) return false;
  return x.dtype === 'bool' || (x.dtype === dtype && (dtype !== 'int32' || onIntegers.has(op)));
}

const randomSteps: fc.Arbitrary<Step> = fc.record({
  kind: fc.constant('random' as const),
  distribution: fc.constantFrom(
    'uniform' as const,
    'uniformInt' as const,
    'normal' as const,
    'truncatedNormal' as const,
  ),
  shape: small,
  seed: fc.option(fc.nat(9), { nil: undefined }),
});

const repeatSteps: fc.Arbitrary<Step> = pick.map((p) => ({ kind: 'repeat', pick: p }));

const plain: readonly fc.WeightedArbitrary<Step>[] = [
  { weight: 6, arbitrary: elementwiseSteps },
  { weight: 6, arbitrary: sampledSteps },
  { weight: 1, arbitrary: randomSteps },
  { weight: 2, arbitrary: repeatSteps },
];

const controlSteps = (depth: number): fc.Arbitrary<Step> => {
  const body = fc.array(stepsAt(depth), { maxLength: 4 });
  return fc.record({
    kind: fc.constantFrom('cond' as const, 'while' as const, 'scan' as const),
    shape: filled,
    row: filled,
    length: fc.nat(3),
    reverse: fc.boolean(),
    picks,
    bodies: fc.tuple(body, body),
  });
};

const stepsAt = (depth: number): fc.Arbitrary<Step> =>
  fc.oneof(...plain, ...(depth === 0 ? [] : [{ weight: 2, arbitrary: controlSteps(depth - 1) }]));

const variableSteps: fc.Arbitrary<Step> = filled
  .chain((shape) => ndarrays('float32', shape))
  .map((initial) => ({ kind: 'variable', initial }));

const assignSteps: fc.Arbitrary<Step> = fc.record({
  kind: fc.constant('assign' as const),
  how: fc.constantFrom('assign' as const, 'assignAdd' as const, 'assignSub' as const),
  variable: pick,
  pick,
});

const outerSteps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 17, arbitrary: stepsAt(2) },
  { weight: 1, arbitrary: variableSteps },
  { weight: 2, arbitrary: assignSteps },
);

const input = (dtype: DType): fc.Arbitrary<GraphDescription['inputs'][number]> =>
  fc.record({ value: filled.chain((shape) => ndarrays(dtype, shape)), open: few });

/** Descriptions of random graphs; from each a graph can be built, and so from every smaller one. */
export const randomGraphs = ({ steps = 12 }: { readonly steps?: number } = {}): fc.Arbitrary<GraphDescription> =>
  fc
    .record({
      inputs: fc.tuple(input('float32'), input('float32'), input('int32'), input('bool')),
      steps: fc.array(outerSteps, { maxLength: steps, size: 'max' }),
      graphSeed: fc.nat(9),
      order: fc.constantFrom(0 as const, 1 as const, 1 as const, 1 as const, 2 as const),
    })
    .map((d): GraphDescription => Object.assign(d, { [fc.toStringMethod]: () => show(d) }));

/** A description as text: a line per step. */
function show({ inputs, steps, graphSeed, order }: GraphDescription): string {
  const fed = inputs.map(({ value, open }) => `  feed ${showArray(value)} open ${open.join(' ')}`);
  return [`order ${order}, graph seed ${graphSeed}`, ...fed, ...steps.flatMap((s) => showStep(s, '  '))].join('\n');
}

const showArray = (x: NDArray): string => `${x.dtype}${showShape(x.shape)} ${Array.from(x.data).join(' ')}`;

function showStep(s: Step, indent: string): readonly string[] {
  switch (s.kind) {
    case 'elementwise':
      return [`${indent}${s.op.name} ${s.dtype} of ${s.picks.join(' ')}`];
    case 'sampled': {
      const operands = s.sample.inputs.map((x, i) => (isData(s, i) ? `${x.dtype}${showShape(x.shape)}` : showArray(x)));
      const { op, picks: of, open } = s;
      return [
        `${indent}${op.name} ${JSON.stringify(s.sample.attrs)} (${operands.join(', ')}) of ${of.join(' ')} open ${open.join(' ')}`,
      ];
    }
    case 'random':
      return [`${indent}${s.distribution}${showShape(s.shape)} seed ${s.seed ?? 'none'}`];
    case 'repeat':
      return [`${indent}repeat ${s.pick}`];
    case 'variable':
      return [`${indent}variable ${showArray(s.initial)}`];
    case 'assign':
      return [`${indent}${s.how} to ${s.variable} of ${s.pick}`];
    default: {
      const head = `${indent}${s.kind} ${showShape(s.shape)} row ${showShape(s.row)} length ${s.length}${s.reverse ? ' reverse' : ''} of ${s.picks.join(' ')}`;
      return [head, ...s.bodies.flatMap((b) => [`${indent}do`, ...b.flatMap((x) => showStep(x, `${indent}  `))])];
    }
  }
}
