import { beforeEach, expect, expectTypeOf, test } from 'vitest';
import {
  type NDArray,
  type Tensor,
  type Tensors,
  type Variable,
  constant,
  resetDefaultGraph,
  variable,
} from '../src/index.js';
import { flatTensors, packTensors, showTensors, unwrapped } from '../src/nested-tensors.js';
import { int, messageFrom, specs } from './support.js';

beforeEach(() => resetDefaultGraph());

test('operands become tensors, in their structure', () => {
  const [t, v] = [constant([1, 2]), variable(3)];
  const like = { b: [t, 4], a: v, c: Int32Array.of(5) };
  const flat = flatTensors(like, 'fn');
  expect(specs(...flat)).toEqual(['float32[]', 'float32[2]', 'float32[]', 'int32[1]']);
  expect(packTensors(like, flat)).toEqual({ a: v.value(), b: [t, flat[2]], c: flat[3] });
  expect(showTensors(like)).toBe('{a: *, b: [*, *], c: *}');
});

test('literals take the dtypes of tensors they stand for, tensors keep theirs', () => {
  const like = [int(1), constant(true), constant(1)];
  expect(specs(...flatTensors([2, true, int(3)], 'fn', like))).toEqual(['int32[]', 'bool[]', 'int32[]']);
  expect(messageFrom(() => flatTensors([1.5], 'fn', like))).toMatch(/^fn: 1\.5 is not of dtype int32/);
});

test('arrays are structure, not literals', () => {
  expect(specs(...flatTensors([1, [2, 3]], 'fn'))).toEqual(['float32[]', 'float32[]', 'float32[]']);
});

test('what is no operand is refused by its place', () => {
  expect(messageFrom(() => flatTensors([1, { a: 'b' }], 'fn: state'))).toBe(
    'fn: state[1].a: expected tensors in arrays or plain objects, got string.\n' +
      '  node:    fn: state()\n' +
      '  made at: nested-tensors.test.ts:LINE',
  );
});

test('a body of one variable may return it bare', () => {
  const t = constant(1);
  expect(unwrapped([t], t)).toEqual([t]);
  expect(unwrapped([t, t], t)).toBe(t);
  expect(unwrapped(t, [t])).toEqual([t]);
  expect(unwrapped([[t]], [t])).toEqual([t]);
});

test('types: leaves become tensors, structures stay', () => {
  expectTypeOf<Tensors<Tensor | Variable>>().toEqualTypeOf<Tensor>();
  expectTypeOf<Tensors<5>>().toEqualTypeOf<Tensor>();
  expectTypeOf<Tensors<boolean>>().toEqualTypeOf<Tensor>();
  expectTypeOf<Tensors<NDArray>>().toEqualTypeOf<Tensor>();
  expectTypeOf<Tensors<Int32Array>>().toEqualTypeOf<Tensor>();
  expectTypeOf<Tensors<{ shape: number[]; data: Float32Array }>>().toEqualTypeOf<Tensor>();
  expectTypeOf<Tensors<readonly [number, Variable]>>().toEqualTypeOf<[Tensor, Tensor]>();
  expectTypeOf<Tensors<number[]>>().toEqualTypeOf<Tensor[]>();
  expectTypeOf<Tensors<readonly { readonly c: Tensor; readonly h: number }[]>>().toEqualTypeOf<
    { c: Tensor; h: Tensor }[]
  >();
  expectTypeOf<Tensors<string>>().toEqualTypeOf<never>();
});
