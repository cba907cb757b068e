import { reference } from '@tensorloom/backend-reference';
import {
  type CheckpointEvery,
  type Tensor,
  concat,
  constant,
  listStack,
  loopOver,
  placeholder,
  resetDefaultGraph,
  whileLoop,
} from '@tensorloom/graph';
import { Session } from '@tensorloom/runtime';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';

beforeEach(() => resetDefaultGraph());

const int = (n: number): Tensor => constant(n, { dtype: 'int32' });
const policy = fc.constantFrom<CheckpointEvery>(1, 2, 3, 5, 100, 'sqrt');

describe('a loop while a condition holds', () => {
  test('turns as often in segments as in one piece, whatever ends it', () => {
    fc.assert(
      fc.property(fc.nat(30), fc.option(fc.nat(30), { nil: undefined }), policy, (limit, maximumIterations, every) => {
        resetDefaultGraph();
        const [i, sum] = whileLoop(
          (n) => n.less(limit),
          (n, s) => [n.add(1), s.add(n)],
          [int(0), int(0)],
          { checkpointEvery: every, ...(maximumIterations === undefined ? {} : { maximumIterations }) },
        );
        const turns = Math.min(limit, maximumIterations ?? Infinity);
        const session = new Session({ backend: reference() });
        expect(session.runSync([i, sum]).map((v) => v.item())).toEqual([turns, (turns * turns - turns) / 2]);
        session.close();
      }),
      { numRuns: 60 },
    );
  });

  test('keeps structures, and shapes that change where shapeInvariants say so', () => {
    const { rows, i } = whileLoop(
      (v) => v.i.less(5),
      (v) => ({ i: v.i.add(1), rows: concat([v.rows, v.rows.slice([0], [1])], 0) }),
      { i: int(0), rows: constant([7]) },
      { shapeInvariants: { i: [], rows: [null] }, checkpointEvery: 2 },
    );
    expect(rows.shape).toEqual([null]);
    const session = new Session({ backend: reference() });
    expect(session.runSync([rows, i]).map((v) => Array.from(v.data))).toEqual([[7, 7, 7, 7, 7, 7], [5]]);
    session.close();
  });

  test('refuses a variable that changes its type, as without segments', () => {
    const loop = () =>
      whileLoop(
        (x) => x.less(5),
        (x) => [concat([x.reshape([1]), [1]], 0)],
        [constant(1)],
        { checkpointEvery: 2 },
      );
    expect(loop).toThrow(/loop variable 0 .* enters the body as float32\[\] and leaves it as float32\[2\]/);
  });

  test('traces its condition and body once', () => {
    let [conditions, bodies] = [0, 0];
    whileLoop(
      (x) => {
        conditions++;
        return x.less(5);
      },
      (x) => {
        bodies++;
        return [x.add(1)];
      },
      [constant(1)],
      { checkpointEvery: 'sqrt' },
    );
    expect([conditions, bodies]).toEqual([1, 1]);
  });
});

describe('a loop over sequences', () => {
  test('gives in segments what it gives in one piece: carry, rows, trips', () => {
    const cases = fc.record({
      steps: fc.nat(12),
      length: fc.option(fc.nat(14), { nil: undefined }),
      reverse: fc.boolean(),
      known: fc.boolean(),
      every: policy,
    });
    fc.assert(
      fc.property(cases, ({ steps, length, reverse, known, every }) => {
        resetDefaultGraph();
        const xs = placeholder('float32', [known ? steps : null, 2]);
        const results = [undefined, every].map((checkpointEvery) => {
          const { carry, ys, trips, stacked } = loopOver(
            ([h], [x]) => ({ carry: [h.mul(0.5).add(x)], ys: [h.sub(x), x.mul(2)] }),
            [constant([1, -1])],
            [xs],
            { reverse, checkpointEvery, ...(length === undefined ? {} : { length: int(length) }) },
          );
          return [...carry, trips, ...stacked(int(steps)), ...ys.map((y) => listStack(y, int(steps)))];
        });
        const session = new Session({ backend: reference() });
        const data = Float32Array.from({ length: steps * 2 }, (_, i) => Math.sin(i));
        const values = session.runSync(results, [[xs, { shape: [steps, 2], data }]]);
        const [whole, pieces] = values.map((r) => r.map(({ shape, data: d }) => ({ shape, data: Array.from(d) })));
        expect(pieces).toEqual(whole);
        session.close();
      }),
      { numRuns: 60 },
    );
  });

  test('refuses sequences of different lengths', () => {
    const [a, b] = [placeholder('float32', [null]), placeholder('float32', [null])];
    const { carry } = loopOver(([s], [x, y]) => ({ carry: [s.add(x).add(y)], ys: [] }), [constant(0)], [a, b], {
      checkpointEvery: 3,
    });
    const session = new Session({ backend: reference() });
    const feeds = [
      [a, [1, 2, 3, 4, 5]],
      [b, [1, 2, 3, 4, 5, 6]],
    ] as const;
    expect(() => session.runSync(carry[0], feeds)).toThrow(/Reshape/);
    session.close();
  });
});
