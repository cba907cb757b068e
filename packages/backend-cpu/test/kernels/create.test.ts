import { create } from '@tensorloom/graph';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { build, elements, expectTensor, ints, run, run1, shapes, tensor, tensors } from '../support.js';

const dtypes = ['float32', 'float64', 'int32', 'bool'] as const;

describe('Fill', () => {
  it.each(dtypes)('repeats a scalar of %s', (dtype) => {
    fc.assert(
      fc.property(shapes(), elements(dtype), (shape, value) => {
        const out = run1(create.fill, [tensor(dtype, [], [value])], { host: [ints(...shape)] });
        expectTensor(
          out,
          dtype,
          shape,
          tensor(
            dtype,
            shape,
            build(shape, () => value),
          ).data,
        );
      }),
    );
  });

  it('takes nothing but a scalar', () => {
    expect(() => run(create.fill, [tensor('float32', [2], [1, 2])], { host: [ints(2)] })).toThrow(
      new RangeError('Fill: expected a scalar value, got shape [2].'),
    );
  });
});

describe('Range', () => {
  const range = (dtype: 'float32' | 'float64' | 'int32', ...bounds: number[]) =>
    run1(create.range, [], { attrs: { dtype }, host: bounds.map((b) => tensor(dtype, [], [b])) });

  it('counts up and down, and to nothing', () => {
    expectTensor(range('int32', 2, 11, 3), 'int32', [3], [2, 5, 8]);
    expectTensor(range('int32', 5, 0, -2), 'int32', [3], [5, 3, 1]);
    expectTensor(range('int32', 5, 5, 1), 'int32', [0], []);
    expectTensor(range('int32', 5, 0, 1), 'int32', [0], []);
    expectTensor(range('float64', 0, 1, 0.25), 'float64', [4], [0, 0.25, 0.5, 0.75]);
    expectTensor(range('float32', 1, 0, -0.5), 'float32', [2], [1, 0.5]);
  });

  it('needs a step', () => {
    expect(() => range('int32', 0, 3, 0)).toThrow(new RangeError('Range: delta is 0, expected another step.'));
  });
});

describe('OneHot', () => {
  it.each(dtypes)('sets %s where the index says, on any axis', (dtype) => {
    const cases = shapes(3, 4).chain((shape) =>
      fc.record({
        indices: tensors('int32', shape, fc.integer({ min: -2, max: 6 })),
        axis: fc.nat(shape.length),
        depth: fc.nat(5),
        on: elements(dtype),
        off: elements(dtype),
      }),
    );
    fc.assert(
      fc.property(cases, ({ indices, axis, depth, on, off }) => {
        const shape = [...indices.shape.slice(0, axis), depth, ...indices.shape.slice(axis)];
        const out = run1(create.oneHot, [indices, tensor(dtype, [], [on]), tensor(dtype, [], [off])], {
          attrs: { axis },
          host: [tensor('int32', [], [depth])],
        });
        const values = build(shape, (at) => {
          const others = at.filter((_, i) => i !== axis);
          return indices.data[others.reduce((n, k, i) => n * indices.shape[i] + k, 0)] === at[axis] ? on : off;
        });
        expectTensor(out, dtype, shape, tensor(dtype, shape, values).data);
      }),
    );
  });
});
