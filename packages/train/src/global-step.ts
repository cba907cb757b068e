import {
  type Graph,
  GraphError,
  Variable,
  constant,
  defaultGraph,
  explain,
  showShape,
  variable,
} from '@tensorloom/graph';
import { atTop } from './at-top.js';

const NAME = 'global_step';

/** Options of the global step's functions. */
export interface GlobalStepOptions {
  /** Default: the current graph. */
  readonly graph?: Graph;
}

/**
 * The graph's count of training steps: a scalar variable `global_step:0`, 0 at first, not trainable. It is int32, because there is no
 * int64 here. Throws a `GraphError` when the graph has one. TensorFlow: `tf.train.create_global_step`.
 */
export function createGlobalStep({ graph = defaultGraph() }: GlobalStepOptions = {}): Variable {
  const known = getGlobalStep({ graph });
  if (known !== null) fail(known, 'exists already. Use getGlobalStep() or getOrCreateGlobalStep().');
  return atTop(graph, () => variable(() => constant(0, { dtype: 'int32' }), { name: NAME, trainable: false }));
}

/**
 * The variable `global_step:0` of the graph, `null` when there is none. Throws a `GraphError` unless it is an int32 scalar.
 * TensorFlow: `tf.train.get_global_step`.
 */
export function getGlobalStep({ graph = defaultGraph() }: GlobalStepOptions = {}): Variable | null {
  const found = graph.root.variables.find((v) => v.op === NAME);
  if (found !== undefined && (found.dtype !== 'int32' || found.shape.length !== 0)) {
    fail(found, `is ${found.dtype}${showShape(found.shape)}, expected int32[]. Give that variable another name.`);
  }
  return found ?? null;
}

/** The graph's count of training steps, made when there is none. TensorFlow: `tf.train.get_or_create_global_step`. */
export const getOrCreateGlobalStep = (options: GlobalStepOptions = {}): Variable =>
  getGlobalStep(options) ?? createGlobalStep(options);

function fail(v: Variable, wrong: string): never {
  throw new GraphError(explain(`global step: variable '${v.name}' ${wrong}`, v.toString(), v.location));
}
