import { type Graph, type Node, RandomStreamId } from '@tensorloom/graph';

/** The random streams of a graph, bodies included, by the name of the first op that draws from them. */
export function streamNames(graph: Graph): Map<string, RandomStreamId> {
  const names = new Map<string, RandomStreamId>();
  const named = new Set<RandomStreamId>();
  const seen = new Set([graph]);
  // A set grows while it is walked: bodies come after the graph that holds them.
  for (const { nodes } of seen) {
    for (const n of nodes) {
      const id = streamOf(n);
      if (id !== undefined && !named.has(id)) {
        named.add(id);
        names.set(n.name, id);
      }
      for (const body of n.op.subgraphs?.(n.attrs) ?? []) seen.add(body.graph);
    }
  }
  return names;
}

function streamOf({ op, attrs }: Node): RandomStreamId | undefined {
  if (op.effect !== 'random' || typeof attrs !== 'object' || attrs === null || !('stream' in attrs)) return undefined;
  return attrs.stream instanceof RandomStreamId ? attrs.stream : undefined;
}
