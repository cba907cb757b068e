import { expect, test } from 'vitest';
import { spatial } from '../src/spatial.js';

test.each([
  [3, [3, 3]],
  [[3], [3, 3]],
  [
    [2, 3],
    [2, 3],
  ],
  [
    [1, 2, 3, 1],
    [2, 3],
  ],
])('%j is %j along two axes', (given, expected) => expect(spatial('f', 'strides', given, 2)).toEqual(expected));

test.each<{ given: number | number[] }>([
  { given: 0 },
  { given: 1.5 },
  { given: [] },
  { given: [2, 3, 4] },
  { given: [1, 2, 2, 2] },
  { given: [2, 2, 2, 1] },
])('$given is refused', ({ given }) => {
  expect(() => spatial('f', 'strides', given, 2)).toThrow(
    'f: expected strides as a positive integer, 2 of them, or 4 with 1 for batch and channels, got [',
  );
});
