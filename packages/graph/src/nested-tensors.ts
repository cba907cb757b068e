import { located } from './node.js';
import { isHostValue } from './ndarray.js';
import { type TensorLike, isVariable, toTensor } from './ops/convert.js';
import { type Nested, flatten, packLike, showStructure } from './structure.js';
import { type Tensor, isTensor } from './tensor.js';

/** Tensors in arrays and plain objects, nested. */
export type Structure = Nested<Tensor>;

/** What a structure of operands becomes: tensors. Arrays are part of the structure, not literals. */
export type Tensors<S> =
  S extends Exclude<TensorLike, readonly unknown[]>
    ? Tensor
    : S extends object
      ? { -readonly [K in keyof S]: Tensors<S[K]> }
      : never;

const isLeaf = (x: unknown): x is TensorLike => isTensor(x) || isVariable(x) || (isHostValue(x) && !Array.isArray(x));

/** Operands in a structure as tensors, in a fixed order; literals take the dtypes of `like`. Throws a `GraphError` in the name of `what`. */
export const flatTensors = (structure: unknown, what: string, like: readonly Tensor[] = []): readonly Tensor[] =>
  located(what, () => flatten(structure, isLeaf, what)).map((x, i) => toTensor(x, like[i]?.dtype, what));

/** The structure of `like` with tensors as its leaves, in the order of `flatTensors`. */
export const packTensors = <S>(like: S, leaves: readonly Tensor[]): Tensors<S> =>
  packLike(like, leaves, isLeaf) as Tensors<S>;

/** How the structure of `x` reads in messages: `[*, {c: *, h: *}]`. */
export const showTensors = (x: unknown): string => showStructure(x, isLeaf);

/** What a body returned, in the structure of what it was given: a body of one variable may return it bare. */
export const unwrapped = (like: unknown, result: unknown): unknown =>
  Array.isArray(like) && like.length === 1 && isLeaf(result) ? [result] : result;
