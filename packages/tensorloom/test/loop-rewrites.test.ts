import { lower, passes, printProgram } from '@tensorloom/runtime';
import { beforeEach, describe, expect, test } from 'vitest';
import * as tl from '../src/index.js';

beforeEach(() => tl.resetDefaultGraph());

/** How many products a program has outside its loops, and in each of them. */
function products(program: string): { outside: number; loops: number[] } {
  let depth = 0;
  let outside = 0;
  const loops: number[] = [];
  for (const line of program.split('\n')) {
    if (/^\s*do \(/.test(line)) {
      depth++;
      loops.push(0);
    } else if (depth > 0 && /^\s*\} ->/.test(line)) depth--;
    else if (/ = MatMul\(/.test(line)) {
      if (depth > 0) loops[loops.length - 1]++;
      else outside++;
    }
  }
  return { outside, loops };
}

type Name = 'BasicRNNCell' | 'BasicLSTMCell' | 'LSTMCell' | 'GRUCell' | 'MultiRNNCell';

const cells: Record<Name, () => tl.rnn.Cell> = {
  BasicRNNCell: () => new tl.rnn.BasicRNNCell(3),
  BasicLSTMCell: () => new tl.rnn.BasicLSTMCell(3),
  LSTMCell: () => new tl.rnn.LSTMCell(3, { usePeepholes: true }),
  GRUCell: () => new tl.rnn.GRUCell(3),
  MultiRNNCell: () => new tl.rnn.MultiRNNCell([new tl.rnn.BasicLSTMCell(3), new tl.rnn.GRUCell(3)]),
};

/** Per kernel: one product of all inputs before the forward loop, one of all gradients after the backward one. */
const expected: Record<Name, { forward: number; backward: number; outside: number }> = {
  BasicRNNCell: { forward: 1, backward: 1, outside: 2 },
  BasicLSTMCell: { forward: 1, backward: 1, outside: 2 },
  LSTMCell: { forward: 1, backward: 1, outside: 2 },
  GRUCell: { forward: 2, backward: 2, outside: 4 },
  // The second layer reads the first one's output at the same trip, so its products stay joint; its gradient goes to the layer below.
  MultiRNNCell: { forward: 3, backward: 3, outside: 4 },
};

describe.each(Object.keys(cells) as Name[])('%s', (name) => {
  test.each([false, true])('products leave the loops, with lengths: %s', (withLengths) => {
    const X = tl.placeholder('float32', [null, 7, 2]);
    const lengths = tl.placeholder('int32', [null]);
    const [outputs] = tl.rnn.dynamicRnn(cells[name](), X, {
      dtype: 'float32',
      ...(withLengths && { sequenceLength: lengths }),
    });
    const dKernels = tl.gradients(
      tl.reduceSum(outputs.square()),
      tl.trainableVariables().filter((v) => v.op.endsWith('kernel')),
    );
    const fetches = dKernels.flatMap((g) => (g === null ? [] : [g]));
    const program = printProgram(lower(fetches, [], [X, lengths], passes));
    const { outside, loops } = products(program);
    expect({ outside, loops }).toEqual({
      outside: expected[name].outside,
      loops: [expected[name].forward, expected[name].backward],
    });
  });
});

test('no steps at all, of a batch that only the run knows: states and gradients are those of no steps', () => {
  const X = tl.placeholder('float32', [null, null, 2]);
  const [, state] = tl.rnn.dynamicRnn(new tl.rnn.BasicRNNCell(3), X, { dtype: 'float32' });
  const gradients = tl.gradients(tl.reduceSum(state), tl.trainableVariables());
  const session = new tl.Session();
  session.runSync(tl.globalVariablesInitializer());
  const fetches = [state, ...gradients.flatMap((g) => (g === null ? [] : [g]))];
  const got = session.runSync(fetches, [[X, { shape: [4, 0, 2], data: new Float32Array(0) }]]);
  session.close();
  expect(got.map(({ shape }) => shape)).toEqual([[4, 3], [5, 3], [3]]);
  got.forEach(({ data }) => expect(data.every((v) => v === 0)).toBe(true));
});
