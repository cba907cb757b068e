import { reference } from '@tensorloom/backend-reference';
import {
  NDArray,
  type Tensor,
  type Variable,
  constant,
  globalVariablesInitializer,
  resetDefaultGraph,
  trainableVariables,
  variableScope,
} from '@tensorloom/graph';
import {
  BasicLSTMCell,
  BasicRNNCell,
  type Cell,
  GRUCell,
  IndRNNCell,
  IndyGRUCell,
  IndyLSTMCell,
  dynamicRnn,
  flatState,
} from '@tensorloom/rnn';
import { Session } from '@tensorloom/runtime';
import { ndarrays } from '@tensorloom/testkit';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { expectClose } from '../support.js';

beforeEach(() => resetDefaultGraph());

const UNITS = 3;
const DEPTH = 2;

/** Weights of the input [depth, columns] above a diagonal for each gate: what a unit of an ordinary cell must see of the state. */
function jointKernel(w: NDArray, u: NDArray): NDArray {
  const columns = w.shape[1];
  const data = new Float64Array((DEPTH + UNITS) * columns);
  for (let j = 0; j < columns; j++) {
    for (let i = 0; i < DEPTH; i++) data[i * columns + j] = w.get(i, j);
    data[(DEPTH + (j % UNITS)) * columns + j] = u.get(0, j);
  }
  return new NDArray('float64', [DEPTH + UNITS, columns], data);
}

/** Number of gates in each layer of a cell. */
const cells: readonly (readonly [string, () => Cell, () => Cell, readonly number[]])[] = [
  ['IndRNNCell', () => new IndRNNCell(UNITS), () => new BasicRNNCell(UNITS), [1]],
  ['IndyGRUCell', () => new IndyGRUCell(UNITS), () => new GRUCell(UNITS), [2, 1]],
  ['IndyLSTMCell', () => new IndyLSTMCell(UNITS), () => new BasicLSTMCell(UNITS), [4]],
];

test.each(cells)('%s is the ordinary cell whose recurrent weights are diagonal', (_, independent, ordinary, gates) => {
  const weights = fc.tuple(
    ...gates.map((g) =>
      fc.tuple(
        ndarrays('float64', [DEPTH, g * UNITS], { min: -1, max: 1 }),
        ndarrays('float64', [1, g * UNITS], { min: -1, max: 1 }),
        ndarrays('float64', [g * UNITS], { min: -1, max: 1 }),
      ),
    ),
  );
  fc.assert(
    fc.property(ndarrays('float64', [2, 4, DEPTH], { min: -2, max: 2 }), weights, (x, layers) => {
      resetDefaultGraph();
      const run = (scope: string, cell: Cell): Tensor[] =>
        variableScope(scope, () => {
          const [outputs, state] = dynamicRnn(cell, constant(x), { dtype: 'float64', sequenceLength: [4, 2] });
          return [outputs, ...flatState(state)];
        });
      const [a, b] = [run('independent', independent()), run('ordinary', ordinary())];
      const [own, joint] = ['independent', 'ordinary'].map((scope) =>
        trainableVariables().filter((v) => v.op.startsWith(scope)),
      );
      const session = new Session({ backend: reference() });
      session.runSync(globalVariablesInitializer());
      const set = (v: Variable, value: NDArray): void => void session.runSync(v.assign(constant(value)));
      layers.forEach(([w, u, bias], k) => {
        [w, u, bias].forEach((value, i) => set(own[3 * k + i], value));
        [jointKernel(w, u), bias].forEach((value, i) => set(joint[2 * k + i], value));
      });
      const r = session.runSync({ a, b });
      session.close();
      expect(r.a).toHaveLength(r.b.length);
      r.a.forEach((v, i) => expectClose(v.toArray(), r.b[i].toArray(), 1e-12));
    }),
    { numRuns: 10 },
  );
});

test('recurrent weights begin between -1 and 1, whatever the variable scope says', () => {
  const kernels = variableScope('scope', { initializer: () => constant(7, { shape: [DEPTH, UNITS] }) }, () => {
    new IndRNNCell(UNITS).call(constant([[1, 2]]), constant([[0, 0, 0]]));
    return trainableVariables();
  });
  const session = new Session({ backend: reference() });
  session.runSync(globalVariablesInitializer());
  const [w, u] = session.runSync(kernels).map((v) => Array.from(v.data, Number));
  session.close();
  expect(w.every((v) => v === 7)).toBe(true);
  expect(u.every((v) => v >= -1 && v < 1)).toBe(true);
  expect(new Set(u).size).toBe(UNITS);
});
