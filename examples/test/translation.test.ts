import { expect, it } from 'vitest';
import { run } from '../src/translation.js';
import { elementsOf } from './svg.js';
import { textOf } from './training-support.js';

it('translation, interrupted, translates with what it has learned', { timeout: 60_000 }, async () => {
  const interruption = new AbortController();
  const losses: number[] = [];
  const lines: string[] = [];
  const files = new Map<string, string | Uint8Array>();
  for await (const event of run({ signal: interruption.signal })) {
    if (event.kind === 'step') losses.push(event.loss);
    if (event.kind === 'line') lines.push(event.text);
    if (event.kind === 'file') files.set(event.name, event.contents);
    if (losses.length === 20) interruption.abort();
  }
  // Ten digits, the hyphen and the edge.
  expect(Math.abs(losses[0] - Math.log(12))).toBeLessThan(0.3);
  expect(losses[19]).toBeLessThan(losses[0] - 0.3);
  expect(lines[0]).toMatch(/^0\tLoss: \d\.\d{4}, exact match \(greedy\): \d+\.\d\d%$/);
  expect(lines.slice(1)).toHaveLength(5);
  for (const line of lines.slice(1)) expect(line).toMatch(/^[a-z0-9, ]+ -> [\d-]{0,11}$/);
  expect(elementsOf(textOf(files, 'translation.svg'))[0]).toBe('svg');
});
