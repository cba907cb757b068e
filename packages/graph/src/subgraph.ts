import type { Graph } from './graph.js';
import type { Edge } from './tensor.js';

/** A closed graph, a function from `params` to `outputs`: whatever it reads from outside arrives through `params`. */
export interface SubGraph {
  readonly graph: Graph;
  readonly params: readonly Edge[];
  readonly outputs: readonly Edge[];
}
