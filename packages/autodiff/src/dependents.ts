import { type Edge, type Node, isFloating } from '@tensorloom/graph';

/** The nodes among `nodes` that depend on `xs` by a way that does not lead through `stops`, in order. */
export function dependents(nodes: readonly Node[], xs: readonly Edge[], stops: ReadonlySet<Edge> = new Set()): Node[] {
  const roots = new Set(xs);
  const reached = new Set<Node>();
  return nodes.filter((n) => {
    const depends = n.inputs.some((t) => isFloating(t.dtype) && (roots.has(t) || (reached.has(t.op) && !stops.has(t))));
    if (depends) reached.add(n);
    return depends;
  });
}
