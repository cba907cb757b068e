import { NDArray, cond, placeholder, resetDefaultGraph } from '@tensorloom/graph';
import { beforeEach, expect, test } from 'vitest';
import { asynchronous, leakFree, open } from '../support.js';

beforeEach(() => resetDefaultGraph());

const array = (...data: number[]): NDArray => new NDArray('float32', [data.length], Float32Array.from(data));

test.each([
  ['a backend', leakFree],
  ['one that makes it wait', () => asynchronous(leakFree())],
])('a branch on %s runs the side that the predicate chooses, and no other', async (_, backend) => {
  const [p, x] = [placeholder('bool', []), placeholder('float32', [null])];
  const r = cond(
    p,
    () => [x.add(1), x.slice([0], [3])],
    () => [x, x.mul(2)],
  );
  const session = open(backend());
  const chosen = async (value: boolean, ...elements: number[]): Promise<unknown[]> =>
    (
      await session.run(r, [
        [p, value],
        [x, array(...elements)],
      ])
    ).map((y) => y.toArray());
  expect(await chosen(true, 1, 2, 3)).toEqual([
    [2, 3, 4],
    [1, 2, 3],
  ]);
  expect(await chosen(false, 1, 2)).toEqual([
    [1, 2],
    [2, 4],
  ]);
  await expect(chosen(true, 1, 2)).rejects.toThrow('Slice');
});
