import { checkGradients } from '@tensorloom/testkit';
import fc from 'fast-check';
import { beforeEach, describe, expect, expectTypeOf, test } from 'vitest';
import * as tl from 'tensorloom';
import { run, runWith } from './running.js';

beforeEach(() => tl.resetDefaultGraph());

const flat = (x: unknown): number[] => (Array.isArray(x) ? x.flatMap(flat) : [Number(x)]);

/** Expects nested arrays to agree to a relative 1e-3. */
function expectClose(got: unknown, want: unknown): void {
  const [a, b] = [flat(got), flat(want)];
  expect(a).toHaveLength(b.length);
  a.forEach((v, i) => expect(Math.abs(v - b[i])).toBeLessThanOrEqual(1e-3 + 1e-3 * Math.abs(b[i])));
}

const numbers = (n: number): fc.Arbitrary<number[]> =>
  fc.array(
    fc.integer({ min: -64, max: 64 }).map((k) => k / 64),
    { minLength: n, maxLength: n },
  );

/** Functions from vectors to vectors, each with its own way through the rules. */
const functions: readonly (readonly [string, (x: tl.Tensor) => tl.Tensor])[] = [
  ['elementwise', (x) => x.sin().mul(x)],
  ['indexing', (x) => x.gather([2, 0, 0]).mul(x.square())],
  [
    'a counted loop',
    (x) =>
      tl.whileLoop(
        (i) => i.less(3),
        (i, v) => [i.add(1), v.sin().mul(x)],
        [tl.constant(0, { dtype: 'int32' }), x],
      )[1],
  ],
  [
    'a loop that ends by its data',
    (x) =>
      tl.whileLoop(
        (v) => v.square().reduceSum().less(50),
        (v) => [v.mul(x.add(2)).add(1)],
        [x],
      )[0],
  ],
  [
    'a scan with a branch',
    (x) =>
      tl.scan(
        (a, row) =>
          tl.cond(
            row.less(0.1),
            () => a.mul(row),
            () => a.add(row.square()),
          ),
        x,
        {
          initializer: x.reduceSum(),
        },
      ),
  ],
  [
    'a gradient of its own',
    (x) =>
      tl
        .customGradient((v: tl.Tensor) => [v.square(), (dy: tl.Tensor) => dy.mul(v).mul(2)])(x)
        .mul(x),
  ],
];

describe('jacobian', () => {
  test('of a linear map is its matrix', () => {
    fc.assert(
      fc.property(numbers(6), numbers(3), (m, v) => {
        tl.resetDefaultGraph();
        const A = tl.reshape(tl.constant(m), [2, 3]);
        const x = tl.constant(v);
        const y = tl.tensordot(A, x, 1);
        const d = tl.jacobian(y, x);
        expect(d?.shape).toEqual([2, 3]);
        expect(run(d)).toEqual([[m.slice(0, 3), m.slice(3)]]);
      }),
      { numRuns: 10 },
    );
  });

  test('has the shape of y, then that of x; sizes known or not', () => {
    const build = (shape: readonly (number | null)[] | undefined): unknown => {
      const x = tl.placeholder('float32', shape);
      const y = shape === undefined ? tl.square(x) : tl.stack([tl.square(x), tl.mul(x, 3)]);
      const d = tl.jacobian(y, x);
      if (shape !== undefined) expect(d?.shape).toHaveLength(5);
      return runWith([[x, [[1, 2]]]], d)[0];
    };
    const want = [[[[[2, 0]], [[0, 4]]]], [[[[3, 0]], [[0, 3]]]]];
    for (const shape of [
      [1, 2],
      [null, 2],
      [null, null],
    ])
      expect(build(shape)).toEqual(want);
    expect(build(undefined)).toEqual(want[0]);
  });

  test('of a scalar is the gradient; of nothing is empty', () => {
    const x = tl.constant([1, 2]);
    expect(run(tl.jacobian(x.square().reduceSum(), x))).toEqual([[2, 4]]);
    const none = tl.placeholder('float32', [null]);
    expect(runWith([[none, []]], tl.shape(tl.jacobian(none.square(), none) ?? 0))).toEqual([[0, 0]]);
  });

  test('one x, several, a variable; null where x does not influence y', () => {
    const [x, other] = [tl.constant([1, 2]), tl.constant(3)];
    const v = tl.variable([3, 4]);
    const y = x.mul(v);
    expectTypeOf(tl.jacobian(y, x)).toEqualTypeOf<tl.Tensor | null>();
    const [dx, none, dv] = tl.jacobian(y, [x, other, v]);
    expect(none).toBeNull();
    expect(tl.jacobian(y, other)).toBeNull();
    expect(run(dx, dv, tl.jacobian(y, v), tl.jacobian(x, x))).toEqual([
      [
        [3, 0],
        [0, 4],
      ],
      [
        [1, 0],
        [0, 2],
      ],
      [
        [1, 0],
        [0, 2],
      ],
      [
        [1, 0],
        [0, 1],
      ],
    ]);
  });

  test('the graph does not grow with the size of y', () => {
    const nodes = (n: number): number => {
      const graph = new tl.Graph();
      tl.withGraph(graph, () => {
        const x = tl.constant(new Float32Array(n));
        tl.jacobian(x.sin(), x);
      });
      return graph.nodes.length;
    };
    expect(nodes(100)).toBe(nodes(2));
  });

  test('where nodes await others', () => {
    const v = tl.variable(0);
    const x = tl.constant([1, 2]);
    const d = tl.controlDependencies([v.assignAdd(1)], () => tl.jacobian(x.square(), x));
    const session = new tl.Session();
    session.runSync(v.initializer);
    expect(session.runSync(d ?? x).toArray()).toEqual([
      [2, 0],
      [0, 4],
    ]);
    expect(session.runSync(v).item()).toBe(1);
    session.close();
  });

  test('inside the body of a loop', () => {
    const [r] = tl.whileLoop(
      (x) => x.reduceSum().less(10),
      (x) => [tl.jacobian(x.square(), x)?.reduceSum(0) ?? x],
      [tl.constant([1, 2])],
    );
    expect(run(r)).toEqual([[4, 8]]);
  });

  test.each(functions)('is differentiable as what it differentiates: %s', (_, f) => {
    checkGradients({
      inputs: [Float64Array.of(0.3, -0.4, 0.7)],
      order: 1,
      build: ([x]) => tl.jacobian(f(x), x) ?? x,
    });
  });
});

describe.each(functions)('%s', (_, f) => {
  test('jvp is the jacobian times the direction, vjp the direction times it', () => {
    fc.assert(
      fc.property(numbers(3), numbers(3), numbers(3), (at, dx, w) => {
        tl.resetDefaultGraph();
        const x = tl.constant(at);
        const y = f(x);
        const [along] = tl.jvp(y, x, dx);
        const J = tl.jacobian(y, x) ?? tl.zeros([3, 3]);
        const [back] = tl.gradients(y, x, { gradYs: [w] });
        const [a, b, c, d] = run(along, tl.tensordot(J, dx, 1), back, tl.tensordot(w, J, 1));
        expectClose(a, b);
        expectClose(c, d);
      }),
      { numRuns: 5 },
    );
  });

  test('jvp against finite differences', () => {
    const [at, dx] = [Float64Array.of(0.3, -0.4, 0.7), Float64Array.of(0.5, 1, -1)];
    const x = tl.placeholder('float64', [3]);
    const y = f(x);
    const [along] = tl.jvp(y, x, tl.constant(dx));
    const move = (by: number): Float64Array => at.map((v, i) => v + by * dx[i]);
    const value = (by: number): number[] => flat(runWith([[x, move(by)]], y));
    const [plus, minus] = [value(1e-6), value(-1e-6)];
    expectClose(
      runWith([[x, at]], along),
      plus.map((v, i) => (v - minus[i]) / 2e-6),
    );
  });

  test('the hessian is symmetric, and hvp is the hessian times the direction', () => {
    fc.assert(
      fc.property(numbers(3), numbers(3), (at, v) => {
        tl.resetDefaultGraph();
        const x = tl.constant(at);
        const y = f(x).reduceSum();
        const H = tl.hessian(y, x) ?? tl.zeros([3, 3]);
        const [h, transposed, product, along] = run(H, tl.transpose(H), tl.tensordot(H, v, 1), tl.hvp(y, x, v));
        expectClose(h, transposed);
        expectClose(product, along);
      }),
      { numRuns: 5 },
    );
  });
});

describe('hessian', () => {
  test('has the blocks of several xs', () => {
    const [x, z] = [tl.constant([1, 2]), tl.constant(3)];
    const y = x.square().reduceSum().mul(z);
    const [[xx, xz], [zx, zz]] = tl.hessian(y, [x, z]);
    expect(zz).toBeNull();
    expect(run(xx, xz, zx)).toEqual([
      [
        [6, 0],
        [0, 6],
      ],
      [2, 4],
      [2, 4],
    ]);
    expectTypeOf(tl.hessian(y, x)).toEqualTypeOf<tl.Tensor | null>();
    expect(run(tl.hessian(y, x))).toEqual([
      [
        [6, 0],
        [0, 6],
      ],
    ]);
  });

  test('is null where no gradient flows', () => {
    const [x, z] = [tl.constant([1, 2]), tl.constant(3)];
    expect(tl.hessian(x.mul(2).reduceSum(), x)).toBeNull();
    expect(tl.hessian(x.reduceSum(), [x, z])).toEqual([
      [null, null],
      [null, null],
    ]);
    expect(tl.hvp(x.reduceSum(), x, [1, 1])).toBeNull();
  });

  test('of matrices has four axes', () => {
    const x = tl.constant([[1, 2]]);
    expect(run(tl.hessian(x.pow(3).reduceSum(), x))).toEqual([[[[[6, 0]], [[0, 12]]]]]);
  });

  test('wants a scalar', () => {
    const x = tl.constant([1, 2]);
    expect(() => tl.hessian(x, x)).toThrow(
      'hessian: expected a scalar y, got float32[2]. Use reduceSum(), or the jacobian of a gradient.',
    );
  });
});

describe('jvp and hvp', () => {
  test('several ys and xs; null where no x influences y', () => {
    const [a, b, c] = [tl.constant(2), tl.constant(3), tl.constant(5)];
    const found = tl.jvp([a.mul(b), c.mul(4), b.square()], [a, b], [10, 1]);
    expect(found[1]).toBeNull();
    expect(run(found[0], found[2])).toEqual([32, 6]);
    expect(tl.jvp(a, b, 1)).toEqual([null]);
    expect(run(...tl.hvp(a.mul(b), [a, b], [1, 10]))).toEqual([10, 1]);
  });

  test('of gathered rows, in a variable', () => {
    const v = tl.variable([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    const y = tl.gather(v, [2, 2, 0]).square().reduceSum();
    const along = tl.constant([
      [1, 0],
      [7, 7],
      [0, 1],
    ]);
    expect(run(...tl.jvp(y, v, along), tl.hvp(y, v, along))).toEqual([
      2 + 24,
      [
        [2, 0],
        [0, 0],
        [0, 4],
      ],
    ]);
  });

  test('directions that do not fit', () => {
    const x = tl.constant([1, 2]);
    expect(() => tl.jvp(x.square(), x, [1, 2, 3])).toThrow(
      'jvp: direction 0 is float32[3], expected the dtype and shape of its x, float32[2]. Cast or reshape it.',
    );
    expect(() => tl.hvp(x.reduceSum(), [x, x], [[1, 2]])).toThrow('hvp: expected 2 directions, one per x, got 1.');
  });

  test('what the weights were takes no part in a run', () => {
    const x = tl.placeholder('float32', [3]);
    const [d] = tl.jvp(x.sin(), x, tl.onesLike(x));
    expect(tl.printProgram(tl.lower([d ?? x], [], [x]))).not.toMatch(/zeros/i);
  });
});

describe('through dynamicRnn', () => {
  const cells = {
    BasicRNNCell: (x: tl.Tensor) => tl.rnn.dynamicRnn(new tl.rnn.BasicRNNCell(2), x, { dtype: x.dtype })[0],
    BasicLSTMCell: (x: tl.Tensor) => tl.rnn.dynamicRnn(new tl.rnn.BasicLSTMCell(2), x, { dtype: x.dtype })[0],
    GRUCell: (x: tl.Tensor) => tl.rnn.dynamicRnn(new tl.rnn.GRUCell(2), x, { dtype: x.dtype })[0],
  };
  const outputs = (name: keyof typeof cells, x: tl.Tensor): tl.Tensor => {
    tl.setRandomSeed(3);
    return cells[name](x);
  };
  const x = [
    [
      [0.1, -0.2],
      [0.3, 0.4],
      [-0.5, 0.6],
    ],
  ];
  const dx = [
    [
      [1, 0.5],
      [-1, 0.25],
      [0.5, -0.75],
    ],
  ];

  test.each(Object.keys(cells) as (keyof typeof cells)[])('%s: jacobian, jvp, hessian, hvp agree', (name) => {
    const X = tl.constant(x);
    const y = outputs(name, X);
    const scalar = y.square().reduceSum();
    const J = tl.jacobian(y, X) ?? X;
    const H = tl.hessian(scalar, X) ?? X;
    expect([J.shape, H.shape]).toEqual([
      [1, 3, 2, 1, 3, 2],
      [1, 3, 2, 1, 3, 2],
    ]);
    const [jdx, along, hdx, hv, h, ht] = run(
      tl.tensordot(J, dx, 3),
      tl.jvp(y, X, dx)[0],
      tl.tensordot(H, dx, 3),
      tl.hvp(scalar, X, dx),
      H,
      tl.transpose(H, [3, 4, 5, 0, 1, 2]),
    );
    expectClose(jdx, along);
    expectClose(hdx, hv);
    expectClose(h, ht);
  });

  test.each(Object.keys(cells) as (keyof typeof cells)[])('%s: against differences in float64', (name) => {
    checkGradients({
      inputs: [{ shape: [1, 3, 2], data: Float64Array.from(flat(x)) }],
      shapes: [[null, null, 2]],
      order: 1,
      build: ([t]) => {
        const y = outputs(name, t);
        return [tl.jvp(y, t, t)[0] ?? t, tl.hvp(y.square().reduceSum(), t, t.square()) ?? t];
      },
    });
  });
});
