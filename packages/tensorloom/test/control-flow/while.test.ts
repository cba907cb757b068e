import { beforeEach, expect, test } from 'vitest';
import * as tl from 'tensorloom';
import { run, runWith } from '../running.js';
import { int } from './values.js';

beforeEach(() => tl.resetDefaultGraph());

const increment = (x: tl.Tensor): [tl.Tensor] => [x.add(1)];

/** The sum of s and 0 to 9. */
const isum = (s: tl.Tensor, options: tl.WhileOptions = {}): tl.Tensor =>
  tl.whileLoop(
    (i) => i.less(10),
    (i, t) => [i.add(1), t.add(i)],
    [int(0), s],
    options,
  )[1];

test('testWhile_1', () => {
  expect(run(tl.whileLoop((x) => x.less(10000), increment, [int(0)], { parallelIterations: 20 })[0])).toEqual([10000]);
});

test('testWhile_2, EagerTest.testWhileLoop', () => {
  expect(run(isum(int(0)), isum(int([1, 2, 3, 4, 5])))).toEqual([45, [46, 47, 48, 49, 50]]);
});

test('testWhileWithMaximumIterations, EagerTest.testWhileLoopWithMaxIterations', () => {
  expect(run(isum(int([1, 2, 3, 4, 5]), { maximumIterations: 3 }))).toEqual([[4, 5, 6, 7, 8]]);
});

test('testWhileWithMaximumIterationsAndSingleArgument, EagerTest.testWhileWithMaximumIterationsAndSingleArgument', () => {
  expect(run(tl.whileLoop((i) => i.less(3), increment, [int(0)], { maximumIterations: 1 })[0])).toEqual([1]);
});

test('testWhile_3', () => {
  const [, , , o] = tl.whileLoop(
    (i) => i.less(100),
    (i, m, c, sum) => [i.add(1), m.add(1), c.add(1), sum.add(m.add(1)).add(c.add(1))],
    [int(0), int(0), int(0), int(0)],
  );
  expect(run(o)).toEqual([10100]);
});

test('testWhile_4', () => {
  const x = int([1, 2, 3, 4, 5, 6]);
  const [, , , o] = tl.whileLoop(
    (i) => i.less(tl.size(x)),
    (i, _m, _c, sum) => [i.add(1), x.gather(i), x.gather(i), sum.add(x.gather(i)).add(x.gather(i))],
    [int(0), int(0), int(0), int(0)],
  );
  expect(run(o)).toEqual([42]);
});

test('testWhile_5', () => {
  const x = int([1, 2, 3, 4, 5, 6]);
  const [, , o] = tl.whileLoop(
    (i) => i.less(tl.size(x)),
    (i, _, all) => {
      const row = tl.stridedSlice(x, tl.expandDims(i, 0), tl.expandDims(i.add(1), 0));
      return [i.add(1), row, tl.concat([all, row], 0)];
    },
    [int(0), int([0]), int([0])],
    { shapeInvariants: [[], undefined, undefined] },
  );
  expect(run(o)).toEqual([[0, 1, 2, 3, 4, 5, 6]]);
});

test('testWhile_Gpu_1, testWhile_Gpu_2: floats', () => {
  expect(run(tl.whileLoop((x) => x.less(10), increment, [tl.constant(1)])[0])).toEqual([10]);
});

test('testWhileShape', () => {
  const [, r] = tl.whileLoop(
    (i) => i.less(2),
    (i, j) => [i.add(1), j.tile([2, 2])],
    [int(0), tl.ones([2, 2])],
    { shapeInvariants: [[], [null, null]] },
  );
  expect(run(r.mul(tl.ones([8, 8])))).toEqual([Array.from({ length: 8 }, () => new Array<number>(8).fill(1))]);
});

test('testWhileShapeInference', () => {
  const [, r] = tl.whileLoop(
    (i) => i.less(2),
    (i, j) => [i.add(1), tl.concat([j, j], 0)],
    [int(0), tl.ones([2, 2])],
    { shapeInvariants: [[], [null, 2]] },
  );
  expect(r.shape).toEqual([null, 2]);
  expect(run(tl.shape(r))).toEqual([[8, 2]]);
});

test('testWhileShapeInferenceBadShape', () => {
  expect(() =>
    tl.whileLoop(
      (i) => i.less(2),
      (i, j) => [i.add(1), tl.concat([j, j], 0)],
      [int(0), tl.ones([2, 2])],
    ),
  ).toThrow(/float32\[4,2\]/);
});

test('testWhileBadShape, testWhileShapeInvariantBadType', () => {
  const loop = (shapeInvariants: unknown): unknown =>
    tl.whileLoop(
      (i) => i.less(10),
      (i, x) => [i.add(1), x.add(1)],
      [int(0), tl.constant([2, 4])],
      { shapeInvariants },
    );
  expect(() => loop([[], [5]])).toThrow(
    /starts as float32\[2\], expected what its shape invariant float32\[5\] covers/,
  );
  expect(() => loop(['foo', 'bar'])).toThrow(/whileLoop: shapeInvariants/);
});

test('testWhileShapeInvariantTensorSpec', () => {
  const [, x] = tl.whileLoop(
    (i) => i.less(3),
    (i, v) => [i.add(1), tl.expandDims(v.reshape([-1]), 0)],
    [int(0), int([1])],
    { shapeInvariants: [[], undefined] },
  );
  expect(x.shape).toBeUndefined();
  expect(run(x)).toEqual([[[1]]]);
});

test.each([
  ['testWhileOutputShapeWithShapeInvariantsUnknownRank', undefined],
  ['testWhileOutputShapeWithShapeInvariantsPartialShape', [null]],
])('%s', (_, shape) => {
  const [r] = tl.whileLoop(
    () => false,
    () => [int([1])],
    [int([1, 2])],
    { shapeInvariants: [shape] },
  );
  expect(r.shape).toEqual(shape);
  expect(run(r)).toEqual([[1, 2]]);
});

test('testWhileBadBodyReturn, testWhile_NestedBadArityFails', () => {
  expect(() =>
    tl.whileLoop(
      (i) => i.less(10),
      (i, x) => [i, i, x],
      [int(0), tl.constant([2, 4])],
    ),
  ).toThrow('whileLoop: the body returned [*, *, *], expected the structure of the loop variables, [*, *].');
  expect(() =>
    tl.whileLoop(
      (v) => v.a.less(100),
      (v, w) => [v, w],
      [{ a: tl.constant(0), b: tl.constant(1) }, [tl.constant(2), tl.constant(3)], tl.constant(4)],
    ),
  ).toThrow(/whileLoop: the body returned/);
});

test('testWhileWithNonTensorInput_Scalar', () => {
  expect(run(tl.whileLoop((x) => x.less(10000), increment, [0])[0])).toEqual([10000]);
});

test('testWhileWithNonTensorInput_Vector', () => {
  const [r] = tl.whileLoop(
    (x) => x.gather(0).less(10000),
    (x) => [tl.stack([x.gather(0).add(1)])],
    [new Int32Array([0])],
  );
  expect(run(r)).toEqual([[10000]]);
});

test('testWhile_NestedInput', () => {
  const [v, w, x] = tl.whileLoop(
    (a) => a.a.less(100),
    (a, b, c) => [{ a: a.a.add(1), b: a.b }, [b[0].add(1), b[1]], c.add(2)],
    [{ a: tl.constant(0), b: tl.constant(1) }, [tl.constant(2), tl.constant(3)] as const, tl.constant(4)] as const,
  );
  expect(run(v.a, v.b, w[0], w[1], x)).toEqual([100, 1, 102, 3, 204]);
});

test('testNestedWhile_1', () => {
  const [r] = tl.whileLoop(
    (x) => x.less(200),
    (x) => [x.add(isum(int(0)))],
    [int(0)],
  );
  expect(run(r)).toEqual([225]);
});

test('testNestedWhile_2', () => {
  const inner = (s: tl.Tensor): tl.Tensor =>
    tl.whileLoop(
      (v) => v.less(20),
      (v) => [v.add(v)],
      [s],
    )[0];
  const [r] = tl.whileLoop(
    (x) => x.less(3000),
    (x) => [inner(x).square()],
    [tl.constant(2)],
  );
  expect(run(r)).toEqual([1048576]);
});

test('testWhileWithControl_1', () => {
  const [, r] = tl.whileLoop(
    (n) => n.less(10),
    (n, v) => [n.add(1), tl.controlDependencies([v], () => int(12))],
    [int(0), int(0)],
  );
  expect(run(r)).toEqual([12]);
});

test('testWhileWithControl_2', () => {
  const [r] = tl.whileLoop(
    (v) => v.less(10),
    (v) => [tl.controlDependencies([v], () => int(12))],
    [int(0)],
  );
  expect(run(r)).toEqual([12]);
});

test.each([
  ['testWhileWithControl_3', (c: tl.Tensor) => c],
  ['testWhileWithControl_4', (c: tl.Tensor) => tl.identity(c)],
])('%s', (_, read) => {
  const b = tl.placeholder('bool');
  const c = int(1);
  const [r] = tl.controlDependencies([b], () =>
    tl.whileLoop(
      (x) => x.less(10),
      (x) => [x.add(read(c))],
      [int(0)],
    ),
  );
  expect(runWith([[b, true]], r)).toEqual([10]);
});

test('testWhileWithControl_5', () => {
  const b = tl.placeholder('bool');
  const [r] = tl.whileLoop(
    (x) => x.less(10),
    (x) => [tl.controlDependencies([b], () => x.add(1))],
    [int(0)],
  );
  expect(runWith([[b, true]], r)).toEqual([10]);
});

test('testWhileCondWithControl', () => {
  const [r] = tl.controlDependencies([tl.noOp()], () =>
    tl.whileLoop(
      (i) =>
        tl.cond(
          i.greater(0),
          () => tl.constant(true),
          () => tl.constant(false),
        ),
      (i) => [
        tl.cond(
          i.greater(0),
          () => i.sub(1),
          () => i,
        ),
      ],
      [int(5)],
    ),
  );
  expect(run(r)).toEqual([0]);
});

test('testBufferForwarding', () => {
  const [c, i0] = [int(2), int(0)];
  const [r] = tl.whileLoop(
    (i) => i.less(1000),
    (i) => [c.square().add(i)],
    [i0],
  );
  expect([runWith([], r), runWith([[i0, 0]], r)]).toEqual([[1000], [1000]]);
});

test('testRunLoopTensor: a tensor of a body cannot be run', () => {
  const inside: tl.Tensor[] = [];
  const [r] = tl.whileLoop(
    (t) => t.less(5),
    () => {
      inside.push(int(5));
      return [int(10)];
    },
    [int(4)],
  );
  expect(run(r)).toEqual([10]);
  expect(() => run(inside[0])).toThrow();
});

test('testFunctionInWhile', () => {
  expect(run(tl.whileLoop((x) => x.less(5), increment, [0])[0])).toEqual([5]);
});

test('testInvalidContext, testInvalidContextInCond, testInvalidContextInWhile, testInvalidNestedContexts', () => {
  const escaped = (): tl.Tensor => {
    const inside: tl.Tensor[] = [];
    tl.whileLoop(
      (i) => i.less(10),
      (i) => {
        inside.push(i.add(1));
        return [inside[0]];
      },
      [int(0)],
    );
    return inside[0];
  };
  const message = /is inside the body of a loop or a branch, expected a tensor of the graph around/;
  const t = escaped();
  const loop = (f: () => tl.Tensor): unknown =>
    tl.whileLoop(
      (i) => i.less(10),
      (i) => [i.add(f())],
      [int(0)],
    );
  expect(() => tl.add(int(1), t)).toThrow(message);
  expect(() =>
    tl.cond(
      true,
      () => t.add(int(1)),
      () => int(0),
    ),
  ).toThrow(message);
  expect(() => loop(() => t)).toThrow(message);
  expect(() =>
    tl.cond(
      true,
      () => {
        loop(escaped);
        return int(0);
      },
      () => int(0),
    ),
  ).toThrow(message);
});

test('testValidWhileContext', () => {
  const [r] = tl.whileLoop(
    (i) => i.less(5),
    (i) => {
      const c = int(1);
      return tl.whileLoop(
        (j) => j.less(i.add(3)),
        (j) => [j.add(c)],
        [i],
      );
    },
    [int(0)],
  );
  expect(run(r)).toEqual([6]);
});
