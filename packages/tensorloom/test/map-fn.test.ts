import { checkGradients } from '@tensorloom/testkit';
import fc from 'fast-check';
import { beforeEach, describe, expect, expectTypeOf, test } from 'vitest';
import * as tl from 'tensorloom';
import { run, runWith } from './running.js';

beforeEach(() => tl.resetDefaultGraph());

const nums = [1, 2, 3, 4, 5, 6];
const integers = (): tl.Tensor => tl.constant(nums, { dtype: 'int32' });

describe("TensorFlow's known answers", () => {
  test('testMap_Simple, testMap_SimpleNotTensor', () => {
    const r = tl.mapFn((x) => x.add(3).mul(2), integers());
    const literal = tl.mapFn((x) => x.add(3).mul(2), Int32Array.from(nums));
    const expected = [8, 10, 12, 14, 16, 18];
    expect([r.dtype, ...run(r, literal)]).toEqual(['int32', expected, expected]);
  });

  test('testMapOverScalarErrors', () => {
    expect(() => tl.mapFn((x) => x, [1, 2])).toThrow(
      'mapFn: expected elems with a first axis to run over, got float32[]. Use expandDims().',
    );
    expect(() => tl.mapFn((x) => x, 1)).toThrow('mapFn: expected elems with a first axis to run over, got float32[].');
  });

  test('testMap_Scoped: a variable of the body is shared', () => {
    const double = (x: tl.Tensor): tl.Tensor =>
      tl.variableScope('body', () =>
        x.mul(tl.getVariable('two', [], { dtype: 'int32', initializer: tl.constantInitializer(2) })),
      );
    const rs = [false, true].map((reuse) => tl.variableScope('root', { reuse }, () => tl.mapFn(double, integers())));
    expect(tl.trainableVariables().map((v) => v.name)).toEqual(['root/body/two:0']);
    const doubles = nums.map((x) => 2 * x);
    expect(run(...rs)).toEqual([doubles, doubles]);
  });

  test('testMap_Grad', () => {
    const param = tl.constant(2);
    const elems = tl.constant(nums);
    const y = tl.mapFn((x) => x.square().mul(param), elems);
    expect(run(...tl.gradients(y, [param, elems]))).toEqual([91, [4, 8, 12, 16, 20, 24]]);
  });

  test('testMap_SingleInputMultiOutput', () => {
    const r = tl.mapFn((x) => [x.add(3).mul(2), x.add(3).mul(-2)] as const, integers(), { dtype: ['int32', 'int32'] });
    expectTypeOf(r).toEqualTypeOf<[tl.Tensor, tl.Tensor]>();
    expect(r.map((t) => t.shape)).toEqual([[6], [6]]);
    expect(run(...r)).toEqual([nums.map((x) => (x + 3) * 2), nums.map((x) => -(x + 3) * 2)]);
  });

  test('testMap_MultiOutputMismatchedDtype', () => {
    expect(() => tl.mapFn((x) => [x, x], integers(), { dtype: { a: 'int32', b: 'int32' } })).toThrow(
      'mapFn: the function returned [*, *], expected the structure of dtype, {a: *, b: *}. Give one dtype for each.',
    );
    expect(() => tl.mapFn((x) => x, integers(), { dtype: 'float32' })).toThrow(
      'mapFn: result 0 is int32, expected float32. Use cast(), or change dtype.',
    );
  });

  test('testMap_MultiInputSingleOutput', () => {
    const r = tl.mapFn(([a, [b, c]]) => a.mul(b).add(c), [integers(), [integers(), integers().neg()]], {
      dtype: 'int32',
    });
    expect([r.shape, ...run(r)]).toEqual([[6], nums.map((x) => x * x - x)]);
  });

  test('testMap_MultiInputSameStructureOutput', () => {
    const [a, [b, c]] = tl.mapFn(([x, [y, z]]) => [y, [z, x]] as const, [
      integers(),
      [integers().mul(2), integers().neg()],
    ] as const);
    expect([a, b, c].map((t) => t.shape)).toEqual([[6], [6], [6]]);
    expect(run(a, b, c)).toEqual([nums.map((x) => 2 * x), nums.map((x) => -x), nums]);
  });

  test('testMapShape, testMapUnknownShape', () => {
    const x = tl.constant(
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      { dtype: 'int32' },
    );
    expect(tl.mapFn((e) => e, x).shape).toEqual([2, 3]);
    const unknown = tl.placeholder('float32');
    const y = tl.mapFn((e) => e.mul(2), unknown);
    expect([
      y.shape,
      ...runWith(
        [
          [
            unknown,
            [
              [1, 2],
              [3, 4],
              [5, 6],
            ],
          ],
        ],
        y,
      ),
    ]).toEqual([
      undefined,
      [
        [2, 4],
        [6, 8],
        [10, 12],
      ],
    ]);
  });

  test('testMapEmptyScalar, testMapEmptyTensor', () => {
    const empty = tl.zeros([0]);
    const [one, zeros] = [tl.mapFn(() => 1, empty), tl.mapFn(() => tl.zeros([3, 2]), empty)];
    expect([one.shape, zeros.shape]).toEqual([[0], [0, 3, 2]]);
    const session = new tl.Session();
    expect(session.runSync([one, zeros]).map((v) => [...v.shape])).toEqual([[0], [0, 3, 2]]);
    session.close();
  });
});

const points = fc
  .array(
    fc.integer({ min: -1024, max: 1024 }).map((k) => k / 1024),
    { minLength: 1, maxLength: 5 },
  )
  .map((x) => Float64Array.from(x));

test('a map does to each row what its function does to one', () => {
  fc.assert(
    fc.property(points, (x) => {
      tl.resetDefaultGraph();
      const t = tl.placeholder('float32', [null]);
      const { s, p } = tl.mapFn((v) => ({ s: v.sin(), p: tl.stack([v, v.mul(2)]) }), t);
      const whole = [t.sin(), tl.stack([t, t.mul(2)], { axis: 1 })];
      const [a, b, c, d] = runWith([[t, Float32Array.from(x)]], s, p, ...whole);
      expect([a, b]).toEqual([c, d]);
    }),
    { numRuns: 20 },
  );
});

test('gradients against differences, orders 1 and 2', () => {
  fc.assert(
    fc.property(points, (x) => {
      checkGradients({
        inputs: [x, 0.5],
        shapes: [[null], []],
        order: 2,
        build: ([t, w]) => {
          const { s, p } = tl.mapFn(({ a, b }) => ({ s: a.sin().mul(w), p: a.mul(b).exp() }), { a: t, b: t.square() });
          return [s, p];
        },
      });
    }),
    { numRuns: 10 },
  );
});

test('a literal takes the dtype that is asked for', () => {
  expect(tl.mapFn(() => 1, integers(), { dtype: 'int32' }).dtype).toBe('int32');
  expect(() => tl.mapFn((x) => x, [])).toThrow(
    'mapFn: expected at least one tensor to run over, got none. Pass elems.',
  );
});
