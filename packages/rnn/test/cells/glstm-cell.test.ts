import { reference } from '@tensorloom/backend-reference';
import {
  type Tensor,
  concat,
  constant,
  globalVariables,
  globalVariablesInitializer,
  placeholder,
  relu,
  resetDefaultGraph,
  setRandomSeed,
  split,
  trainableVariables,
} from '@tensorloom/graph';
import { GLSTMCell, LSTMCell, dynamicRnn } from '@tensorloom/rnn';
import { Session } from '@tensorloom/runtime';
import { ndarrays } from '@tensorloom/testkit';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { checkBptt, expectClose } from '../support.js';

beforeEach(() => resetDefaultGraph());

const DEPTH = 4;
const UNITS = 6;

test('its groups are LSTMs beside each other, as in the test of TensorFlow; one group is an LSTM', () => {
  fc.assert(
    fc.property(
      ndarrays('float64', [2, 3, DEPTH], { min: -2, max: 2 }),
      fc.constantFrom(1, 2),
      fc.nat(1000),
      (values, groups, seed) => {
        resetDefaultGraph();
        setRandomSeed(seed);
        const x = constant(values);
        const options = { dtype: 'float64', sequenceLength: [3, 1] } as const;
        const [together] = dynamicRnn(new GLSTMCell(UNITS, { numberOfGroups: groups, forgetBias: 0.5 }), x, options);
        const parts = split(x, groups, { axis: 2 });
        const alone = parts.map((part, g) => {
          const [outputs] = dynamicRnn(new LSTMCell(UNITS / groups, { forgetBias: 0.5 }), part, {
            ...options,
            scope: `alone${g}`,
          });
          return outputs;
        });
        const kernels = trainableVariables().filter((v) => v.op.endsWith('kernel'));
        const session = new Session({ backend: reference() });
        session.runSync(globalVariablesInitializer());
        session.runSync(kernels.slice(groups).map((v, g): Tensor => v.assign(kernels[g])));
        const r = session.runSync({ together, alone: concat(alone, 2) });
        session.close();
        expectClose(r.together.toArray(), r.alone.toArray(), 1e-12);
      },
    ),
    { numRuns: 8 },
  );
});

test('names and sizes', () => {
  const cell = new GLSTMCell(6, { numberOfGroups: 2, numProj: 4, activation: relu });
  expect([cell.stateSize, cell.outputSize]).toEqual([{ c: 6, h: 4 }, 4]);
  const [outputs] = dynamicRnn(cell, placeholder('float32', [null, 3, 8]), { dtype: 'float32' });
  expect(outputs.shape).toEqual([null, 3, 4]);
  expect(globalVariables().map((v) => [v.op.replace('rnn/glstm_cell/', ''), v.shape])).toEqual([
    ['group0/kernel', [6, 12]],
    ['group1/kernel', [6, 12]],
    ['bias_i', [6]],
    ['bias_j', [6]],
    ['bias_f', [6]],
    ['bias_o', [6]],
    ['projection/kernel', [6, 4]],
  ]);
});

test('gradients through time', () => checkBptt(() => new GLSTMCell(2, { numberOfGroups: 2, numProj: 4 })));

test('errors', () => {
  expect(() => new GLSTMCell(0)).toThrow('GLSTMCell: expected a positive number of units, got 0.');
  expect(() => new GLSTMCell(3, { numberOfGroups: 2 })).toThrow(
    /^GLSTMCell: expected a number of units that 2 groups divide, got 3\./,
  );
  expect(() => new GLSTMCell(4, { numberOfGroups: 2, numProj: 3 })).toThrow(
    /^GLSTMCell: expected a number of projected outputs that 2 groups divide, got 3\./,
  );
  const cell = new GLSTMCell(4, { numberOfGroups: 2 });
  expect(() => cell.call(placeholder('float32', [2, 3]), cell.zeroState(2, 'float32'))).toThrow(
    /^GLSTMCell: expected a number of inputs that 2 groups divide, got 3\./,
  );
  expect(() => cell.call(placeholder('float32', [2, null]), cell.zeroState(2, 'float32'))).toThrow(
    /^GLSTMCell: expected an input of shape \[batch, depth\]/,
  );
});
