import { describe, expect, it } from 'vitest';
import { run } from '../src/sentiment.js';
import { elementsOf } from './svg.js';
import { textOf, told } from './training-support.js';

describe('sentiment', () => {
  it('learns to tell every new review, negations and the order of clauses too', { timeout: 100_000 }, async () => {
    const { losses, lines, files } = await told(run, { epochs: 2 });
    expect(losses).toHaveLength(400);
    expect(losses[0]).toBeGreaterThan(0.6);
    const accuracy = Number(/^1\tAccuracy on 2000 other reviews: (.*)%$/.exec(lines[1])?.[1]);
    expect(accuracy).toBeGreaterThan(95);
    const liked = lines.slice(3).map((line) => Number.parseFloat(line));
    expect(liked.map((percent) => percent > 50)).toEqual([true, false, true, true]);

    const svg = textOf(files, 'sentiment.svg');
    expect(elementsOf(svg)[0]).toBe('svg');
    for (const word of ['superb', 'although', 'never']) expect(svg).toContain(`>${word}</text>`);
  });
});
