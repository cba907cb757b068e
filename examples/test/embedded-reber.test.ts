import { EmbeddedReberGrammar } from '@tensorloom/datasets';
import { describe, expect, it } from 'vitest';
import { run, trickyStrings } from '../src/embedded-reber.js';
import { elementsOf } from './svg.js';
import { textOf } from './training-support.js';

describe('embedded-reber', () => {
  it('asks about strings that differ in one letter, one of them good', () => {
    const { good, bad } = trickyStrings;
    const grammar = new EmbeddedReberGrammar();
    expect([grammar.accepts(good), grammar.accepts(bad)]).toEqual([true, false]);
    expect(Array.from(bad).filter((symbol, i) => symbol !== good[i])).toHaveLength(1);
  });

  it('interrupted, tells what it thinks of the tricky strings, and draws what there is', async () => {
    const interruption = new AbortController();
    const losses: number[] = [];
    const lines: string[] = [];
    const files = new Map<string, string | Uint8Array>();
    for await (const event of run({ signal: interruption.signal })) {
      if (event.kind === 'step') losses.push(event.loss);
      if (event.kind === 'line') lines.push(event.text);
      if (event.kind === 'file') files.set(event.name, event.contents);
      if (losses.length === 3) interruption.abort();
    }
    expect(losses).toHaveLength(3);
    for (const loss of losses) expect(Math.abs(loss - Math.log(2))).toBeLessThan(0.2);
    expect(lines[0]).toMatch(/^0\tTrain loss: 0\.\d{4}, accuracy: \d+\.\d\d% {2}Validation accuracy: \d+\.\d\d%$/);
    expect(lines[2]).toMatch(new RegExp(`^${trickyStrings.bad}: \\d+\\.\\d\\d%$`));
    expect(lines[3]).toMatch(new RegExp(`^${trickyStrings.good}: \\d+\\.\\d\\d%$`));
    expect(elementsOf(textOf(files, 'embedded-reber.svg'))[0]).toBe('svg');
  });
});
