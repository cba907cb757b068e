import { beforeEach, expect, test } from 'vitest';
import { type AttrsOf, GraphError, type Node, constant, matmul, noOp, resetDefaultGraph } from '../src/index.js';
import { located, refuse } from '../src/node.js';
import { listUnstack } from '../src/ops/list.js';
import type { matrix } from '../src/ops/matmul.js';
import { int, messageFrom, x } from './support.js';

beforeEach(() => resetDefaultGraph());

test('a node reads as an application of its op', () => {
  const node = matmul(x([null, 5]), constant([1], { shape: [5, 3] }), { name: 'product' }).op;
  expect(node.toString()).toBe("'product' = MatMul(x:0 float32[?,5], Const:0 float32[5,3])");
  expect((node as Node<AttrsOf<typeof matrix.matmul>>).attrs).toEqual({ transposeA: false, transposeB: false });
});

test('output gives the tensor at an index', () => {
  const [a, b] = x([2, 3]).unstack();
  expect([a.op.output(), a.op.output(1)]).toEqual([a, b]);
  expect(() => a.op.output(2)).toThrow(new TypeError('unstack: output 2 is not a tensor.'));
  expect(() => noOp().output()).toThrow('NoOp: output 0 is not a tensor.');
  expect(() => listUnstack(x([2]), int(2)).op.output()).toThrow('ListUnstack: output 0 is not a tensor.');
});

test('refuse names the op, the tensors it was given, and the line', () => {
  const refusal = (): unknown => refuse('Op', 'got a, expected b. Pass b.', [x([2]), int(1)]);
  expect(refusal).toThrow(GraphError);
  expect(messageFrom(refusal)).toBe(
    'Op: got a, expected b. Pass b.\n  node:    Op(x_1:0 float32[2], Const_1:0 int32[])\n  made at: node.test.ts:LINE',
  );
});

test('located adds the line to what is thrown, and nothing to what is returned', () => {
  expect(located('Op', () => 7)).toBe(7);
  const cause = new RangeError('Op: no.');
  const fail = (): unknown =>
    located('Op', () => {
      throw cause;
    });
  expect(messageFrom(fail)).toBe('Op: no.\n  node:    Op()\n  made at: node.test.ts:LINE');
  expect(fail).toThrow(expect.objectContaining({ cause }) as Error);
});
