import { expect, test } from 'vitest';
import { all, chain } from '../src/maybe-promise.js';

test('what is there now is used now, what comes later is waited for', async () => {
  expect(chain(1, (x) => x + 1)).toBe(2);
  const later = chain(Promise.resolve(1), (x) => x + 1);
  expect(later).toBeInstanceOf(Promise);
  expect(await later).toBe(2);
  expect(all([1, 2])).toEqual([1, 2]);
  const some = all([1, Promise.resolve(2)]);
  expect(some).toBeInstanceOf(Promise);
  expect(await some).toEqual([1, 2]);
});
