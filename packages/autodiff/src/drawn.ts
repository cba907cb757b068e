import { type Edge, type Node, type SubGraph, neededNodes } from '@tensorloom/graph';

/** Whether running a node again would give or do something else: it draws random numbers or acts outside the graph, itself or in its bodies. */
export const draws = (n: Node): boolean =>
  n.op.effect === 'random' || n.op.effect === 'external' || (n.op.subgraphs?.(n.attrs) ?? []).some(drawsInside);

const drawsInside = ({ params, outputs }: SubGraph): boolean => neededNodes(outputs, new Set(params)).some(draws);

/** What `outputs` of a body need of nodes that draw: kept from the first time, since they must not run again. */
export function drawn({ params }: SubGraph, outputs: readonly Edge[]): readonly Edge[] {
  const found = new Set<Edge>();
  const seen = new Set<Edge>(params);
  const todo = [...outputs];
  for (let t = todo.pop(); t !== undefined; t = todo.pop()) {
    if (seen.has(t)) continue;
    seen.add(t);
    if (draws(t.op)) found.add(t);
    else todo.push(...t.op.inputs);
  }
  return [...found];
}
