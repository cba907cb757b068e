import { describe, expect, it } from 'vitest';
import { run } from '../src/deep-rnn-dropout.js';
import { elementsOf } from './svg.js';
import { textOf, told } from './training-support.js';

describe('deep-rnn-dropout', () => {
  it('trains with dropout and without, from the same weights on the same batches', { timeout: 60_000 }, async () => {
    const { events, losses, lines, files } = await told(run, { iterations: 20 });
    expect(events.flatMap((event) => (event.kind === 'training' ? [event.title] : []))).toEqual([
      'keep probability 0.5',
      'keep probability 1',
    ]);
    expect(losses).toHaveLength(40);
    // What is dropped makes the loss another one from the first step on.
    expect(losses[0]).not.toBe(losses[20]);
    expect(lines[3]).toMatch(/^Test MSE, trained with keep probability 1: \d+\.\d+$/);
    expect(elementsOf(textOf(files, 'deep-rnn-dropout.svg'))[0]).toBe('svg');
  });

  it('is worse with dropout, as in the book', { timeout: 60_000 }, async () => {
    const { lines } = await told(run, { iterations: 100 });
    const [dropped, kept] = lines
      .filter((line) => line.startsWith('Test MSE'))
      .map((line) => Number(line.split(': ')[1]));
    expect(kept).toBeLessThan(dropped / 4);
  });
});
