import { Graph, synchronous } from './graph.js';
import type { Edge, Tensor } from './tensor.js';
import type { Node } from './node.js';
import type { Op } from './op.js';

// Filled at first use: graphs and ops import each other, so nothing may be made while modules load.
const stack: Graph[] = [];

/** The graph that ops are added to now: the default one, or that of the innermost `withGraph`. TensorFlow: `tf.get_default_graph`. */
export function defaultGraph(): Graph {
  if (stack.length === 0) stack.push(new Graph());
  return stack[stack.length - 1];
}

/** Makes a new, empty default graph. Throws inside `withGraph`. TensorFlow: `tf.reset_default_graph`. */
export function resetDefaultGraph(): void {
  if (stack.length > 1)
    throw new Error(
      'resetDefaultGraph: called inside withGraph() or a loop body, expected the top level. Call it outside.',
    );
  stack[0] = new Graph();
}

/** Runs `build` with `graph` as the graph that ops are added to, and returns its result. TensorFlow: `graph.as_default()`. */
export function withGraph<T>(graph: Graph, build: () => T): T {
  defaultGraph();
  stack.push(graph);
  try {
    return synchronous(build(), 'withGraph');
  } finally {
    stack.pop();
  }
}

/** Applies an op in the current graph. */
export const apply = <A>(op: Op<A>, inputs: readonly Edge[], attrs: A, name?: string): Node<A> =>
  defaultGraph().apply(op, inputs, attrs, name);

/** Applies an op with one tensor as output. */
export const apply1 = <A>(op: Op<A>, inputs: readonly Edge[], attrs: A, name?: string): Tensor =>
  apply(op, inputs, attrs, name).output();

/** Sets the graph-level seed of the current graph; see `resolveSeeds` for how it combines with op seeds. TensorFlow: `tf.set_random_seed`. */
export function setRandomSeed(seed: number): void {
  defaultGraph().root.seed = seed;
}
