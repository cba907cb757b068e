import type { Graph } from '@tensorloom/graph';
import type { Summary } from './summary.js';

/** The collection that summaries are in unless they say otherwise. TensorFlow: `tf.GraphKeys.SUMMARIES`. */
export const SUMMARIES = 'summaries';

const collections = new WeakMap<Graph, Map<string, Summary[]>>();

/** Puts a summary into collections of its graph. */
export function collect(summary: Summary, keys: readonly string[] = [SUMMARIES]): void {
  const known = collections.get(summary.graph) ?? new Map<string, Summary[]>();
  collections.set(summary.graph, known);
  for (const key of new Set(keys)) known.set(key, [...(known.get(key) ?? []), summary]);
}

/** The summaries of a collection, in the order they were made. */
export const collected = (graph: Graph, key: string): readonly Summary[] => collections.get(graph.root)?.get(key) ?? [];
