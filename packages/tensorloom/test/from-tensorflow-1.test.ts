import { readFileSync } from 'node:fs';
import * as tl from 'tensorloom';
import { expect, test } from 'vitest';

const page = readFileSync(new URL('../../../docs/from-tensorflow-1.md', import.meta.url), 'utf8');

test('what docs/from-tensorflow-1.md names is there', () => {
  const names = new Set([...page.matchAll(/\btl((?:\.\w+)+)/g)].map(([, path]) => path.slice(1)));
  expect(names.size).toBeGreaterThan(30);
  const missing = [...names].filter((path) => {
    const found = path
      .split('.')
      .reduce<unknown>((at, key) => (at === undefined ? at : Reflect.get(Object(at), key)), tl);
    return found === undefined;
  });
  expect(missing).toEqual([]);
});
