import type { RandomStreamId } from '../ops/random.js';
import { describe } from '../errors.js';
import type { Node } from '../node.js';
import type { SubGraph } from '../subgraph.js';
import type { Edge } from '../tensor.js';
import type { Variable } from '../variable.js';

/** What JSON can say. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** How a file refers to what is elsewhere in it. */
export interface References {
  edge(t: Edge): string;
  node(n: Node): string;
  body(g: SubGraph): Json;
  stream(id: RandomStreamId): number;
  variable(v: Variable): string;
}

/** What is meant by the references of a file. All throw `TypeError` at what refers to nothing that came before. */
export interface Referents {
  /** How many outputs the node has whose attributes are read. */
  readonly outputs: number;
  edge(name: unknown): Edge;
  node(name: unknown): Node;
  body(json: unknown): SubGraph;
  stream(index: unknown): RandomStreamId;
  variable(name: unknown): Variable;
}

/** How a value is written to a file and read again. `read` throws `TypeError`, saying what was expected and got. */
export interface Codec<T> {
  write(value: T, refer: References): Json;
  read(json: unknown, meant: Referents): T;
}

/** Throws the `TypeError` of JSON that is not what was expected. */
export function unexpected(expected: string, got: unknown): never {
  const shown =
    typeof got === 'number' || typeof got === 'boolean'
      ? String(got)
      : typeof got === 'string'
        ? `'${got.slice(0, 60)}'`
        : describe(got);
  throw new TypeError(`expected ${expected}, got ${shown}`);
}

/** An object's own properties; throws `TypeError` at anything else, and at properties that are not among `known`. */
export function properties(json: unknown, known: readonly string[]): ReadonlyMap<string, unknown> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return unexpected('an object', json);
  const found = new Map<string, unknown>(Object.entries(json));
  for (const key of found.keys()) {
    if (!known.includes(key))
      throw new TypeError(`expected ${known.length === 0 ? 'nothing' : known.join(', ')}, got '${key.slice(0, 60)}'`);
  }
  return found;
}

/** The items of an array; throws `TypeError` at anything else. */
export const items = (json: unknown): readonly unknown[] =>
  Array.isArray(json) ? (json as readonly unknown[]) : unexpected('an array', json);

/** What a value of JSON must be, when it is written as it is. */
const checked = <T extends Json>(expected: string, is: (json: unknown) => json is T): Codec<T> => ({
  write: (value) => value,
  read: (json) => (is(json) ? json : unexpected(expected, json)),
});

/** A safe integer. */
export const integer = checked('an integer', (x): x is number => Number.isSafeInteger(x));
/** An integer from 0. */
export const count = checked('an integer from 0', (x): x is number => Number.isSafeInteger(x) && Number(x) >= 0);
/** A number of outputs: that which the file lists, so that nothing is made for a number alone. */
export const outputCount: Codec<number> = {
  write: (value) => value,
  read: (json, meant) =>
    json === meant.outputs ? meant.outputs : unexpected(`${meant.outputs}, as there are outputs`, json),
};
/** True or false. */
export const flag = checked('true or false', (x): x is boolean => typeof x === 'boolean');
/** A string. */
export const text = checked('a string', (x): x is string => typeof x === 'string');

/** A list of values. */
export const listOfValues = <T>(item: Codec<T>): Codec<readonly T[]> => ({
  write: (values, refer) => values.map((v) => item.write(v, refer)),
  read: (json, meant) => items(json).map((x) => item.read(x, meant)),
});

/** A value, or `null`. */
export const nullable = <T>(value: Codec<T>): Codec<T | null> => ({
  write: (v, refer) => (v === null ? null : value.write(v, refer)),
  read: (json, meant) => (json === null ? null : value.read(json, meant)),
});

/** A codec for each property; that of one that may be left out is not asked when it is. */
export type Fields<A> = {
  readonly [K in keyof A]-?: Codec<Partial<Pick<A, K>> extends Pick<A, K> ? Exclude<A[K], undefined> : A[K]>;
};

/** An object with these properties; those in `optional` may be left out. */
export const fields = <A extends object>(codecs: Fields<A>, optional: readonly (keyof A & string)[] = []): Codec<A> => {
  const all: [string, Codec<unknown>][] = Object.entries(codecs);
  const names = all.map(([name]) => name);
  return {
    write(value, refer) {
      const given = properties(value, names);
      const written = all.filter(([name]) => given.has(name));
      return Object.fromEntries(written.map(([name, codec]) => [name, codec.write(given.get(name), refer)]));
    },
    read(json, meant) {
      const given = properties(json, names);
      const read = all.flatMap(([name, codec]) => {
        if (!given.has(name) && optional.some((o) => o === name)) return [];
        try {
          return [[name, codec.read(given.get(name), meant)] as const];
        } catch (e) {
          throw new TypeError(`${name}: ${e instanceof Error ? e.message : String(e)}`, { cause: e });
        }
      });
      return Object.fromEntries(read) as A;
    },
  };
};
