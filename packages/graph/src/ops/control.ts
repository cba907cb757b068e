import { apply, apply1 } from '../context.js';
import type { DType } from '../dtype.js';
import type { Node } from '../node.js';
import { type InputSpec, makeOp } from '../op.js';
import { type Shape, compatible } from '../shape.js';
import {
  type Spec,
  compatibleSpecs,
  elementOf,
  isNarrower,
  listOf,
  relaxSpecs,
  sameSpec,
  showSpec,
  tensorSpec,
} from '../spec.js';
import type { SubGraph } from '../subgraph.js';
import type { Edge, Tensor } from '../tensor.js';
import { Identity } from '../trace.js';
import { type TensorLike, toTensor } from './convert.js';
import type { Named } from './elementwise.js';

/**
 * The one loop of the framework.
 *
 *   inputs   [consts | carry | xs | length?]       body  (consts, carry, x) -> (carry, y)
 *   outputs  [carry | ys | saved | trips]          cond  (consts, carry) -> bool scalar, or null
 *
 * `xs` are tensors or lists read one row at a time; `ys` and `saved` are lists, an element per trip. It turns until a sequence
 * ends, `length` trips are done, or the condition fails. A reversed loop reads and writes its sequences from the last trip's
 * row to the first. The gradient of a loop is two loops of this kind.
 */
export interface LoopAttrs {
  readonly body: SubGraph;
  readonly cond: SubGraph | null;
  readonly consts: number;
  readonly carry: number;
  /** Whether the last input is a number of trips. */
  readonly counted: boolean;
  readonly reverse: boolean;
  /** Values of the body that are stacked for a gradient, beside what the body returns. */
  readonly saved: readonly Edge[];
  /** The loop that this one repeats in order to save more. A run that needs both runs one that saves all. */
  readonly widens: Node<LoopAttrs> | null;
  /** The gradient runs the loop again rather than keep what it computed: a segment between two checkpoints. Default false. */
  readonly recomputed?: boolean;
  /** What is saved waits in host memory. Default false. */
  readonly swapMemory?: boolean;
  /** Names of the carried values, for messages. */
  readonly names: readonly string[];
}

/** A branch of `cond`: inputs [pred | captures]; outputs [results | saved of then | saved of otherwise], the latter lists of one element or none. */
export interface CondAttrs {
  readonly then: SubGraph;
  readonly otherwise: SubGraph;
  readonly savedThen: readonly Edge[];
  readonly savedOtherwise: readonly Edge[];
  readonly widens: Node<CondAttrs> | null;
}

/** What is differentiated instead of the ops that computed `ys`: the closed graph of (dys | captures) -> dxs. */
export interface CustomGradientAttrs {
  readonly ys: number;
  readonly xs: number;
  readonly backward: SubGraph;
}

/** The type of one row of a sequence. */
export function rowSpec(s: Spec): Spec {
  if (s.kind === 'list') return elementOf(s);
  if (s.shape?.length === 0) {
    throw new TypeError(
      `Loop: expected sequences with a first axis to run over, got ${showSpec(s)}. Give it an axis with expandDims().`,
    );
  }
  return tensorSpec(s.dtype, s.shape?.slice(1));
}

const isScalar = (s: Spec, dtype: DType): boolean =>
  s.kind === 'tensor' && s.dtype === dtype && compatible(s.shape, []);

function inferLoop(
  inputs: readonly InputSpec[],
  { body, cond, consts, carry, counted, saved, names }: LoopAttrs,
): readonly Spec[] {
  const last = inputs.length - (counted ? 1 : 0);
  if (last !== body.params.length || consts + carry > last || body.outputs.length < carry) {
    throw new TypeError(
      `Loop: got ${last} values, ${consts} of them constant and ${carry} carried; the body takes ${body.params.length} and returns ${body.outputs.length}. Pass what it takes.`,
    );
  }
  inputs.slice(0, last).forEach(({ spec }, i) => {
    const got = i < consts + carry ? spec : rowSpec(spec);
    const want = body.params[i].spec;
    if (!compatibleSpecs(got, want)) {
      throw new TypeError(
        `Loop: input ${i} is ${showSpec(got)}, the body takes ${showSpec(want)}. Pass what it takes.`,
      );
    }
  });
  if (counted && !isScalar(inputs[last].spec, 'int32')) {
    throw new TypeError(
      `Loop: expected the number of trips as an int32 scalar, got ${showSpec(inputs[last].spec)}. Use cast().`,
    );
  }
  for (let i = 0; i < carry; i++) {
    const enters = body.params[consts + i].spec;
    const leaves = body.outputs[i].spec;
    if (!isNarrower(leaves, enters)) {
      const what = enters.dtype !== leaves.dtype || enters.kind !== leaves.kind ? 'dtype' : 'shape';
      throw new TypeError(
        `Loop: loop variable ${i} ('${names[i] ?? i}') enters the body as ${showSpec(enters)} and leaves it as ${showSpec(leaves)}. ` +
          (what === 'dtype'
            ? 'Make the body return the dtype it was given: use cast().'
            : 'Make the body keep the shape, or pass shapeInvariants with null where it changes.'),
      );
    }
  }
  if (cond !== null) {
    const { outputs } = cond;
    if (outputs.length !== 1 || !isScalar(outputs[0].spec, 'bool')) {
      throw new TypeError(
        `Loop: expected the condition to be one bool scalar, got ${outputs.map((o) => showSpec(o.spec)).join(', ')}. Compare, and reduce with reduceAll() or reduceAny().`,
      );
    }
  } else if (!counted && last === consts + carry) {
    throw new TypeError('Loop: nothing ends it. Give a condition, a sequence, or a number of trips.');
  }
  return [
    ...body.params.slice(consts, consts + carry).map((p) => p.spec),
    ...body.outputs.slice(carry).map((o) => listOf(o.spec)),
    ...saved.map((t) => listOf(t.spec)),
    tensorSpec('int32', []),
  ];
}

function inferCond(
  [pred, ...captures]: readonly InputSpec[],
  { then, otherwise, savedThen, savedOtherwise }: CondAttrs,
): readonly Spec[] {
  if (!isScalar(pred.spec, 'bool')) {
    throw new TypeError(
      `Cond: expected a bool scalar as predicate, got ${showSpec(pred.spec)}. Compare, and reduce with reduceAll() or reduceAny().`,
    );
  }
  if ([then, otherwise].some(({ params }) => params.length !== captures.length)) {
    throw new TypeError(
      `Cond: got ${captures.length} values, the branches take ${then.params.length} and ${otherwise.params.length}. Pass what they take.`,
    );
  }
  if (then.outputs.length !== otherwise.outputs.length) {
    throw new TypeError(
      `Cond: the branches return ${then.outputs.length} and ${otherwise.outputs.length} values. Return the same structure from both.`,
    );
  }
  const results = then.outputs.map((a, i) => {
    const b = otherwise.outputs[i];
    if (a.kind !== b.kind || a.dtype !== b.dtype) {
      throw new TypeError(
        `Cond: result ${i} is ${showSpec(a.spec)} in the true branch and ${showSpec(b.spec)} in the false one, expected one dtype. Use cast() in one of them.`,
      );
    }
    return sameSpec(a.spec, b.spec) ? a.spec : relaxSpecs(a.spec, b.spec);
  });
  return [...results, ...[...savedThen, ...savedOtherwise].map((t) => listOf(t.spec))];
}

/** The family of control flow; the runtime runs it. */
export const control = {
  identity: Identity,
  loop: makeOp<LoopAttrs>({
    name: 'Loop',
    infer: inferLoop,
    subgraphs: ({ cond, body }) => (cond === null ? [body] : [cond, body]),
    show: ({ consts, carry, reverse, recomputed = false }) =>
      `consts ${consts} carry ${carry}${reverse ? ' reverse' : ''}${recomputed ? ' recomputed' : ''}`,
  }),
  cond: makeOp<CondAttrs>({
    name: 'Cond',
    infer: inferCond,
    subgraphs: ({ then, otherwise }) => [then, otherwise],
    show: () => '',
  }),
  /** Its input, of which more of the shape is known than could be inferred. */
  assumeShape: makeOp<{ readonly spec: Spec }>({
    name: 'AssumeShape',
    infer: (_, { spec }) => [spec],
    layout: true,
    show: () => '',
  }),
  /** Its input, unless it is fed; of the input's shape no more is assumed than `spec` says. */
  placeholderWithDefault: makeOp<{ readonly spec: Spec }>({
    name: 'PlaceholderWithDefault',
    infer([x], { spec }) {
      if (!compatibleSpecs(x.spec, spec)) {
        throw new TypeError(
          `PlaceholderWithDefault: expected a default of type ${showSpec(spec)}, got ${showSpec(x.spec)}.`,
        );
      }
      return [spec];
    },
    layout: true,
    show: () => '',
  }),
  stopGradient: makeOp({ name: 'StopGradient', infer: ([x]) => [x.spec], fold: ([x]) => x.value }),
  customGradient: makeOp<CustomGradientAttrs>({
    name: 'CustomGradient',
    infer: (inputs, { ys }) => inputs.slice(0, ys).map((i) => i.spec),
    subgraphs: ({ backward }) => [backward],
    show: () => '',
  }),
};

/** Applies `loop`. Its outputs: the carry, the lists of ys, of saved values, and the number of trips. */
export const loop = (attrs: LoopAttrs, inputs: readonly Edge[], name = 'while'): Node<LoopAttrs> =>
  apply(control.loop, inputs, attrs, name);

/** The last output of a loop: how often it turned, an int32 scalar. */
export const tripsOf = (node: Node<LoopAttrs>): Tensor => node.output(node.outputs.length - 1);

/** x as a new node, which control dependencies can order. TensorFlow: `tf.identity`. */
export const identity = (x: TensorLike, { name }: Named = {}): Tensor =>
  apply1(control.identity, [toTensor(x, undefined, 'Identity')], {}, name);

/** x, which gradients do not pass through. TensorFlow: `tf.stop_gradient`. */
export const stopGradient = (x: TensorLike, { name }: Named = {}): Tensor =>
  apply1(control.stopGradient, [toTensor(x, undefined, 'StopGradient')], {}, name);

/**
 * A tensor that is `value` unless it is fed; `shape` may hold `null` for dimensions that differ when it is. TensorFlow:
 * `tf.placeholder_with_default`.
 */
export function placeholderWithDefault(value: TensorLike, shape?: Shape | null, { name }: Named = {}): Tensor {
  const t = toTensor(value, undefined, 'PlaceholderWithDefault');
  return apply1(control.placeholderWithDefault, [t], { spec: tensorSpec(t.dtype, shape ?? undefined) }, name);
}
