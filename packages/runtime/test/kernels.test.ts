import { type NoAttrs, elementwise, mixed, shape } from '@tensorloom/graph';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { DeviceTensor, Kernel } from '../src/backend.js';
import { type Kernels, kernelsOf } from '../src/kernels.js';

describe('kernelsOf', () => {
  it('pairs each kernel with the op of its key, and leaves out what there is none for', () => {
    const first: Kernel<string> = ([x]) => x;
    const second: Kernel<string> = ([, y]) => y;
    const table: Kernels<string, typeof elementwise> = { tanh: first, add: second };
    expect(kernelsOf(elementwise, table)).toEqual([
      [elementwise.tanh, first],
      [elementwise.add, second],
    ]);
    expect(kernelsOf(elementwise, {})).toEqual([]);
  });

  it('makes tables of kernels that get the attributes of their op', () => {
    const seen: unknown[] = [];
    const x: DeviceTensor<string> = { dtype: 'float32', shape: [1, 2], buffer: 'x' };
    const table = new Map([
      ...kernelsOf<string, typeof shape>(shape, { transpose: ([t], { attrs: { perm } }) => (seen.push(perm), t) }),
      ...kernelsOf<string, typeof mixed>(mixed, { cast: ([t], { attrs: { to } }) => ({ ...t, dtype: to }) }),
    ]);
    const call = { host: [], donated: [false] };
    expect(table.get(shape.transpose)?.([x], { ...call, attrs: { perm: [1, 0] } })).toBe(x);
    expect(table.get(mixed.cast)?.([x], { ...call, attrs: { to: 'int32' } })).toEqual({ ...x, dtype: 'int32' });
    expect(seen).toEqual([[1, 0]]);
  });

  it('takes the keys of the family, and for each the attributes of its op', () => {
    type Table = Required<Kernels<string, typeof shape>>;
    expectTypeOf<keyof Table>().toEqualTypeOf<keyof typeof shape>();
    expectTypeOf<Table['transpose']>().toEqualTypeOf<Kernel<string, { readonly perm: readonly number[] }>>();
    expectTypeOf<Table['reshape']>().toEqualTypeOf<Kernel<string, NoAttrs>>();
    expectTypeOf<Kernel<string, { readonly axis: number }>>().not.toExtend<Table['transpose']>();
    expectTypeOf<Kernel<string>>().toExtend<Table['transpose']>();
  });
});
