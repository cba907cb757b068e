import { apply, defaultGraph } from './context.js';
import type { Graph } from './graph.js';
import { type Tensors, flatEdges, packTensors, showTensors } from './nested-tensors.js';
import { refuse } from './node.js';
import { control } from './ops/control.js';
import { type TensorLike, toTensor } from './ops/convert.js';
import type { Edge } from './tensor.js';
import { type Traced, close, trace } from './trace.js';

/**
 * The result of `trueFn` when `pred` holds, else of `falseFn`. Both are called once, to build the graph, and return the same
 * structure with the same dtypes, which literals of `falseFn` take; only one runs. Throws a `GraphError` when they do not. TensorFlow: `tf.cond`.
 */
export function cond<const S>(
  pred: TensorLike,
  trueFn: () => S,
  falseFn: () => unknown,
  { name = 'cond' }: { readonly name?: string } = {},
): Tensors<S> {
  const graph = defaultGraph();
  return graph.names.within(name, () => {
    const p = toTensor(pred, undefined, 'cond');
    const then = branch(graph, trueFn, 'cond: trueFn');
    const otherwise = branch(graph, falseFn, 'cond: falseFn', then.traced.outputs);
    const [want, got] = [then.result, otherwise.result].map(showTensors);
    if (want !== got) {
      refuse(
        'cond',
        `falseFn returned ${got}, expected the structure that trueFn returned, ${want}. Return one structure from both.`,
        [p],
      );
    }
    const captures = [...new Set([...then.traced.captures.keys(), ...otherwise.traced.captures.keys()])];
    const node = apply(
      control.cond,
      [p, ...captures],
      {
        then: close(then.traced, captures),
        otherwise: close(otherwise.traced, captures),
        savedThen: [],
        savedOtherwise: [],
        widens: null,
      },
      name,
    );
    return packTensors(then.result, node.outputs);
  });
}

/** What a branch returned, and its graph; literals take the dtypes of `like`. */
function branch<S>(graph: Graph, build: () => S, what: string, like?: readonly Edge[]): { result: S; traced: Traced } {
  const results: S[] = [];
  const traced = trace(graph, [], () => {
    const result = build();
    results.push(result);
    return flatEdges(result, what, like);
  });
  return { result: results[0], traced };
}
