import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import * as rnn from '../src/index.js';

const page = readFileSync(fileURLToPath(new URL('../../../docs/rnn.md', import.meta.url)), 'utf8');
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').map((cell) => cell.trim()));
const rooms: Readonly<Record<string, object>> = { rnn, seq2seq: rnn.seq2seq, legacySeq2seq: rnn.legacySeq2seq };
const here = rows.flatMap(([, , name]) => /^`(\w+)\.(\w+)`$/.exec(name)?.slice(1) ?? []);

test('every row says where a thing is, or that it is missing and why', () => {
  expect(rows.length).toBeGreaterThan(80);
  for (const [, , name] of rows) expect(name).toMatch(/^(`\w+\.\w+`|missing: .+)$/);
});

test('every name is there, and is something to call', () => {
  for (let i = 0; i < here.length; i += 2) {
    const [room, name] = here.slice(i, i + 2);
    expect(typeof Reflect.get(rooms[room], name), `${room}.${name}`).toBe('function');
  }
});

test('every cell, wrapper, driver and decoder of this library has a row', () => {
  const listed = new Set(here);
  const bases = /^(flat|pack|zero)State|^(ScopedCell|TensorShape|seq2seq|legacySeq2seq|(Monotonic)?MemoryAttention)$/;
  for (const room of Object.values(rooms)) {
    for (const name of Object.keys(room)) if (!bases.test(name)) expect(listed, name).toContain(name);
  }
});
