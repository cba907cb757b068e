import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseJson } from '../../src/file/parse-json.js';

test('is what JSON.parse reads', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(parseJson(text)).toEqual(JSON.parse(text));
    }),
  );
  expect(parseJson(`"${'['.repeat(1000)}\\"${'{'.repeat(1000)}"`)).toHaveLength(2001);
  expect(parseJson(`[${'[],'.repeat(1000)}[]]`)).toHaveLength(1001);
});

test('what is nested deeper than graphs are is refused before anything is made of it', () => {
  const deep = (n: number): string => '['.repeat(n) + ']'.repeat(n);
  expect(parseJson(deep(128))).toHaveLength(1);
  expect(() => parseJson(deep(129))).toThrow('expected JSON nested at most 128 deep, got more at character 128');
  expect(() => parseJson('{"a":'.repeat(1e6))).toThrow('expected JSON nested at most 128 deep');
});

test('other text is refused', () => {
  for (const text of ['', '{', 'NaN', '[1,]', "{'a':1}"]) expect(() => parseJson(text)).toThrow(/^expected JSON: /);
});
