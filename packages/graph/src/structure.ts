/** A value, or arrays and plain objects of values, nested. */
export type Nested<T> = T | readonly Nested<T>[] | { readonly [key: string]: Nested<T> };

const isPlain = (x: unknown): x is Record<string, unknown> => {
  if (typeof x !== 'object' || x === null) return false;
  const proto: unknown = Object.getPrototypeOf(x);
  return proto === Object.prototype || proto === null;
};

const kindOf = (x: unknown): string => (x === null ? 'null' : typeof x);

/** Keys of a plain object in a fixed order: two objects of one structure flatten alike. */
const keysOf = (x: object): string[] => Object.keys(x).sort();

/** The leaves of a structure, in order; object keys are sorted. A leaf is whatever `isLeaf` accepts. Throws `TypeError` at anything else. */
export function flatten<T>(structure: unknown, isLeaf: (x: unknown) => x is T, what = 'structure'): T[] {
  const leaves: T[] = [];
  const visit = (x: unknown, path: string): void => {
    if (isLeaf(x)) leaves.push(x);
    else if (Array.isArray(x)) x.forEach((e, i) => visit(e, `${path}[${i}]`));
    else if (isPlain(x)) keysOf(x).forEach((k) => visit(x[k], `${path}.${k}`));
    else throw new TypeError(`${what}${path}: expected tensors in arrays or plain objects, got ${kindOf(x)}.`);
  };
  visit(structure, '');
  return leaves;
}

/** The structure of `like` with `leaves` as its leaves, in the order of `flatten`. */
export function packLike(like: unknown, leaves: readonly unknown[], isLeaf: (x: unknown) => boolean): unknown {
  let next = 0;
  const visit = (x: unknown): unknown => {
    if (isLeaf(x)) return leaves[next++];
    if (Array.isArray(x)) return x.map(visit);
    if (!isPlain(x)) return x;
    const done = new Map(keysOf(x).map((k) => [k, visit(x[k])]));
    return Object.fromEntries(Object.keys(x).map((k) => [k, done.get(k)]));
  };
  return visit(like);
}

/** How a structure reads in messages: `[*, {c: *, h: *}]`. */
export function showStructure(x: unknown, isLeaf: (x: unknown) => boolean): string {
  if (isLeaf(x)) return '*';
  if (Array.isArray(x)) return `[${x.map((e) => showStructure(e, isLeaf)).join(', ')}]`;
  if (isPlain(x))
    return `{${keysOf(x)
      .map((k) => `${k}: ${showStructure(x[k], isLeaf)}`)
      .join(', ')}}`;
  return kindOf(x);
}
