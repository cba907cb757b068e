import { beforeEach, expect, test } from 'vitest';
import { assert, check, checkNumerics, constant, placeholder, print, resetDefaultGraph } from '../../src/index.js';

beforeEach(() => resetDefaultGraph());

test('checkNumerics and print give what they are given', () => {
  const x = placeholder('float64', [null, 3]);
  const n = constant([2, 3], { dtype: 'int32' });
  const [y, z] = [checkNumerics(x, 'x'), print(n, [x, n])];
  expect([y.dtype, y.shape, y.op.attrs]).toEqual(['float64', [null, 3], { message: 'x' }]);
  expect([z.dtype, z.shape, z.value, z.op.inputs]).toEqual(['int32', [2], [2, 3], [n, x, n]]);
  expect(print(x).op.inputs).toEqual([x, x]);
  expect(print(x, []).op.inputs).toEqual([x]);
});

test('options are kept as attributes, and are told when they are wrong', () => {
  const x = constant(1);
  expect(print(x, undefined, { message: 'm', summarize: -1, firstN: 2, name: 'p' }).op.attrs).toEqual({
    message: 'm',
    summarize: null,
    firstN: 2,
  });
  expect(print(x).op.attrs).toEqual({ message: '', summarize: 3, firstN: null });
  expect(assert(true, 'm', [], { summarize: 5, name: 'a' })).toMatchObject({
    name: 'a',
    attrs: { message: 'm', summarize: 5 },
  });
  expect(() => print(x, [], { summarize: 1.5 })).toThrow('Print: summarize is 1.5, expected a number of elements');
  expect(() => assert(true, '', [], { summarize: -2 })).toThrow('Assert: summarize is -2');
  expect(() => print(x, [], { firstN: -1 })).toThrow('Print: firstN is -1, expected how often to print.');
});

test('inputs that do not fit are told', () => {
  expect(() => checkNumerics(constant([1], { dtype: 'int32' }), '')).toThrow(
    'CheckNumerics: expected float32 or float64, got int32, which is always finite. Leave the check out.',
  );
  expect(() => assert(1, 'm')).toThrow('Assert: expected a bool condition, got float32. Compare first.');
  const many = Array.from({ length: 65 }, () => constant(1));
  expect(() => assert(true, 'm', many)).toThrow('Assert: expected at most 64 values to show, got 65. Join them');
});

test('each is an effect, so that none is computed once for two', () => {
  expect(Object.values(check).map((op) => op.effect)).toEqual(['external', 'external', 'external']);
});
