import {
  type Node,
  type Tensor,
  type Variable,
  type VariableAttrs,
  constant,
  controlDependencies,
  neededNodes,
  placeholder,
  resetDefaultGraph,
  variable,
  whileLoop,
} from '@tensorloom/graph';
import { beforeEach, describe, expect, test } from 'vitest';
import { type ReadOrder, isRead, readOrder } from '../../src/lower/read-order.js';

beforeEach(() => resetDefaultGraph());

const order = (fetches: readonly Tensor[], fed: readonly Tensor[] = []): ReadOrder =>
  readOrder(neededNodes(fetches, new Set(fed)), new Set(fed));

function read(t: Tensor): Node<VariableAttrs> {
  const node = t.op;
  if (!isRead(node)) throw new Error('not a read');
  return node;
}

describe('atStart', () => {
  test('holds for a read that no assignment comes before', () => {
    const v = variable(1);
    const now = v.readValue();
    expect(order([now, v.assign(2)]).atStart(read(now))).toBe(true);
  });

  test('fails after an assignment to the same variable, not to another', () => {
    const [v, w] = [variable(1), variable(1)];
    const [afterV, afterW] = [v, w].map((assigned) => controlDependencies([assigned.assign(2)], () => v.readValue()));
    const both = order([afterV, afterW]);
    expect([afterV, afterW].map((t) => both.atStart(read(t)))).toEqual([false, true]);
  });

  test('holds when what led to the assignment is fed', () => {
    const v = variable(1);
    const next = v.assign(2).exp();
    const after = controlDependencies([next.neg()], () => v.readValue());
    expect(order([after]).atStart(read(after))).toBe(false);
    expect(order([after], [next]).atStart(read(after))).toBe(true);
  });
});

describe('readFromStart', () => {
  const loop = (body: (x: Tensor) => Tensor): Tensor =>
    whileLoop(
      (x) => x.less(9),
      (x) => [body(x)],
      [constant(0)],
    )[0];
  const changing = (v: Variable): Tensor => v.assign(2);

  test('names what a body reads and others may have changed', () => {
    const [v, w] = [variable(1), variable(1)];
    const r = loop((x) => x.add(v.readValue()).add(w.readValue()));
    expect([...order([changing(v), r]).readFromStart(r.op)]).toEqual([v]);
  });

  test('is empty without an assignment, after one, and when the body assigns itself', () => {
    const v = variable(1);
    const reads = loop((x) => x.add(v.readValue()));
    const after = controlDependencies([changing(v)], () => loop((x) => x.add(v.readValue())));
    const assigns = loop((x) => x.add(v.readValue()).add(v.assignAdd(1)));
    expect(order([reads]).readFromStart(reads.op).size).toBe(0);
    expect(order([after]).readFromStart(after.op).size).toBe(0);
    expect(order([changing(v), assigns]).readFromStart(assigns.op).size).toBe(0);
  });

  test('is empty for other ops', () => {
    const v = variable(1);
    const x = placeholder('float32', []);
    const y = x.add(v);
    expect(order([changing(v), y], [x]).readFromStart(y.op).size).toBe(0);
  });
});

test('changing names what the bodies of a loop assign to, those inside them too', () => {
  const [v, w] = [variable(1), variable(1)];
  const inner = (x: Tensor): Tensor =>
    whileLoop(
      (y) => y.less(9),
      (y) => [y.add(v.assignAdd(1))],
      [x],
    )[0];
  const [outer] = whileLoop(
    (x) => x.less(9),
    (x) => [inner(x).add(w)],
    [constant(0)],
  );
  expect([...order([outer]).changing(outer.op)]).toEqual([v]);
  const branch = v.assign(2);
  expect(order([branch]).changing(branch.op).size).toBe(0);
});
