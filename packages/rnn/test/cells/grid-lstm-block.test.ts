import { reference } from '@tensorloom/backend-reference';
import {
  type Tensor,
  type Variable,
  concat,
  constant,
  globalVariables,
  globalVariablesInitializer,
  randomUniformInitializer,
  reshape,
  resetDefaultGraph,
  setRandomSeed,
  slice,
  split,
  variableScope,
  zerosLike,
} from '@tensorloom/graph';
import { GridLSTMCell, LSTMCell, dynamicRnn } from '@tensorloom/rnn';
import { Session } from '@tensorloom/runtime';
import { ndarrays } from '@tensorloom/testkit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expectClose } from '../support.js';

const UNITS = 3;
const DEPTH = 2;
const BATCH = 2;
const STEPS = 4;

/** A variable by the end of its name. */
const variable = (name: string): Variable => {
  const found = globalVariables().filter((v) => v.op.endsWith(`/${name}`));
  expect(found.map((v) => v.op)).toHaveLength(1);
  return found[0];
};

/**
 * A grid of one window goes through time as an LSTM does, and a grid of one step up the frequencies: the other direction gives zeros
 * then, but for the memory that the output gate sees.
 */
test.each(['time', 'freq'])('along %s alone, the grid is an LSTM with peepholes', (direction) => {
  fc.assert(
    fc.property(
      ndarrays('float64', [BATCH, STEPS, DEPTH], { min: -2, max: 2 }),
      fc.integer({ min: 1, max: 1000 }),
      fc.constantFrom(undefined, 0.3),
      (values, seed, cellClip) => {
        resetDefaultGraph();
        setRandomSeed(seed);
        const x = constant(values);
        const options = { usePeepholes: true, forgetBias: 0.5, ...(cellClip !== undefined && { cellClip }) };
        const sequence = direction === 'time' ? x : reshape(x, [BATCH, 1, STEPS * DEPTH]);
        const grid = new GridLSTMCell(UNITS, {
          ...options,
          featureSize: DEPTH,
          frequencySkip: DEPTH,
          numFrequencyBlocks: [direction === 'time' ? 1 : STEPS],
          initializer: randomUniformInitializer({ minval: -1, maxval: 1 }),
        });
        const [outputs] = dynamicRnn(grid, sequence, { dtype: 'float64', scope: 'grid' });
        // Outputs are [h_time, h_frequency], window by window.
        const along = reshape(outputs, [BATCH, STEPS, 2, UNITS]).stridedSlice(
          [0, 0, direction === 'time' ? 0 : 1],
          [0, 0, 2],
          [1, 1, 1],
          { beginMask: 0b11, endMask: 0b11, shrinkAxisMask: 0b100 },
        );
        const [expected] = variableScope('alone', () =>
          dynamicRnn(new LSTMCell(UNITS, options), x, { dtype: 'float64' }),
        );

        const letter = direction[0];
        const [kernel, bias] = [variable(`W_${letter}_0_0`), variable(`B_${letter}_0`)];
        const [ofX, ofTime, ofFrequency] = split(kernel, [DEPTH, UNITS, UNITS], { axis: 0 });
        const peephole = (gate: string, of = letter): Variable => variable(`W_${gate}_diag_${direction}${of}_0`);
        const other = peephole('O', letter === 't' ? 'f' : 't');
        const lstm = (name: string, value: Tensor | Variable): Tensor => variable(`lstm_cell/${name}`).assign(value);
        const session = new Session({ backend: reference() });
        session.runSync(globalVariablesInitializer());
        session.runSync([other.assign(zerosLike(other)), bias.assign(reshape(slice(kernel, [0, 0], [1, -1]), [-1]))]);
        session.runSync([
          lstm('kernel', concat([ofX, direction === 'time' ? ofTime : ofFrequency], 0)),
          lstm('bias', bias),
          ...['F', 'I', 'O'].map((gate) => lstm(`w_${gate.toLowerCase()}_diag`, peephole(gate))),
        ]);
        const r = session.runSync({ along, expected });
        session.close();
        expectClose(r.along.toArray(), r.expected.toArray(), 1e-12);
      },
    ),
    { numRuns: 8 },
  );
});
