import {
  NDArray,
  type Tensor,
  TensorArray,
  cast,
  constant,
  placeholder,
  resetDefaultGraph,
  whileLoop,
} from '@tensorloom/graph';
import { beforeEach, expect, test } from 'vitest';
import { collect } from '../../src/lower/collect.js';
import { prune } from '../../src/lower/prune.js';
import { type Feeds, expectSame, opsOf, stepsOf } from './rewrites.js';

beforeEach(() => resetDefaultGraph());

const int = (x: number): Tensor => constant(x, { dtype: 'int32' });

/** What writes an element at trip i of a loop that doubles v, from a first index to a limit that v may not exceed. */
type Write = (array: TensorArray, i: Tensor, v: Tensor) => TensorArray;

interface Options {
  readonly size?: number;
  readonly dynamicSize?: boolean;
  readonly first?: number;
  readonly step?: number;
}

function doubling(
  write: Write,
  { size = 6, dynamicSize = false, first = 0, step = 1 }: Options = {},
): { results: Tensor[]; feeds: Feeds } {
  const limit = placeholder('float64', []);
  const [n, v, array] = whileLoop<[Tensor, Tensor, TensorArray]>(
    (_, x) => x.less(limit),
    (i, x, a) => [i.add(int(step)), x.mul(2), write(a, i, x)],
    [
      int(first),
      constant(1, { dtype: 'float64' }),
      new TensorArray('float64', size, { dynamicSize, elementShape: [] }),
    ],
  );
  return { results: [n, v, array.stack()], feeds: [[limit, new NDArray('float64', [], Float64Array.of(20))]] };
}

test.each<[string, Options]>([
  ['from the first on', {}],
  ['from another one on', { first: 1 }],
  ['of an array that grows', { size: 0, dynamicSize: true }],
  ['of an array that grows beyond what it has', { size: 3, dynamicSize: true, first: 2 }],
])('elements %s are put into the list after the loop', (_, options) => {
  const { results, feeds } = doubling((a, i, x) => a.write(i, x.mul(3)), options);
  const { body, around } = opsOf(stepsOf(results, [collect, prune], feeds));
  expect(body).not.toContain('ListPut');
  expect(around).toContain('ListPlace');
  expectSame(results, [collect, prune], feeds);
});

test.each<[string, Write, Options]>([
  ['an index that does not count trips', (a, i, x) => a.write(i, x), { step: 2, size: 12 }],
  ['two writes', (a, i, x) => a.write(i.mul(2), x).write(i.mul(2).add(1), x), { size: 12 }],
  ['an array that is read', (a, i, x) => a.write(i, x.add(cast(a.size(), 'float64'))), {}],
])('%s stays in the loop', (_, write, options) => {
  const { results, feeds } = doubling(write, options);
  expect(opsOf(stepsOf(results, [collect, prune], feeds)).body).toContain('ListPut');
  expectSame(results, [collect, prune], feeds);
});

test('an index out of range is refused as in the loop', () => {
  const { results, feeds } = doubling((a, i, x) => a.write(i, x), { size: 3 });
  expect(() => expectSame(results, [], feeds)).toThrow('index 3 is out of range for a list of 3');
  expect(() => expectSame(results, [collect], feeds)).toThrow('index 3 is out of range for a list of 3');
});
