import { located, refuse } from './node.js';
import { isHostValue } from './ndarray.js';
import { identity } from './ops/control.js';
import { type TensorLike, isVariable, toTensor } from './ops/convert.js';
import { type Nested, flatten, packLike, showStructure } from './structure.js';
import { type Edge, type Tensor, isTensor } from './tensor.js';
import { TensorArray, isTensorArray } from './tensor-array.js';

/** Tensors in arrays and plain objects, nested. */
export type Structure = Nested<Tensor>;

/** What a structure of operands becomes: tensors, and arrays of tensors. Literal arrays are part of the structure. */
export type Tensors<S> = S extends TensorArray
  ? TensorArray
  : S extends Exclude<TensorLike, readonly unknown[]>
    ? Tensor
    : S extends object
      ? { -readonly [K in keyof S]: Tensors<S[K]> }
      : never;

type Leaf = TensorLike | TensorArray;
const isLeaf = (x: unknown): x is Leaf =>
  isTensor(x) || isVariable(x) || isTensorArray(x) || (isHostValue(x) && !Array.isArray(x));

const leaves = (structure: unknown, what: string): readonly Leaf[] =>
  located(what, () => flatten(structure, isLeaf, what));

/**
 * Operands in a structure as tensors, in a fixed order; literals take the dtypes of `like`. Throws a `GraphError` in the name of
 * `what`, also at an array of tensors.
 */
export const flatTensors = (
  structure: unknown,
  what: string,
  like: readonly Pick<Tensor, 'dtype'>[] = [],
): readonly Tensor[] =>
  leaves(structure, what).map((x, i) => {
    if (!isTensorArray(x)) return toTensor(x, like[i]?.dtype, what);
    return refuse(what, 'expected tensors, got a TensorArray. Pass stack() of it.');
  });

/** As `flatTensors`, with arrays of tensors as lists. Throws a `GraphError` where `like` has the one and `structure` the other. */
export const flatEdges = (structure: unknown, what: string, like: readonly Edge[] = []): readonly Edge[] =>
  leaves(structure, what).map((x, i) => {
    const edge = isTensorArray(x) ? x.list : toTensor(x, like[i]?.dtype, what);
    const [want, got] = [like[i] ?? edge, edge].map(({ kind }) => (kind === 'list' ? 'a TensorArray' : 'a tensor'));
    return want === got ? edge : refuse(what, `expected ${want}, got ${got}. Return one like it.`, [like[i], edge]);
  });

/** The structure of `like` with tensors as its leaves, in the order of `flatTensors`; lists become arrays like those of `like`. */
export function packTensors<S>(like: S, edges: readonly Edge[]): Tensors<S> {
  const packed = flatten(like, isLeaf).map((x, i) => {
    const edge = edges[i];
    return isTensorArray(x) && edge.kind === 'list' ? new TensorArray(x, edge) : edge;
  });
  return packLike(like, packed, isLeaf) as Tensors<S>;
}

/** How the structure of `x` reads in messages: `[*, {c: *, h: *}]`. */
export const showTensors = (x: unknown): string => showStructure(x, isLeaf);

/** What a body returned, in the structure of what it was given: a body of one variable may return it bare. */
export const unwrapped = (like: unknown, result: unknown): unknown =>
  Array.isArray(like) && like.length === 1 && isLeaf(result) ? [result] : result;

/** What a function returns, in its structure, as tensors made where it is called: they await what is awaited there. */
export function resultOf<S>(fn: () => S, what: string): Tensors<S> {
  const result = fn();
  const edges = flatEdges(result, what).map((t) => (t.kind === 'list' ? t : identity(t)));
  return packTensors(result, edges);
}
