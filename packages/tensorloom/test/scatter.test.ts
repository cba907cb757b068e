import { createCpu } from '@tensorloom/backend-cpu';
import { reference } from '@tensorloom/backend-reference';
import { beforeEach, describe, expect, test } from 'vitest';
import * as tl from '../src/index.js';

beforeEach(() => tl.resetDefaultGraph());

describe.each([
  ['reference', reference],
  ['cpu', createCpu],
])('on %s', (_, make) => {
  const open = (): tl.Session => {
    const session = new tl.Session({ backend: make() });
    session.runSync(tl.globalVariablesInitializer());
    return session;
  };

  test('scatterUpdate, scatterAdd and scatterSub change rows of a variable; equal ids add up, or the last one stays', () => {
    const v = tl.variable([[1, 2], [3, 4], [5, 6]]); // prettier-ignore
    const set = tl.scatterUpdate(v, [2, 0, 2], [[7, 7], [8, 8], [9, 9]]); // prettier-ignore
    const grown = tl.controlDependencies([set], () => tl.scatterAdd(v, [1, 1], [[1, 2], [10, 20]])); // prettier-ignore
    const less = tl.controlDependencies([grown], () => tl.scatterSub(v, 0, [1, 2]));
    const session = open();
    const values = session.runSync([set, grown, less]).map((x) => x.toArray());
    expect(values).toEqual([
      [[8, 8], [3, 4], [9, 9]],
      [[8, 8], [14, 26], [9, 9]],
      [[7, 6], [14, 26], [9, 9]],
    ]); // prettier-ignore
    session.close();
    expect(session.backend.stats().handles).toBe(0);
  });

  test('who has read the value before keeps it', () => {
    const v = tl.variable([1, 2, 3]);
    const before = v.value();
    const after = tl.scatterAdd(v, [1], [10]);
    const session = open();
    expect(session.runSync([before, after]).map((x) => x.toArray())).toEqual([
      [1, 2, 3],
      [1, 12, 3],
    ]);
    session.close();
  });

  test('an id out of range fails the run, and the variable is as it was', () => {
    const v = tl.variable([1, 2, 3], { name: 'v' });
    const ids = tl.placeholder('int32', [null]);
    const step = tl.scatterUpdate(v, ids, tl.cast(ids, 'float32'));
    const session = open();
    expect(() => session.runSync(step, [[ids, [0, 3]]])).toThrow(
      /index 3 at position 1 is out of range for axis 0 of length 3/,
    );
    expect(session.runSync(v).toArray()).toEqual([1, 2, 3]);
    expect(session.runSync(step, [[ids, [0, 2]]]).toArray()).toEqual([0, 2, 2]);
    session.close();
  });

  test('firstPosition groups equal elements', () => {
    const session = open();
    expect(session.runSync(tl.firstPosition([5, 3, 5, 3, 7])).toArray()).toEqual([0, 1, 0, 1, 4]);
    session.close();
  });

  test('tensorScatterUpdate and tensorScatterAdd leave what they start from', () => {
    const x = tl.constant([[1, 2], [3, 4]]); // prettier-ignore
    const session = open();
    const fetched = session.runSync([
      x,
      tl.tensorScatterUpdate(x, [[0, 1], [1, 0]], [9, 8]), // prettier-ignore
      tl.tensorScatterAdd(x, [[1], [1]], [[1, 1], [2, 2]]), // prettier-ignore
    ]);
    expect(fetched.map((v) => v.toArray())).toEqual([
      [[1, 2], [3, 4]],
      [[1, 9], [8, 4]],
      [[1, 2], [6, 7]],
    ]); // prettier-ignore
    session.close();
  });
});

test('what does not fit is refused by name', () => {
  const v = tl.variable([[1, 2], [3, 4]]); // prettier-ignore
  expect(() =>
    tl.scatterUpdate(
      v,
      [0, 1],
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
    ),
  ).toThrow(
    // prettier-ignore
    /^ScatterNdUpdate: expected updates float32\[2,2\] .* got float32\[2,3\]/,
  );
  expect(() => tl.scatterAdd(v, tl.constant([0.5]), [[1, 2]])).toThrow(/int32/);
});
