import {
  type Tensor,
  concat,
  cond,
  constant,
  placeholder,
  resetDefaultGraph,
  scan,
  variable,
  whileLoop,
} from '@tensorloom/graph';
import { beforeEach, describe, expect, expectTypeOf, test } from 'vitest';
import { messageFrom } from './support.js';

beforeEach(() => resetDefaultGraph());

const int = (v: number): Tensor => constant(v, { dtype: 'int32' });

describe('whileLoop', () => {
  test('gives the loop variables back in their structure, typed alike', () => {
    const [i, { x, ys }] = whileLoop(
      (n) => n.less(3),
      (n, s) => [n.add(1), { x: s.x.mul(2), ys: [s.ys[0], s.ys[1].add(s.x)] }],
      [int(0), { x: constant([1, 2]), ys: [constant(1), constant([3, 4])] }] as const,
    );
    expectTypeOf(x).toEqualTypeOf<Tensor>();
    expect([i.dtype, x.shape, ys.map((y) => y.shape)]).toEqual(['int32', [2], [[], [2]]]);
  });

  test('a loop variable that changes shape is named, with the line of the loop', () => {
    const at = messageFrom(() =>
      whileLoop(
        (v) => v.less(9).reshape([]),
        (v) => [concat([v, v], 0)],
        [constant([1])],
      ),
    );
    expect(at).toBe(
      "Loop: loop variable 0 ('Const:0') enters the body as float32[1] and leaves it as float32[2]. " +
        'Make the body keep the shape, or pass shapeInvariants with null where it changes.\n' +
        "  node:    'while/while' = Loop(Const:0 float32[1])\n" +
        '  made at: control-flow.test.ts:LINE',
    );
  });

  test('a loop variable that changes dtype is named', () => {
    const at = messageFrom(() =>
      whileLoop(
        (v) => v.less(9),
        (v) => [v.greater(1)],
        [constant(1)],
      ),
    );
    expect(at).toContain(
      "loop variable 0 ('Const:0') enters the body as float32[] and leaves it as bool[]. Make the body return the dtype it was given: use cast().",
    );
  });

  test('shape invariants allow it', () => {
    const [v] = whileLoop(
      (x) => x.slice([0], [1]).reshape([]).less(9),
      (x) => [concat([x, x], 0)],
      [constant([1])],
      {
        shapeInvariants: [[null]],
      },
    );
    expect(v.shape).toEqual([null]);
  });

  test('the body must keep the structure, the condition be one bool scalar', () => {
    expect(
      messageFrom(() =>
        whileLoop(
          (v) => v.less(9),
          (v) => [v, v],
          [constant(1)],
        ),
      ),
    ).toMatch(/^whileLoop: the body returned \[\*, \*\], expected/);
    expect(
      messageFrom(() =>
        whileLoop(
          (v) => v,
          (v) => [v],
          [constant(1)],
        ),
      ),
    ).toMatch(/^Loop: expected the condition to be one bool scalar, got float32\[\]/);
  });

  test('variables made in a body belong to the outermost graph', () => {
    const x = constant(1);
    whileLoop(
      (v) => v.less(3),
      (v) => [v.add(variable(2, { name: 'step' }))],
      [x],
    );
    expect(x.graph.variables.map((v) => v.name)).toEqual(['while/step:0']);
  });
});

test('cond: both branches must return one structure and one dtype', () => {
  const p = placeholder('bool', []);
  expect(
    messageFrom(() =>
      cond(
        p,
        () => constant(1),
        () => [constant(1)],
      ),
    ),
  ).toMatch(/^cond: falseFn returned \[\*\], expected/);
  expect(
    messageFrom(() =>
      cond(
        p,
        () => constant(1),
        () => int(1),
      ),
    ),
  ).toMatch(/^Cond: result 0 is float32\[\] in the true/);
  expect(
    cond(
      p,
      () => constant([1, 2]),
      () => constant([1]),
    ).shape,
  ).toEqual([null]);
});

test('scan gives one accumulator per row', () => {
  const sums = scan((sum, row) => sum.add(row), placeholder('float32', [7, 2]), { initializer: constant([0, 0]) });
  expect(sums.shape).toEqual([7, 2]);
});
