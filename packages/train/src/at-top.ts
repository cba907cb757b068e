import { type Graph, atRoot } from '@tensorloom/graph';

/** Builds in the outermost graph and scope, outside control dependencies: what optimizers keep belongs to no place of use. */
export const atTop = <T>(graph: Graph, build: () => T): T =>
  atRoot(graph.root, () => graph.root.names.within('', build));
