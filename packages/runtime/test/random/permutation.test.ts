import { expect, test } from 'vitest';
import golden from '../../../testkit/golden/random-choices.json' with { type: 'json' };
import { fillPermutation } from '../../src/random/permutation.js';

test.each(golden.permutations)('permutations of $size, seed $opSeed, follow each other as in TensorFlow', (c) => {
  let block = 0;
  for (const run of c.runs) {
    const out = new Int32Array(c.size);
    block = fillPermutation(out, { key: [golden.graphSeed, 0], counter: [c.opSeed, 0] }, block);
    expect(Array.from(out)).toEqual(run);
  }
});

test('a permutation of nothing, or of one, draws nothing', () => {
  for (const size of [0, 1]) {
    const out = new Int32Array(size);
    expect(fillPermutation(out, { key: [1, 0], counter: [2, 0] }, 5)).toBe(5);
    expect(Array.from(out)).toEqual(size === 0 ? [] : [0]);
  }
});
