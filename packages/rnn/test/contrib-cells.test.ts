import { reference } from '@tensorloom/backend-reference';
import {
  type Structure,
  type Tensor,
  constant,
  globalVariables,
  resetDefaultGraph,
  stack,
  unstack,
} from '@tensorloom/graph';
import * as rnn from '@tensorloom/rnn';
import { Session } from '@tensorloom/runtime';
import { beforeEach, describe, expect, test } from 'vitest';
import golden from '../../testkit/golden/contrib-cells.json' with { type: 'json' };
import { expectClose } from './support.js';

beforeEach(() => resetDefaultGraph());

type Driven = readonly [outputs: Tensor, state: Structure];
const options = { dtype: 'float64', sequenceLength: golden.lengths } as const;
const float64 = (value: number[][][]): Tensor => constant(value, { dtype: 'float64' });
const sequences = () => ({ x: float64(golden.inputs), times: float64(golden.times) });

const drivers = {
  dynamicRnn: (cell: rnn.Cell): Driven => rnn.dynamicRnn(cell, sequences().x, options),
  staticRnn: (cell: rnn.Cell): Driven => {
    const [outputs, state] = rnn.staticRnn(cell, unstack(sequences().x, { axis: 1 }), options);
    return [stack(outputs, { axis: 1 }), state];
  },
};

const phased = () => new rnn.PhasedLSTMCell(2, { usePeepholes: true });
const phasedDrivers = {
  dynamicRnn: (): Driven => {
    const { times, x } = sequences();
    return rnn.dynamicRnn(phased(), [times, x] as const, options);
  },
  staticRnn: (): Driven => {
    const [times, xs] = [sequences().times, sequences().x].map((t) => unstack(t, { axis: 1 }));
    const steps = xs.map((x, i) => [times[i], x] as const);
    const [outputs, state] = rnn.staticRnn(phased(), steps, options);
    return [stack(outputs, { axis: 1 }), state];
  },
};

type Name = keyof typeof golden.cells;
const cells: readonly (readonly [Name, () => rnn.Cell])[] = [
  ['UGRNNCell', () => new rnn.UGRNNCell(2)],
  ['IntersectionRNNCell', () => new rnn.IntersectionRNNCell(3, { numInProj: 3 })],
  ['NASCell', () => new rnn.NASCell(2, { numProj: 3, useBias: true })],
  ['LayerNormBasicLSTMCell', () => new rnn.LayerNormBasicLSTMCell(2)],
  [
    'CoupledInputForgetGateLSTMCell',
    () => new rnn.CoupledInputForgetGateLSTMCell(2, { usePeepholes: true, numProj: 3, projClip: 0.02 }),
  ],
  [
    'CoupledInputForgetGateLSTMCell with layer norm',
    () => new rnn.CoupledInputForgetGateLSTMCell(2, { layerNorm: true }),
  ],
];

/** Expects outputs and final state to be the golden ones when all variables have the golden values. */
function expectGolden(name: Name, [outputs, state]: Driven): void {
  const { variables, outputs: wantOutputs, state: wantState } = golden.cells[name];
  const values = new Map<string, number[] | number[][]>(Object.entries(variables));
  const session = new Session({ backend: reference() });
  expect(globalVariables()).toHaveLength(values.size);
  for (const v of globalVariables()) {
    const value = values.get(v.op.split('/').slice(2).join('/'));
    if (value === undefined) throw new Error(`no golden value of ${v.op}`);
    session.runSync(v.assign(constant(value, { dtype: 'float64' })));
  }
  const [got, ...parts] = session.runSync([outputs, ...rnn.flatState(state)]);
  session.close();
  expectClose(got.toArray(), wantOutputs, 1e-9);
  Object.values(wantState).forEach((want, i) => expectClose(parts[i].toArray(), want, 1e-9));
}

describe.each(['dynamicRnn', 'staticRnn'] as const)('golden, by %s', (driver) => {
  test.each(cells)('%s', (name, cell) => expectGolden(name, drivers[driver](cell())));
  test('PhasedLSTMCell', () => expectGolden('PhasedLSTMCell', phasedDrivers[driver]()));
});
