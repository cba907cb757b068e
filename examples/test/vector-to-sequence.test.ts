import { loadMnist } from '@tensorloom/datasets';
import { describe, expect, it } from 'vitest';
import { run } from '../src/vector-to-sequence.js';
import { elementsOf } from './svg.js';
import { textOf, told } from './training-support.js';

describe('vector-to-sequence', () => {
  it('learns to spell in 120 steps what it sees in an image', { timeout: 60_000 }, async () => {
    const load = () => loadMnist({ limit: 6000, seed: 42 });
    const { losses, lines, files } = await told((options) => run(options, load), { epochs: 3 });
    expect(losses).toHaveLength(120);
    // Sixteen letters, the blank among them.
    expect(Math.abs(losses[0] - Math.log(16))).toBeLessThan(0.2);
    const accuracy = Number(/^2\tTest images spelled without a mistake: (.*)%$/.exec(lines[2])?.[1]);
    expect(accuracy).toBeGreaterThan(60);
    expect(lines[3]).toMatch(/^[ .:\-=+*#%@\n]+$/);
    expect(lines[4]).toBe('a 7, spelled "seven"');
    expect(elementsOf(textOf(files, 'vector-to-sequence.svg'))[0]).toBe('svg');
  });
});
