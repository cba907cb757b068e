import {
  type Structure,
  type Tensor,
  TensorArray,
  constant,
  globalVariablesInitializer,
  gather,
  glorotUniformInitializer,
  isTensor,
  minimum,
  placeholder,
  resetDefaultGraph,
  toTensor,
  transpose,
  variableScope,
} from '@tensorloom/graph';
import { reference } from '@tensorloom/backend-reference';
import {
  BasicLSTMCell,
  BasicRNNCell,
  type Cell,
  GRUCell,
  MultiRNNCell,
  dynamicRnn,
  flatState,
  rawRnn,
} from '@tensorloom/rnn';
import { Session } from '@tensorloom/runtime';
import { checkGradients } from '@tensorloom/testkit';
import { beforeEach, describe, expect, test } from 'vitest';
import { expectClose } from '../support.js';

beforeEach(() => resetDefaultGraph());

/** `dynamicRnn` written with `rawRnn`. */
function byHand(cell: Cell, x: Tensor, lengths: readonly number[]): [Tensor, Structure] {
  const rows = transpose(x, [1, 0, 2]);
  const steps = x.shape?.[1] ?? 0;
  const ends = toTensor(lengths, 'int32', 'byHand');
  const [emitted, state] = rawRnn(cell, (time, output, now) => {
    const next = gather(rows, minimum(time, steps - 1));
    return [time.greaterEqual(ends), next, now ?? cell.zeroState(lengths.length, x.dtype), output, null];
  });
  if (!(emitted instanceof TensorArray)) throw new Error('expected one array');
  return [transpose(emitted.stack(), [1, 0, 2]), state];
}

const cells: Record<string, () => Cell> = {
  BasicRNNCell: () => new BasicRNNCell(2),
  BasicLSTMCell: () => new BasicLSTMCell(2),
  MultiRNNCell: () => new MultiRNNCell([new GRUCell(2), new BasicLSTMCell(3)]),
};
const lengths = [3, 1];
/** A driver whose cell's variables are the same in every graph. */
const seeded =
  (driver: (cell: Cell, x: Tensor) => [Tensor, Structure]) =>
  (cell: Cell, x: Tensor): [Tensor, Structure] =>
    variableScope('same', { initializer: glorotUniformInitializer({ seed: 3 }) }, () => driver(cell, x));

describe.each(Object.entries(cells))('%s', (_, make) => {
  test('dynamicRnn written by hand gives what dynamicRnn gives', () => {
    const run = (driver: (cell: Cell, x: Tensor) => [Tensor, Structure]): unknown => {
      resetDefaultGraph();
      const x = constant([[[1, 2], [3, -1], [0.5, 0]], [[-1, 1], [2, 2], [9, 9]]], { dtype: 'float64' }); // prettier-ignore
      const [outputs, state] = driver(make(), x);
      const session = new Session({ backend: reference() });
      session.runSync(globalVariablesInitializer());
      const values = session.runSync([outputs, ...flatState(state)]).map((v) => v.toArray());
      session.close();
      return values;
    };
    const ones = (cell: Cell, x: Tensor): [Tensor, Structure] =>
      dynamicRnn(cell, x, { dtype: 'float64', sequenceLength: lengths });
    const [a, b] = [run(seeded((c, x) => byHand(c, x, lengths))), run(seeded(ones))];
    expectClose(a, b, 1e-12);
  });

  test('gradients through time', () => {
    checkGradients({
      inputs: [[[[1, 2], [3, -1], [0.5, 0]], [[-1, 1], [2, 2], [9, 9]]]], // prettier-ignore
      order: 2,
      build: ([x]) => {
        const [outputs, state] = byHand(make(), x, lengths);
        return [outputs, ...flatState(state)];
      },
    });
  });
});

test('structures are collected, and the loop state goes from step to step', () => {
  const cell = new BasicRNNCell(2);
  const [emitted, , loopState] = rawRnn(cell, (time, output, state, sum) => {
    const next = constant([[1, 1]]);
    if (output === null || state === null || sum === null) {
      const like = { y: constant([0, 0]), t: constant(0, { dtype: 'int32' }) };
      return [[false], next, cell.zeroState(1, 'float32'), like, { steps: constant(0) }];
    }
    return [
      time.greaterEqual(3).reshape([1]),
      next,
      state,
      { y: output, t: time.reshape([1]) },
      { steps: flatState(sum)[0].add(1) },
    ];
  });
  const { y, t } = emitted as { y: TensorArray; t: TensorArray };
  const session = new Session({ backend: reference() });
  session.runSync(globalVariablesInitializer());
  expect(session.runSync(y.stack()).shape).toEqual([3, 1, 2]);
  expect(session.runSync(t.stack()).toArray()).toEqual([[1], [2], [3]]);
  expect(
    loopState === null || isTensor(loopState) ? null : flatState(loopState).map((s) => session.runSync(s).item()),
  ).toEqual([3]);
  session.close();
});

test('what is collected must keep its structure', () => {
  const cell = new BasicRNNCell(2);
  const x = placeholder('float32', [1, 2]);
  expect(() =>
    rawRnn(cell, (time, output, state) => [
      time.greaterEqual(1).reshape([1]),
      x,
      state ?? cell.zeroState(1, 'float32'),
      output === null ? null : [output, output],
      null,
    ]),
  ).toThrow(/^rawRnn: loopFn returned 2 tensors to collect, expected 1 as at time 0/);
});
