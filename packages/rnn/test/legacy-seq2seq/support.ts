import { type Structure, type Tensor, globalVariables } from '@tensorloom/graph';
import { flatState } from '@tensorloom/rnn';
import { checkGradients, ndarrays } from '@tensorloom/testkit';
import fc from 'fast-check';

/** Names and shapes of all variables, in the order they were made. */
export const variables = (): string[] =>
  globalVariables().map((v) => `${v.name.replace(/:0$/, '')} ${v.shape.join('x')}`);

/** Gradients of outputs and final state, by random values of one float64 input of the given shape, are those of finite differences. */
export function checkDecoder(
  shape: readonly number[],
  build: (x: Tensor) => readonly [readonly Tensor[], Structure],
): void {
  fc.assert(
    fc.property(ndarrays('float64', shape, { min: -1, max: 1 }), fc.nat(1000), (x, seed) => {
      checkGradients({
        inputs: [x],
        seed,
        build: ([input]) => {
          const [outputs, state] = build(input);
          return [...outputs, ...flatState(state)];
        },
      });
    }),
    { numRuns: 2 },
  );
}
