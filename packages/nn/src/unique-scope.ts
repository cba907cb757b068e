import { type Graph, defaultGraph, variableScopeName } from '@tensorloom/graph';

const used = new WeakMap<Graph, Map<string, number>>();

/** A scope name that no layer of the graph has had: `dense`, `dense_1`, ... */
export function uniqueScope(base: string): string {
  const { root } = defaultGraph();
  let counts = used.get(root);
  if (counts === undefined) used.set(root, (counts = new Map<string, number>()));
  const full = `${variableScopeName()}/${base}`;
  const n = counts.get(full) ?? 0;
  counts.set(full, n + 1);
  return n === 0 ? base : `${base}_${n}`;
}
