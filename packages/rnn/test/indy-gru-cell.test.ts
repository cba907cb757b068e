import { reference } from '@tensorloom/backend-reference';
import {
  constantInitializer,
  globalVariablesInitializer,
  placeholder,
  relu,
  resetDefaultGraph,
  trainableVariables,
} from '@tensorloom/graph';
import { IndyGRUCell, dynamicRnn } from '@tensorloom/rnn';
import { Session } from '@tensorloom/runtime';
import { beforeEach, expect, test } from 'vitest';
import { checkBptt } from './support.js';

beforeEach(() => resetDefaultGraph());

test('names and sizes', () => {
  const cell = new IndyGRUCell(3);
  expect([cell.stateSize, cell.outputSize]).toEqual([3, 3]);
  dynamicRnn(cell, placeholder('float32', [null, 4, 5]), { dtype: 'float32' });
  expect(trainableVariables().map((v) => [v.op, v.shape])).toEqual([
    ['rnn/indy_gru_cell/gates/kernel_w', [5, 6]],
    ['rnn/indy_gru_cell/gates/kernel_u', [1, 6]],
    ['rnn/indy_gru_cell/gates/bias', [6]],
    ['rnn/indy_gru_cell/candidate/kernel', [5, 3]],
    ['rnn/indy_gru_cell/candidate/kernel_u', [1, 3]],
    ['rnn/indy_gru_cell/candidate/bias', [3]],
  ]);
});

test('gradients through time', () => checkBptt(() => new IndyGRUCell(2)));

test('initializers of the kernels and of both biases; without them the gates begin open', () => {
  const start = (cell: IndyGRUCell): number[][] => {
    resetDefaultGraph();
    cell.call(placeholder('float32', [1, 1]), cell.zeroState(1, 'float32'));
    const session = new Session({ backend: reference() });
    session.runSync(globalVariablesInitializer());
    const values = session.runSync(trainableVariables()).map((v) => Array.from(v.data, Number));
    session.close();
    return values;
  };
  const [, , gates, , , candidate] = start(new IndyGRUCell(1, { activation: relu }));
  expect([gates, candidate]).toEqual([[1, 1], [0]]);
  const options = { kernelInitializer: constantInitializer(2), biasInitializer: constantInitializer(3) };
  const [w, , ...rest] = start(new IndyGRUCell(1, options));
  expect([w, rest[0], rest[1], rest[3]]).toEqual([[2, 2], [3, 3], [2], [3]]);
});

test('errors', () => {
  expect(() => new IndyGRUCell(0)).toThrow('IndyGRUCell: expected a positive number of units, got 0.');
  const cell = new IndyGRUCell(2);
  expect(() => cell.call(placeholder('float32', [2, null]), cell.zeroState(2, 'float32'))).toThrow(
    /^IndyGRUCell: expected an input of shape \[batch, depth\]/,
  );
});
