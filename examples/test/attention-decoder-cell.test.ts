import * as tl from 'tensorloom';
import { describe, expect, it } from 'vitest';
import { AttentionDecoderCell } from '../src/attention-decoder-cell.js';

describe('AttentionDecoderCell', () => {
  it('looks at the rows of the memory that the mask shows, and at no other', async () => {
    tl.resetDefaultGraph();
    tl.setRandomSeed(1);
    const memory = tl.placeholder('float32', [2, 3, 4]);
    const mask = tl.constant([
      [0, 0, -1e9],
      [0, 0, 0],
    ]);
    const cell = new AttentionDecoderCell(4, memory, mask);
    const inputs = tl.ones([2, 5, 6]);
    const [outputs, state] = tl.rnn.dynamicRnn(cell, inputs, { dtype: 'float32' });
    await using sess = new tl.Session();
    await sess.run(tl.globalVariablesInitializer());
    const filled = (last: number) => [0, 1].map(() => [0.5, -0.3, last].map((value) => [value, 0.1, value, -value]));
    const one = await sess.run({ outputs, state }, [[memory, filled(1)]]);
    const two = await sess.run({ outputs, state }, [[memory, filled(2)]]);
    expect(one.outputs.shape).toEqual([2, 5, 4]);
    expect(Object.keys(one.state).sort()).toEqual(['attention', 'h']);
    const row = (array: tl.NDArray, instance: number) => [0, 1, 2, 3].map((unit) => array.get(instance, 4, unit));
    expect(row(two.outputs, 0)).toEqual(row(one.outputs, 0));
    expect(row(two.outputs, 1)).not.toEqual(row(one.outputs, 1));
    expect(row(one.outputs, 0)).toEqual([0, 1, 2, 3].map((unit) => one.state.attention.get(0, unit)));
  });
});
