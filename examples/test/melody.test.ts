import { describe, expect, it } from 'vitest';
import { run } from '../src/melody.js';
import { elementsOf } from './svg.js';
import { textOf } from './training-support.js';

describe('melody', () => {
  it(
    'interrupted, makes up melodies with what it has learned, and writes one as MIDI',
    { timeout: 60_000 },
    async () => {
      const interruption = new AbortController();
      const losses: number[] = [];
      const lines: string[] = [];
      const files = new Map<string, string | Uint8Array>();
      for await (const event of run({ signal: interruption.signal })) {
        if (event.kind === 'step') losses.push(event.loss);
        if (event.kind === 'line') lines.push(event.text);
        if (event.kind === 'file') files.set(event.name, event.contents);
        if (losses.length === 30) interruption.abort();
      }
      // 60 notes and the silence.
      expect(Math.abs(losses[0] - Math.log(61))).toBeLessThan(0.3);
      expect(losses[29]).toBeLessThan(losses[0] - 0.5);
      expect(lines.slice(1)).toHaveLength(5);
      for (const line of lines.slice(2)) expect(line).toMatch(/^ *\d+\.\d% [a-z ]+$/);
      expect(elementsOf(textOf(files, 'melody.svg'))[0]).toBe('svg');
      const midi = files.get('melody.mid');
      expect(Buffer.from(midi ?? '').toString('latin1')).toMatch(/^MThd[^]*MTrk/);
    },
  );
});
