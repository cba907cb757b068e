import ts from 'typescript';
import { expect, test } from 'vitest';
import { checker, faceOf, packages } from './face-of.js';

const isDocumented = (symbol: ts.Symbol): boolean => symbol.getDocumentationComment(checker).length > 0;

test.each(packages)('every export of %s says what it is', (name) => {
  const face = faceOf(name);
  expect(face.length).toBeGreaterThan(0);
  expect(face.filter(({ symbol }) => !isDocumented(symbol)).map(({ path }) => path)).toEqual([]);
});

test('a docstring is a sentence', () => {
  const face = packages.flatMap(faceOf).filter(({ symbol }) => isDocumented(symbol));
  const text = (symbol: ts.Symbol): string => ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim();
  expect(face.filter(({ symbol }) => !/[.:)`]$/.test(text(symbol))).map(({ path }) => path)).toEqual([]);
});
