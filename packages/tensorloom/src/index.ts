export * from '@tensorloom/graph';
export { gradients } from '@tensorloom/autodiff';
export { layers, nn } from '@tensorloom/nn';
export * as rnn from '@tensorloom/rnn';
export * as train from '@tensorloom/train';
export { type Backend, type Feeds, type Fetch, type Fetched, lower, printProgram } from '@tensorloom/runtime';
export { Session, type SessionOptions } from './session.js';
