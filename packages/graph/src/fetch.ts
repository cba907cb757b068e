import type { Fetchable } from './fetchable.js';
import type { HostValue, NDArray } from './ndarray.js';
import type { Node } from './node.js';
import type { Tensor } from './tensor.js';
import type { Variable } from './variable.js';

/** What is fed: a tensor, a variable, or arrays and plain objects of them. */
export type FeedKey = Tensor | Variable | readonly FeedKey[] | { readonly [key: string]: FeedKey };

/** What it is fed with: a literal, or arrays and objects of them that match the key. */
export type FeedValue = HostValue | readonly FeedValue[] | { readonly [key: string]: FeedValue };

/** Feeds of a run: pairs of what and with what. */
export type Feeds = Iterable<readonly [FeedKey, FeedValue]>;

/** What can be fetched: tensors, variables, ops (run for their effect), what is `Fetchable`, and arrays and plain objects of them. */
export type Fetch = Tensor | Variable | Node | Fetchable | readonly Fetch[] | { readonly [key: string]: Fetch };

/** The results of some fetch: an `NDArray` for a tensor or variable, `null` for an op, what else is fetchable says itself; in arrays and objects. */
export type Result = object | null;

/** The results of a fetch of type `F`, in its structure. */
export type Fetched<F> = [F] extends [Readonly<Record<string, never>>]
  ? { [K in keyof F]: never }
  : [Fetch] extends [F]
    ? Result
    : F extends Tensor | Variable
      ? NDArray
      : F extends Node
        ? null
        : F extends Fetchable<infer R>
          ? R
          : { -readonly [K in keyof F]: Fetched<F[K]> };
