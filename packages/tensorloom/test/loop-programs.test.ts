import { type Pass, loopRewrites, lower, passes, printProgram } from '@tensorloom/runtime';
import { beforeEach, expect, test } from 'vitest';
import * as tl from '../src/index.js';

beforeEach(() => tl.resetDefaultGraph());

const cells: Record<string, () => tl.rnn.Cell> = {
  'basic-rnn': () => new tl.rnn.BasicRNNCell(3),
  'basic-lstm': () => new tl.rnn.BasicLSTMCell(3),
  gru: () => new tl.rnn.GRUCell(3),
  'multi-rnn': () => new tl.rnn.MultiRNNCell([new tl.rnn.BasicRNNCell(3), new tl.rnn.BasicRNNCell(3)]),
};

/** The program, without releases, of the gradients of a cell's variables along sequences of two numbers. */
function programOf(cell: string, withLengths: boolean, rewrites: readonly Pass[]): string {
  const X = tl.placeholder('float32', [null, 7, 2], { name: 'X' });
  const lengths = tl.placeholder('int32', [null], { name: 'lengths' });
  const [outputs] = tl.rnn.dynamicRnn(cells[cell](), X, {
    dtype: 'float32',
    ...(withLengths && { sequenceLength: lengths }),
  });
  const found = tl.gradients(tl.reduceSum(outputs.square()), tl.trainableVariables()).filter((g) => g !== null);
  const program = printProgram(lower(found, [], withLengths ? [X, lengths] : [X], rewrites));
  return `${program
    .split('\n')
    .filter((line) => !/^\s*release /.test(line))
    .join('\n')}\n`;
}

const [share, prune] = passes;
const names = Object.keys(loopRewrites) as (keyof typeof loopRewrites)[];

test.each(['before', ...names])('a BasicRNNCell and its gradient, rewrite by rewrite: %s', async (name) => {
  const done = names.slice(0, 1 + names.findIndex((known) => known === name));
  const rewrites = [share, prune, ...done.map((rewrite) => loopRewrites[rewrite]), share, prune];
  const file = `./__snapshots__/loops/basic-rnn-${done.length}-${name.replace('pushOut', 'push-out')}.txt`;
  await expect(programOf('basic-rnn', false, rewrites)).toMatchFileSnapshot(file);
});

test.each(Object.keys(cells).flatMap((cell) => [[cell, false] as const, [cell, true] as const]))(
  'the program of %s and its gradient after all rewrites, with lengths: %s',
  async (cell, withLengths) => {
    const file = `./__snapshots__/loops/${cell}${withLengths ? '-with-lengths' : ''}.txt`;
    await expect(programOf(cell, withLengths, passes)).toMatchFileSnapshot(file);
  },
);
