import { beforeEach, expect, test } from 'vitest';
import {
  Graph,
  assign,
  assignAdd,
  assignSub,
  nameScope,
  resetDefaultGraph,
  variable,
  whileLoop,
  withGraph,
} from '../../src/index.js';
import { state } from '../../src/ops/state.js';
import { messageFrom, specs, x } from '../support.js';

beforeEach(() => resetDefaultGraph());

test('assignments are named after their variable, or as asked under the scope', () => {
  const v = nameScope('a', () => variable([1, 2], { name: 'v' }));
  nameScope('b', () => {
    const made = [assign(v, [3, 4]), assignSub(v, [3, 4]), assign(v, [1, 2], { name: 'set' })];
    expect(made.map((t) => t.name)).toEqual(['a/v/Assign_1:0', 'a/v/AssignSub:0', 'b/set:0']);
  });
});

test('literals take the dtype of the variable', () => {
  const v = variable([1, 2], { dtype: 'int32' });
  expect(specs(assign(v, [3, 4]), assignSub(v, v))).toEqual(['int32[2]', 'int32[2]']);
});

test('may be made in a body', () => {
  const v = variable(0);
  const writes: unknown[] = [];
  whileLoop(
    (i) => i.less(3),
    (i) => {
      writes.push(assignAdd(v, i).op.op);
      return i.add(1);
    },
    0,
  );
  expect(writes).toEqual([state.assignAdd]);
});

test('what does not fit', () => {
  const v = variable([1, 2], { name: 'v' });
  expect(messageFrom(() => assign(v, x([3])))).toBe(
    "Assign: variable 'v:0' has shape [2], got [3]. Reshape the value.\n" +
      "  node:    'v/Assign' = Assign(x:0 float32[3])\n" +
      '  made at: state.test.ts:LINE',
  );
  expect(() => assignAdd(v, x([2], 'int32'))).toThrow("AssignAdd: variable 'v:0' is float32, got int32. Use cast().");
  expect(specs(assign(v, x([null])), assign(v, x(undefined)))).toEqual(['float32[2]', 'float32[2]']);
});

test('a variable of another graph', () => {
  const foreign = withGraph(new Graph(), () => variable(1, { name: 'v' }));
  expect(messageFrom(() => assign(foreign, 2))).toBe(
    "Assign: variable 'v:0' belongs to another graph. Assign to it inside withGraph() of its own.\n" +
      '  node:    Assign()\n' +
      '  made at: state.test.ts:LINE',
  );
});
