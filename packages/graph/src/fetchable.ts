import type { NDArray } from './ndarray.js';
import type { Tensor } from './tensor.js';

/** The key under which an object says how it is fetched; see `Fetchable`. */
export const asFetch: unique symbol = Symbol.for('tensorloom.asFetch');

/** How something is fetched that is no tensor: what has to be computed, and what becomes of it. */
export interface FetchedAs<R extends object | null = object | null> {
  readonly tensors: readonly Tensor[];
  /** What a run gives in place of the object, from the values of `tensors`. What it throws, the run rejects with. */
  result(values: readonly NDArray[]): R;
}

/**
 * What a session can fetch though it is no tensor: it needs some, and makes its result of their values. A summary is one, whose result is
 * bytes. TensorFlow: `register_session_run_conversion_functions`.
 */
export interface Fetchable<R extends object | null = object | null> {
  readonly [asFetch]: FetchedAs<R>;
}

/** Whether `x` says how it is fetched. */
export const isFetchable = (x: unknown): x is Fetchable => typeof x === 'object' && x !== null && asFetch in x;
