import type { DType } from './dtype.js';
import { type Shape, compatible, relaxShapes, sameShape, showShape } from './shape.js';

/** The static type of a tensor. */
export interface TensorSpec {
  readonly kind: 'tensor';
  readonly dtype: DType;
  readonly shape: Shape;
}

/**
 * The static type of a list of tensors; `elementShape` is what is known of every tensor's shape. A `depth` above 1 is a list of
 * lists: what a loop saves of a loop inside it.
 */
export interface ListSpec {
  readonly kind: 'list';
  readonly dtype: DType;
  readonly elementShape: Shape;
  readonly depth: number;
}

/** The static type of a value in a graph. */
export type Spec = TensorSpec | ListSpec;

/** The type of a tensor. */
export const tensorSpec = (dtype: DType, shape: Shape): TensorSpec => ({ kind: 'tensor', dtype, shape });
/** The type of a list of tensors, or of lists as deep as `depth`. */
export const listSpec = (dtype: DType, elementShape: Shape, depth = 1): ListSpec => ({
  kind: 'list',
  dtype,
  elementShape,
  depth,
});

/** The type of a list of values of type `s`. */
export const listOf = (s: Spec): ListSpec =>
  s.kind === 'tensor' ? listSpec(s.dtype, s.shape) : listSpec(s.dtype, s.elementShape, s.depth + 1);

/** The type of a list's elements. */
export const elementOf = (s: ListSpec): Spec =>
  s.depth === 1 ? tensorSpec(s.dtype, s.elementShape) : listSpec(s.dtype, s.elementShape, s.depth - 1);

/** `float32[2,?]`, or `list<float32[2,?]>`. */
export const showSpec = (s: Spec): string =>
  s.kind === 'tensor' ? `${s.dtype}${showShape(s.shape)}` : `list<${showSpec(elementOf(s))}>`;

const shapeOf = (s: Spec): Shape => (s.kind === 'tensor' ? s.shape : s.elementShape);
const depthOf = (s: Spec): number => (s.kind === 'tensor' ? 0 : s.depth);
const sameKind = (a: Spec, b: Spec): boolean => depthOf(a) === depthOf(b) && a.dtype === b.dtype;

/** Whether both say the same. */
export const sameSpec = (a: Spec, b: Spec): boolean => sameKind(a, b) && sameShape(shapeOf(a), shapeOf(b));

/** Whether one value could have both types. */
export const compatibleSpecs = (a: Spec, b: Spec): boolean => sameKind(a, b) && compatible(shapeOf(a), shapeOf(b));

/** Whether every value of type `a` is of type `b`. */
export function isNarrower(a: Spec, b: Spec): boolean {
  const to = shapeOf(b);
  if (!sameKind(a, b)) return false;
  if (to === undefined) return true;
  const from = shapeOf(a);
  return from !== undefined && from.length === to.length && to.every((d, i) => d === null || d === from[i]);
}

/** The narrowest type that covers both; they must be of one kind and dtype. */
export const relaxSpecs = (a: Spec, b: Spec): Spec => {
  const shape = relaxShapes(shapeOf(a), shapeOf(b));
  return a.kind === 'tensor' ? tensorSpec(a.dtype, shape) : listSpec(a.dtype, shape, a.depth);
};
