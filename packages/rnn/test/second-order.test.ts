import { gradients } from '@tensorloom/autodiff';
import { type Tensor, reduceSum, resetDefaultGraph, setRandomSeed, trainableVariables } from '@tensorloom/graph';
import { BasicLSTMCell, BasicRNNCell, type Cell, GRUCell, LSTMCell, dynamicRnn, flatState } from '@tensorloom/rnn';
import { checkGradients, ndarrays } from '@tensorloom/testkit';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';

beforeEach(() => resetDefaultGraph());

const cells: Record<string, () => Cell> = {
  BasicRNNCell: () => new BasicRNNCell(2),
  BasicLSTMCell: () => new BasicLSTMCell(2),
  'LSTMCell with peepholes': () => new LSTMCell(2, { usePeepholes: true }),
  GRUCell: () => new GRUCell(2),
};

/** The outputs and the final state. */
function unrolled(cell: Cell, x: Tensor, sequenceLength?: readonly number[]): Tensor[] {
  const [outputs, state] = dynamicRnn(cell, x, {
    dtype: x.dtype,
    ...(sequenceLength && { sequenceLength: [...sequenceLength] }),
  });
  return [outputs, ...flatState(state)];
}

describe.each(Object.entries(cells))('gradient of gradient through dynamicRnn: %s, in float64', (_, cellOf) => {
  test('by the inputs, with and without lengths', () => {
    const lengths = fc.option(fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 2, maxLength: 2 }));
    fc.assert(
      fc.property(ndarrays('float64', [2, 3, 2]), lengths, fc.nat(1000), (x, some, seed) => {
        checkGradients({
          inputs: [x],
          shapes: [[null, null, 2]],
          order: 2,
          seed,
          build: ([inputs]) => unrolled(cellOf(), inputs, some ?? undefined),
        });
      }),
      { numRuns: 3 },
    );
  });

  test('of the gradient by the weights', () => {
    fc.assert(
      fc.property(ndarrays('float64', [1, 3, 2]), fc.nat(1000), (x, seed) => {
        checkGradients({
          inputs: [x],
          order: 1,
          seed,
          build: ([inputs]) => {
            setRandomSeed(seed);
            const loss = reduceSum(unrolled(cellOf(), inputs)[0].square());
            return gradients(loss, trainableVariables()).map((d) => d ?? expect.fail('no gradient'));
          },
        });
      }),
      { numRuns: 3 },
    );
  });
});
