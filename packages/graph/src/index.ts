export * from './case.js';
export * from './cond.js';
export { apply, apply1, defaultGraph, resetDefaultGraph, setRandomSeed, withGraph } from './context.js';
export { cumprod } from './cumprod.js';
export * from './custom-gradient.js';
export { type GraphSession, defaultSession, makeDefault, sessionFor } from './default-session.js';
export * from './dtype.js';
export { GraphError, explain, messageOf } from './errors.js';
export type * from './fetch.js';
export * from './fetchable.js';
export type { GraphJson } from './file/graph-json.js';
export { graphFromJson } from './file/graph-from-json.js';
export { type GraphFileOptions, graphToJson } from './file/graph-to-json.js';
export * from './fold.js';
export { Const, Graph, Placeholder, type Placement } from './graph.js';
export * from './initializers.js';
export { type Location, here, madeAt } from './location.js';
export type { CheckpointEvery, MemoryOptions } from './memory.js';
export { type MapOptions, mapFn } from './map-fn.js';
export * from './ndarray.js';
export type { Structure, Tensors } from './nested-tensors.js';
export type { PictureOptions } from './pictures/picture.js';
export { neededNodes } from './needed-nodes.js';
export { Node, refuse } from './node.js';
export * from './op.js';
export * from './ops/along-axis.js';
export * from './ops/check.js';
export * from './ops/control.js';
export { type TensorLike, constantOf, toInts, toTensor, toTensors } from './ops/convert.js';
export * from './ops/create.js';
export * from './ops/diagonal.js';
export * from './ops/einsum.js';
export * from './ops/elementwise.js';
export * from './ops/families.js';
export * from './ops/gather.js';
export * from './ops/join.js';
export * from './ops/list.js';
export * from './ops/matmul.js';
export * from './ops/random.js';
export * from './ops/reduce-logsumexp.js';
export * from './ops/reduce.js';
export * from './ops/select.js';
export * from './ops/sequence-mask.js';
export * from './ops/shape.js';
export * from './ops/state.js';
export * from './ops/strided-slice.js';
export * from './ops/tensordot.js';
export * from './ops/tile.js';
export * from './print.js';
export * from './loop-over.js';
export * from './scan.js';
export * from './scopes.js';
export * from './shape.js';
export { shortestFloat32 } from './show-array.js';
export * from './spec.js';
export * from './structure.js';
export * from './subgraph.js';
export * from './switch-case.js';
export { type AsMethods, type Edge, List, Tensor, asTensors, isTensor } from './tensor.js';
export * from './tensor-array.js';
export { Identity, baseName, close, trace, transplant } from './trace.js';
export {
  Variable,
  type VariableNodes,
  type VariableOptions,
  type VariableType,
  atRoot,
  globalVariables,
  trainableVariables,
  variable,
} from './variable.js';
export * from './variable-scope.js';
export * from './variables-initializer.js';
export * from './while-loop.js';
