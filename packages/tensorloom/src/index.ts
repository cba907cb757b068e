export * from '@tensorloom/graph';
// The function of this name, rather than the family of ops.
export { shapeOf as shape } from '@tensorloom/graph';
export { gradients, hessian, hvp, jacobian, jvp } from '@tensorloom/autodiff';
export { layers, nn } from '@tensorloom/nn';
export * as rnn from '@tensorloom/rnn';
export { legacySeq2seq, seq2seq } from '@tensorloom/rnn';
export * as train from '@tensorloom/train';
export { clipByAverageNorm, clipByGlobalNorm, clipByNorm, globalNorm, summary } from '@tensorloom/train';
export {
  type Backend,
  type BackendKernel,
  type HostLoops,
  Profile,
  type ProfileEvent,
  type ProfileRow,
  lower,
  printProgram,
} from '@tensorloom/runtime';
export { type DefinedOp, type OpDefinition, type OpOptions, type OutputsOf, defineOp } from './define-op.js';
export { InteractiveSession } from './interactive-session.js';
export { Session, type SessionOptions } from './session.js';
