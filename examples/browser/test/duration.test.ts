import { expect, it } from 'vitest';
import { duration } from '../src/duration.js';

it('tells a time in three digits', () => {
  expect([2.591, 19.23, 254.6, 999.7, 3604].map(duration)).toEqual([
    '2.59 ms',
    '19.2 ms',
    '255 ms',
    '1000 ms',
    '3.60 s',
  ]);
});
