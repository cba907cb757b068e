import { type DType, NDArray, elementwise, mixed } from '@tensorloom/graph';
import { broadcastableShapes, ndarrays, shapes } from '@tensorloom/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indices, result, run, tensor } from './host.js';

/** The element of x that broadcasting puts at `index`. */
const broadcastGet = (x: NDArray, index: readonly number[]): number =>
  x.get(...index.slice(index.length - x.shape.length).map((k, axis) => (x.shape[axis] === 1 ? 0 : k)));

const operands = (dtype: DType, count: number): fc.Arbitrary<NDArray[]> =>
  broadcastableShapes(count).chain((all) => fc.tuple(...all.map((s) => ndarrays(dtype, s, { specials: true }))));

describe('elementwise host kernels', () => {
  it('are the scalar meaning at every index, operands broadcast', () => {
    fc.assert(
      fc.property(operands('float64', 2), ([x, y]) => {
        const [sum] = run(elementwise.sub, [x, y], {});
        for (const index of indices(sum.shape)) {
          expect(sum.get(...index)).toBe(broadcastGet(x, index) - broadcastGet(y, index));
        }
      }),
    );
  });

  it('broadcast like NumPy', () => {
    expect(result(elementwise.add, [tensor('float32', [[1], [2]]), tensor('float32', [10, 20, 30])], {})).toEqual([
      [11, 21, 31],
      [12, 22, 32],
    ]);
    expect(run(elementwise.add, [tensor('int32', [[]]), tensor('int32', 1)], {})[0].shape).toEqual([1, 0]);
    expect(run(elementwise.add, [tensor('int32', []), tensor('int32', [[1], [2]])], {})[0].shape).toEqual([2, 0]);
  });

  it('round to float32 once', () => {
    expect(result(elementwise.div, [tensor('float32', 1), tensor('float32', 3)], {})).toBe(Math.fround(1 / 3));
    expect(result(elementwise.div, [tensor('float64', 1), tensor('float64', 3)], {})).toBe(1 / 3);
  });

  it('wrap int32, in exact arithmetic modulo 2^32', () => {
    const laws = [
      { op: elementwise.add, exact: (x: bigint, y: bigint) => x + y },
      { op: elementwise.sub, exact: (x: bigint, y: bigint) => x - y },
      { op: elementwise.mul, exact: (x: bigint, y: bigint) => x * y },
    ];
    const int = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
    for (const { op, exact } of laws) {
      fc.assert(
        fc.property(int, int, (x, y) => {
          const expected = Number(BigInt.asIntN(32, exact(BigInt(x), BigInt(y))));
          expect(result(op, [tensor('int32', x), tensor('int32', y)], {})).toBe(expected);
        }),
      );
    }
    expect(result(elementwise.square, [tensor('int32', [65535, 46341])], {})).toEqual([-131071, -2147479015]);
    expect(result(elementwise.neg, [tensor('int32', -(2 ** 31))], {})).toBe(-(2 ** 31));
  });

  it('let NaN through maxima, minima and relu', () => {
    const [x, y] = [tensor('float32', [NaN, 1, NaN, 2]), tensor('float32', [1, NaN, NaN, 3])];
    expect(result(elementwise.maximum, [x, y], {})).toEqual([NaN, NaN, NaN, 3]);
    expect(result(elementwise.minimum, [x, y], {})).toEqual([NaN, NaN, NaN, 2]);
    expect(result(elementwise.relu, [tensor('float32', [NaN, -1, 2, -Infinity])], {})).toEqual([NaN, 0, 2, 0]);
  });

  it('compare to bool, bool itself too', () => {
    expect(result(elementwise.less, [tensor('int32', [1, 2]), tensor('int32', 2)], {})).toEqual([true, false]);
    expect(result(elementwise.equal, [tensor('bool', [true, false]), tensor('bool', false)], {})).toEqual([
      false,
      true,
    ]);
    expect(result(elementwise.equal, [tensor('float32', NaN), tensor('float32', NaN)], {})).toBe(false);
    expect(result(elementwise.isFinite, [tensor('float32', [1, Infinity, NaN])], {})).toEqual([true, false, false]);
    const [a, b] = [tensor('bool', [true, true, false, false]), tensor('bool', [true, false, true, false])];
    expect(result(elementwise.logicalAnd, [a, b], {})).toEqual([true, false, false, false]);
    expect(result(elementwise.logicalOr, [a, b], {})).toEqual([true, true, true, false]);
    expect(result(elementwise.logicalNot, [a], {})).toEqual([false, false, true, true]);
  });

  it('throw when operands do not broadcast', () => {
    const add = () => run(elementwise.add, [tensor('float32', [1, 2]), tensor('float32', [1, 2, 3])], {});
    expect(add).toThrow('Add: shapes [2] and [3] do not broadcast.');
  });
});

describe('scalars, which take a shorter way, become what vectors of one become', () => {
  const dtypes: readonly DType[] = ['float32', 'float64', 'int32', 'bool'];

  it.each(Object.values(elementwise))('$name', (op) => {
    for (const dtype of dtypes) {
      fc.assert(
        fc.property(
          fc.array(ndarrays(dtype, [], { specials: true }), {
            minLength: op.scalar.length,
            maxLength: op.scalar.length,
          }),
          (xs) => {
            const outcome = (shape: readonly number[]): unknown => {
              try {
                const [y] = run(
                  op,
                  xs.map((x) => new NDArray(dtype, shape, x.data)),
                  {},
                );
                return [y.dtype, Array.from(y.data)];
              } catch (e) {
                return String(e).replaceAll('[1]', '[]');
              }
            };
            const scalar = outcome([]);
            expect(scalar).toEqual(outcome([1]));
            // And once more, when the dtype of the result is known.
            expect(outcome([])).toEqual(scalar);
          },
        ),
        { numRuns: 10 },
      );
    }
  });

  it('of two dtypes are refused as ever', () => {
    run(elementwise.add, [tensor('int32', 1), tensor('int32', 2)], {});
    expect(() => run(elementwise.add, [tensor('int32', 1), tensor('float32', 2)], {})).toThrow(
      /operands differ in dtype/,
    );
  });
});

describe('mixed host kernels', () => {
  it('select from operands that broadcast', () => {
    const drawn = broadcastableShapes(3).chain(([c, x, y]) =>
      fc.tuple(ndarrays('bool', c), ndarrays('int32', x), ndarrays('int32', y)),
    );
    fc.assert(
      fc.property(drawn, ([c, x, y]) => {
        const [z] = run(mixed.select, [c, x, y], {});
        for (const index of indices(z.shape)) {
          expect(z.get(...index)).toBe(broadcastGet(broadcastGet(c, index) !== 0 ? x : y, index));
        }
      }),
    );
  });

  it('cast between all dtypes', () => {
    const cast = (from: DType, to: DType, values: number[] | boolean[]) =>
      result(mixed.cast, [tensor(from, values)], { to });
    expect(cast('float32', 'int32', [1.9, -1.9, 0.5])).toEqual([1, -1, 0]);
    expect(cast('float64', 'bool', [0, -0, 0.1, NaN])).toEqual([false, false, true, true]);
    expect(cast('int32', 'bool', [0, 2, -1])).toEqual([false, true, true]);
    expect(cast('bool', 'float32', [true, false])).toEqual([1, 0]);
    expect(cast('float64', 'float32', [0.1])).toEqual([Math.fround(0.1)]);
    expect(cast('int32', 'float32', [16777217])).toEqual([16777216]);
  });

  it('keep the elements when the dtype stays', () => {
    const drawn = shapes().chain((s) => ndarrays('float32', s, { specials: true }));
    fc.assert(
      fc.property(drawn, (x) => {
        expect(run(mixed.cast, [x], { to: 'float32' })).toEqual([x]);
      }),
    );
  });
});
