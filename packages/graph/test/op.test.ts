import { expect, expectTypeOf, test } from 'vitest';
import { type AttrsOf, type Op, listSpec, makeOp, tensorSpec } from '../src/index.js';
import { tensorInput } from '../src/op.js';

test('an op is pure and runs on the device unless it says otherwise', () => {
  const op = makeOp<{ readonly axis: number }>({ name: 'Op', infer: () => [] });
  expect(op).toMatchObject({ name: 'Op', effect: 'pure', hostInputs: [], onHost: false, layout: false });
  expect(makeOp({ name: 'Op', effect: 'write', infer: () => [] }).effect).toBe('write');
  expectTypeOf(op).toEqualTypeOf<Op<{ readonly axis: number }>>();
  expectTypeOf<AttrsOf<typeof op>>().toEqualTypeOf<{ readonly axis: number }>();
});

test('tensorInput refuses lists', () => {
  const spec = tensorSpec('int32', [2]);
  expect(tensorInput('Op', { spec, value: undefined })).toBe(spec);
  expect(() => tensorInput('Op', { spec: listSpec('int32', [2]), value: undefined })).toThrow(
    new TypeError('Op: expected a tensor, got a list. Stack the list first.'),
  );
});
