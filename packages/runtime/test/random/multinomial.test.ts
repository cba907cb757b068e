import { describe, expect, test } from 'vitest';
import golden from '../../../testkit/golden/random-choices.json' with { type: 'json' };
import { fillMultinomial } from '../../src/random/multinomial.js';

const logitsOf = (rows: readonly (readonly number[])[]) => ({
  dtype: 'float32' as const,
  shape: [rows.length, rows[0].length],
  data: Float32Array.from(rows.flat()),
});

describe('fillMultinomial', () => {
  test.each(golden.multinomials)('$samples samples, seed $opSeed, follow each other as in TensorFlow', (c) => {
    let block = 0;
    for (const run of c.runs) {
      const out = new Int32Array(c.logits.length * c.samples);
      block = fillMultinomial(out, { key: [golden.graphSeed, 0], counter: [c.opSeed, 0] }, block, logitsOf(c.logits));
      expect(Array.from(out)).toEqual(run.flat());
    }
  });

  test('draws classes as often as their probabilities say, and never one of score -Infinity', () => {
    const out = new Int32Array(10_000);
    fillMultinomial(out, { key: [1, 0], counter: [2, 0] }, 0, logitsOf([[Math.log(0.2), -Infinity, Math.log(0.8)]]));
    const counts = [0, 1, 2].map((c) => out.filter((v) => v === c).length);
    expect(counts[1]).toBe(0);
    expect(Math.abs(counts[0] / 10_000 - 0.2)).toBeLessThan(0.02);
  });
});
