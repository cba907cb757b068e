import { expect, test } from 'vitest';
import { type Run, begin, drive, settle, single } from '../../src/execute/machine.js';

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

test('drive runs to the end, at once where nothing has to be waited for', async () => {
  function* shapes(...xs: (typeof tensor | Promise<typeof tensor>)[]): Run<number> {
    let count = 0;
    for (const x of xs) count += (yield* settle(x)).buffer;
    return count;
  }
  expect(drive(shapes(tensor, tensor))).toBe(2);
  await expect(drive(shapes(tensor, Promise.resolve(tensor), Promise.resolve({ ...tensor })))).resolves.toBe(3);
  await expect(drive(shapes(Promise.reject(new RangeError('no'))))).rejects.toThrow(new RangeError('no'));
});

test('begin hands over the result at once, or returns the rest', () => {
  const results: unknown[] = [];
  const use = (x: unknown): unknown => results.push(x);
  expect(begin(settle(tensor), use)).toBeUndefined();
  expect(results).toEqual([tensor]);
  const promise = Promise.resolve(tensor);
  const rest = begin(settle(promise), use);
  expect(rest?.next()).toEqual({ done: false, value: promise });
  expect(rest?.next(tensor)).toEqual({ done: true, value: undefined });
  expect(results).toEqual([tensor, tensor]);
});

test('begin passes on what a promise was rejected with', () => {
  function* recovers(): Run<number> {
    try {
      yield* settle(Promise.resolve(tensor));
    } catch {
      return (yield* settle(tensor)).buffer;
    }
    return 0;
  }
  const results: number[] = [];
  const rest = begin(recovers(), (x) => results.push(x));
  rest?.next();
  expect(rest?.throw(new Error('no'))).toEqual({ done: true, value: undefined });
  expect(results).toEqual([1]);
  const fails = begin(settle(Promise.resolve(tensor)), () => expect.fail('there is no result'));
  fails?.next();
  expect(() => fails?.throw(new RangeError('no'))).toThrow(new RangeError('no'));
});
