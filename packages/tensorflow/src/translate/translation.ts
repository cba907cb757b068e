import type { AttrsOf, Edge, Family, Node, Op } from '@tensorloom/graph';
import type { Emitter, Ref } from '../emitter.js';

/** Writes what a node of ours is in TensorFlow; returns the values of its outputs. Throws an `Unavailable` where TensorFlow has nothing like it. */
export type Translation<A> = (node: Node<A>, e: Emitter) => readonly Ref[];

/** The translations of a family of ops: an op without one does not compile. */
export type Translations<F> = { readonly [K in keyof F]: Translation<AttrsOf<F[K]>> };

/** An op that TensorFlow does not have; the message says why. */
export class Unavailable extends Error {}

/** The values that a node reads. */
export const inputsOf = ({ inputs }: { readonly inputs: readonly Edge[] }, e: Emitter): Ref[] =>
  inputs.map((t) => e.at(t));

/** The translations of a family, by op. */
export function translationsOf<F extends Family>(
  family: F,
  translations: { readonly [K in keyof F]?: Translation<AttrsOf<F[K]>> },
): [Op, Translation<unknown>][] {
  // The table's type has matched attributes to ops; a map over all ops cannot say that.
  const untyped = translations as Readonly<Record<string, Translation<unknown>>>;
  return Object.entries(untyped).map(([key, translation]) => [family[key], translation]);
}
