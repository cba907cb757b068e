import {
  type DType,
  type ElementwiseOp,
  type Op,
  type Tensor,
  add,
  alongAxis,
  elementwise,
  gather,
  isFloating,
  maximum,
  mod,
  mul,
  reduce,
  reshape,
  rsqrt,
  sameShape,
  sigmoid,
  sizeOf,
  square,
  stopGradient,
  constantOf,
} from '@tensorloom/graph';

/** A tensor of a random graph, and what is known of the elements it will have. */
export interface Value {
  readonly tensor: Tensor;
  /** Its shape in a run; statically, some of it may be open. */
  readonly shape: readonly number[];
  /** Whether every backend computes the same bits: only then may something be decided by them. Integers and bools always are. */
  readonly exact: boolean;
  /** What its elements do not exceed in size. */
  readonly bound: number;
}

/** A value of a dtype that is not floating, which is the same everywhere. */
export const isDiscrete = (dtype: DType): boolean => !isFloating(dtype);

/** Beyond these, values are drawn back before they are computed with, so that errors stay comparable with what they are errors of. */
const LARGEST: Readonly<Record<'float' | 'int', number>> = { float: 4, int: 64 };

/**
 * x / sqrt(1 + x^2), between -1 and 1. Not tanh, whose gradient 1 - y^2 is but rounding error where y is almost 1.
 */
export const squashed = (x: Tensor): Tensor => mul(x, rsqrt(add(square(x), 1)));

/** `v` with elements of tame size: floats squashed, integers by what a division leaves. */
export function settled(v: Value): Value {
  if (isFloating(v.tensor.dtype)) {
    return v.bound <= LARGEST.float ? v : { ...v, tensor: squashed(v.tensor), exact: false, bound: 1 };
  }
  if (v.tensor.dtype === 'bool' || v.bound <= LARGEST.int) return v;
  return { ...v, tensor: mod(v.tensor, LARGEST.int), bound: LARGEST.int };
}

const ints = (values: readonly number[]): Tensor => constantOf('int32', [values.length], Int32Array.from(values));

/**
 * The elements of `v` in another shape, as many as that takes, from the first one again where they do not suffice. Lengths in `open` are
 * multiplied by `one`, so that only a run knows them. `v` itself where the shape is the same.
 */
export function fitted(v: Value, shape: readonly number[], open: ReadonlySet<number>, one: Tensor): Value {
  if (sameShape(v.shape, shape)) return v;
  const [have, want] = [sizeOf(v.shape), sizeOf(shape)];
  const flat = reshape(v.tensor, [-1]);
  const taken = have === want ? flat : gather(flat, ints(Array.from({ length: want }, (_, i) => i % have)));
  return {
    ...v,
    tensor: reshape(
      taken,
      shape.map((d, i) => (open.has(i) ? mul(one, d) : d)),
    ),
    shape,
  };
}

/** `v` with all of its shape known, as what a body returns must be. */
export const pinned = (v: Value, shape: readonly number[]): Tensor =>
  reshape(fitted(v, shape, new Set(), v.tensor).tensor, shape);

/** A map into the domain of an op. */
type Confine = (v: Value) => Value;
const free: Confine = (v) => v;
const above = (v: Value): Value =>
  isFloating(v.tensor.dtype)
    ? { ...v, tensor: add(sigmoid(v.tensor), 0.5), exact: false, bound: 1.5 }
    : { ...v, tensor: maximum(v.tensor, 1) };
/** From 0.5, by steps that every backend takes alike. */
const aboveExactly: Confine = (v) => ({ ...v, tensor: maximum(v.tensor, isFloating(v.tensor.dtype) ? 0.5 : 1) });
const inside: Confine = (v) => ({ ...v, tensor: mul(squashed(v.tensor), 0.875), exact: false, bound: 0.875 });
const below3: Confine = (v) =>
  isFloating(v.tensor.dtype) ? inside(v) : { ...v, tensor: mod(v.tensor, 3), bound: 2, exact: true };

/** Where ops are defined and tame, operand by operand; others take anything. */
const domains: ReadonlyMap<Op, readonly Confine[]> = new Map<Op, readonly Confine[]>([
  [elementwise.div, [free, above]],
  [elementwise.floorDiv, [free, aboveExactly]],
  [elementwise.floorMod, [free, aboveExactly]],
  [elementwise.pow, [above, below3]],
  [elementwise.sqrt, [above]],
  [elementwise.rsqrt, [above]],
  [elementwise.reciprocal, [above]],
  [elementwise.log, [above]],
  [elementwise.log1p, [above]],
  [elementwise.tan, [inside]],
  [elementwise.asin, [inside]],
  [elementwise.acos, [inside]],
  [reduce.prod, [below3]],
]);

/** Ops whose results jump: a last bit of their operands can change all of the result. */
const jumping = new Set<Op>([
  elementwise.floorDiv,
  elementwise.floorMod,
  elementwise.sign,
  elementwise.floor,
  elementwise.ceil,
  elementwise.round,
  elementwise.less,
  elementwise.lessEqual,
  elementwise.greater,
  elementwise.greaterEqual,
  elementwise.equal,
  elementwise.notEqual,
  alongAxis.argMax,
  alongAxis.argMin,
  alongAxis.topK,
]);

/** Whether `op` decides by its operands, which must then be exact; `to` is the dtype of its result. */
export const decides = (op: Op, to: DType): boolean => jumping.has(op) || isDiscrete(to);

/** Ops whose gradients jump, though they do not. */
const kinked = new Set<Op>([
  elementwise.maximum,
  elementwise.minimum,
  elementwise.abs,
  elementwise.relu,
  reduce.max,
  reduce.min,
  reduce.prod,
]);

/** Ops that compute, and which every backend rounds alike. */
const roundedOnce = new Set<Op>([
  elementwise.add,
  elementwise.sub,
  elementwise.mul,
  elementwise.div,
  elementwise.neg,
  elementwise.abs,
  elementwise.square,
  elementwise.relu,
  elementwise.sign,
  elementwise.maximum,
  elementwise.minimum,
  elementwise.floor,
  elementwise.ceil,
  elementwise.round,
  reduce.max,
  reduce.min,
]);

/** Whether every backend computes the same bits from the same operands. */
export const isExact = (op: Op, from: readonly Value[], to: DType): boolean =>
  isDiscrete(to) || ((op.layout || roundedOnce.has(op)) && from.every((v) => v.exact));

/** An operand of `op` as it can be computed with: tame, in the op's domain, and held constant where the gradient would jump. */
export function prepared(op: Op, v: Value, index: number): Value {
  const confine = domains.get(op)?.[index] ?? free;
  const ready = v.tensor.dtype === 'bool' ? v : confine(settled(v));
  return kinked.has(op) && !v.exact ? { ...ready, tensor: stopGradient(ready.tensor) } : ready;
}

/** What the results of an elementwise op do not exceed: its operands, or the largest of its values at a few points of what those can be. */
export function elementwiseBound(op: ElementwiseOp, from: readonly Value[]): number {
  const ranges = from.map(({ bound }, i) => {
    const confine = domains.get(op)?.[i] ?? free;
    return confine === above || confine === aboveExactly ? [0.5, 1, bound] : [-bound, -bound / 2, 0, bound / 2, bound];
  });
  const points = ranges.reduce<number[][]>((all, range) => all.flatMap((p) => range.map((x) => [...p, x])), [[]]);
  return Math.max(
    1,
    ...from.map((v) => v.bound),
    ...points.map((p) => Math.abs(op.scalar(...p))).filter(Number.isFinite),
  );
}
