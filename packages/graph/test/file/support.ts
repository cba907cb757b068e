import type { References, Referents } from '../../src/file/codec.js';

const refuse = (): never => {
  throw new Error('there is nothing to refer to');
};

/** A file in which nothing can be referred to. */
export const nothing: References & Referents = {
  outputs: 1,
  edge: refuse,
  node: refuse,
  body: refuse,
  stream: refuse,
  variable: refuse,
};
