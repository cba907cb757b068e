import { expect, test } from 'vitest';
import { settle, single } from '../../src/execute/machine.js';

const tensor = { dtype: 'float32', shape: [], buffer: 1 } as const;

test('settle gives what is there at once, and yields what has to be waited for', () => {
  expect(settle(tensor).next()).toEqual({ done: true, value: tensor });
  const promise = Promise.resolve(tensor);
  const run = settle(promise);
  expect(run.next()).toEqual({ done: false, value: promise });
  expect(run.next(tensor)).toEqual({ done: true, value: tensor });
});

test('single takes a result out of its array', () => {
  expect(single(tensor)).toBe(tensor);
  expect(single([tensor])).toBe(tensor);
});
