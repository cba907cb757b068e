import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8');

test('the backend of docs/write-a-backend.md is the one that is tested, in under 150 lines', () => {
  const [code] = /(?<=```ts\n).*?(?=```)/s.exec(read('../../../docs/write-a-backend.md')) ?? [];
  expect(code).toBe(read('./own-backend.test.ts'));
  const backend = code?.slice(code.indexOf('\n/** Elements in the memory'), code.indexOf("\ntest('")) ?? '';
  expect(backend).toContain('export function tiny()');
  expect(backend.trim().split('\n').length).toBeLessThan(150);
});
