import { type AttrsOf, type DType, type Family, NDArray, type Op } from '@tensorloom/graph';
import fc from 'fast-check';
import { type ShapeOptions, shapes } from '../arbitraries.js';

/** Inputs of an op, all of them in order, and its attributes. */
export interface Sample<A = unknown> {
  readonly inputs: readonly NDArray[];
  readonly attrs: A;
}

/** How to draw samples of one op. */
export interface Sampler<A = unknown> {
  /** The dtypes that `draw` is asked for. */
  readonly dtypes: readonly DType[];
  /** Samples whose device inputs are mostly of `dtype`; `specials` as in `ElementOptions`. */
  readonly draw: (dtype: DType, specials: boolean) => fc.Arbitrary<Sample<A>>;
}

/** A sampler for every op of a family, under the family's keys. */
export type Samplers<F extends Family> = { readonly [K in keyof F]: Sampler<AttrsOf<F[K]>> };

/** The samplers of one family as a table. */
export function samplersOf<F extends Family>(family: F, samplers: Samplers<F>): [Op, Sampler][] {
  const untyped: Readonly<Record<string, Sampler>> = samplers;
  return Object.entries(untyped).map(([key, sampler]) => [family[key], sampler]);
}

export const allDTypes: readonly DType[] = ['float32', 'float64', 'int32', 'bool'];
export const numericDTypes: readonly DType[] = ['float32', 'float64', 'int32'];
export const floatDTypes: readonly DType[] = ['float32', 'float64'];

/** A host operand: a vector of integers, or a scalar. */
export const ints = (values: readonly number[]): NDArray =>
  new NDArray('int32', [values.length], Int32Array.from(values));
export const int = (value: number): NDArray => new NDArray('int32', [], Int32Array.of(value));

/** Small shapes of any rank, and now and then longer rows, which a device works on many elements at a time. */
export const sampleShapes = (options: ShapeOptions = {}): fc.Arbitrary<number[]> =>
  fc.oneof(
    { weight: 3, arbitrary: shapes(options) },
    { weight: 1, arbitrary: shapes({ ...options, maxRank: 2, maxLength: 40 }) },
  );
