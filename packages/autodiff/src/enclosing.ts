import { type Edge, type Graph, Placeholder, isFloating, neededNodes } from '@tensorloom/graph';
import { dependents } from './dependents.js';
import type { Differentiate } from './rule.js';

/**
 * A sweep that goes on where a body ends: what comes to a captured tensor flows on through the graphs around, to `xs` that are there.
 * The gradients stay in the body.
 */
export const throughEnclosing =
  (differentiate: Differentiate, body: Graph): Differentiate =>
  (ys, xs, seeds, stops) => {
    const found = xs.map((): (Edge | null)[] => []);
    let pending = ys.map((y, i) => ({ y, seed: seeds[i] }));
    for (let graph: Graph | null = body; graph !== null && pending.length > 0; graph = graph.parent) {
      const level = graph;
      const here = pending.filter(({ y }) => y.graph === level);
      if (here.length === 0) continue;
      const outside = capturedOnTheWay(level, xs);
      const wanted = [...xs, ...outside.map(([, p]) => p)];
      const ds = differentiate(
        here.map(({ y }) => y),
        wanted,
        here.map(({ seed }) => seed),
        stops,
      );
      xs.forEach((_, i) => found[i].push(ds[i]));
      pending = [
        ...pending.filter(({ y }) => y.graph !== level),
        ...outside.flatMap(([y], i) => {
          const seed = ds[xs.length + i];
          return seed === null ? [] : [{ y, seed }];
        }),
      ];
    }
    return found.map((parts) => parts.find((d) => d !== null) ?? null);
  };

/** What `graph` captures that is among `xs` or depends on them, and the parameters through which it comes in. */
function capturedOnTheWay(graph: Graph, xs: readonly Edge[]): readonly (readonly [Edge, Edge])[] {
  const captured = [...graph.captured].filter(([t, p]) => p.op.op === Placeholder && isFloating(t.dtype));
  return captured.filter(([t]) => {
    const roots = [...xs.filter((x) => x.graph === t.graph), ...capturedOnTheWay(t.graph, xs).map(([, p]) => p)];
    return roots.includes(t) || dependents(neededNodes([t]), roots).includes(t.op);
  });
}
