import { describe, expect, it } from 'vitest';
import { run } from '../src/creative-sequence.js';
import { elementsOf } from './svg.js';
import { textOf, told } from './training-support.js';

describe('creative-sequence', () => {
  it('learns, then goes on by itself from both starts, and draws what came of it', async () => {
    const { losses, lines, files } = await told(run, { iterations: 30 });
    expect(losses).toHaveLength(30);
    expect(losses[29]).toBeLessThan(losses[0] / 2);
    expect(lines[0]).toBe(`0\tMSE: ${losses[0]}`);
    expect(lines.slice(1).join('\n')).toMatch(/^300 steps from zeros: from .*\n300 steps from the series: from /);
    const svg = textOf(files, 'creative-sequence.svg');
    expect(elementsOf(svg)[0]).toBe('svg');
    // 20 given steps and 300 of its own.
    const corners = [...svg.matchAll(/ d="M([^"]*)"/g)].map(([, d]) => d.split('L').length);
    expect(corners.filter((count) => count === 320)).toHaveLength(2);
  });

  it('interrupted, creates with what it has learned', async () => {
    const { losses, files } = await told(run, { signal: AbortSignal.abort() });
    expect(losses).toEqual([]);
    expect([...files.keys()]).toEqual(['creative-sequence.svg']);
  });
});
