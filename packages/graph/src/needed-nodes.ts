import type { Node } from './node.js';
import type { Edge } from './tensor.js';

/** The nodes that `outputs` and `targets` need, data and control, in the order they were made; stops at the edges in `given`. */
export function neededNodes(
  outputs: readonly Edge[],
  given: { has(t: Edge): boolean } = new Set<Edge>(),
  targets: readonly Node[] = [],
): Node[] {
  const seen = new Set<Node>();
  const todo: Node[] = [];
  const need = (n: Node): void => {
    if (seen.has(n)) return;
    seen.add(n);
    todo.push(n);
  };
  const want = (t: Edge): void => {
    if (!given.has(t)) need(t.op);
  };
  outputs.forEach(want);
  targets.forEach(need);
  for (let n = todo.pop(); n !== undefined; n = todo.pop()) {
    n.inputs.forEach(want);
    n.controlInputs.forEach(need);
  }
  return [...seen].sort((a, b) => a.id - b.id);
}
