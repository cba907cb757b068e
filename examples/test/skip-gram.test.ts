import { MersenneTwister, topics, topicText } from '@tensorloom/datasets';
import { describe, expect, it } from 'vitest';
import { byFrequency, nextBatch, run } from '../src/skip-gram.js';
import { probes } from '../src/skip-gram-probes.js';
import { elementsOf } from './svg.js';
import { textOf, told } from './training-support.js';

describe('skip-gram', () => {
  it('expects of its probes words of their own topic and role', () => {
    const groups = topics.flatMap((roles) => Object.values(roles));
    expect(Object.keys(probes)).toHaveLength(10);
    for (const [word, neighbours] of Object.entries(probes)) {
      const group = groups.find((words) => words.includes(word)) ?? [];
      expect([...neighbours, word].sort()).toEqual([...group].sort());
    }
  });

  it('ranks words by frequency', () => {
    expect(byFrequency(['b', 'a', 'c', 'a', 'c', 'a'])).toEqual(['a', 'c', 'b']);
    expect(byFrequency(topicText(500)).slice(0, 2).sort()).toEqual(['a', 'the']);
  });

  it('takes a word and one at most two words away', () => {
    const words = Array.from({ length: 100 }, (_, i) => i);
    const [inputs, labels] = nextBatch(words, new MersenneTwister(1));
    const distances = inputs.map((word, i) => labels[i][0] - word);
    expect(new Set(distances)).toEqual(new Set([-2, -1, 1, 2]));
  });

  it('learns: the loss falls, and each probe is told its neighbours', async () => {
    const { losses, lines, files } = await told(run, { iterations: 300 });
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(losses.slice(-50))).toBeLessThan(mean(losses.slice(0, 50)) * 0.8);
    expect(lines.filter((line) => line.startsWith('Nearest to '))).toHaveLength(10);
    expect(lines.at(-1)).toMatch(/^\d+ of 10 words have an expected one among their 3 nearest\.$/);
    const svg = textOf(files, 'skip-gram.svg');
    expect(elementsOf(svg)[0]).toBe('svg');
    expect(svg).toContain('>yacht</text>');
  });
});
