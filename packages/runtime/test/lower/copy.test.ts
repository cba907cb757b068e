import { gradients } from '@tensorloom/autodiff';
import {
  type Edge,
  type Tensor,
  assert,
  constant,
  controlDependencies,
  cond,
  identity,
  placeholder,
  resetDefaultGraph,
  split,
  stopGradient,
  variable,
  whileLoop,
} from '@tensorloom/graph';
import { beforeEach, describe, expect, test } from 'vitest';
import { copyNeeded } from '../../src/lower/copy.js';
import type { IrFunction } from '../../src/lower/ir.js';
import { here, messageFrom, present } from '../support.js';

beforeEach(() => resetDefaultGraph());

const ops = (f: IrFunction): string[] => f.nodes.map((n) => n.op.name);
const needed = (outputs: readonly Edge[], params: readonly Edge[] = []): string[] => ops(copyNeeded(params, outputs));
const count = (): Tensor => constant(0, { dtype: 'int32' });

describe('what is needed', () => {
  test('is copied, in an order that can run; the rest is not', () => {
    const x = placeholder('float32', [2]);
    const y = x.exp();
    x.tanh();
    expect(needed([y.neg()], [x])).toEqual(['Exp', 'Neg']);
  });

  test('includes what targets and control dependencies run', () => {
    const x = placeholder('float32', [2]);
    const check = assert(x.greater(0), 'x is positive');
    const y = controlDependencies([check], () => x.exp());
    expect(needed([y], [x])).toEqual(['Const', 'Greater', 'Assert', 'Exp']);
    expect(ops(copyNeeded([x], [], [check]))).toEqual(['Const', 'Greater', 'Assert']);
  });

  test('ends at what is fed', () => {
    const x = placeholder('float32', [2]);
    const y = x.exp();
    const f = copyNeeded([y], [y.neg(), y]);
    expect(ops(f)).toEqual(['Neg']);
    expect(f.results[1]).toBe(f.params[0]);
  });

  test('leaves out one output of a node when that is fed, not the others', () => {
    const [a, b] = split(placeholder('float32', [4], { name: 'x' }), 2);
    const f = copyNeeded([a, a.op.inputs[0]], [a, b]);
    expect(ops(f)).toEqual(['Const', 'SplitV']);
    expect(f.results[0]).toBe(f.params[0]);
    expect(f.results[1]).toBe(f.nodes[1].outputs[1]);
    expect(f.nodes[1].outputs).not.toContain(f.params[0]);
  });

  test('is the body of a loop too', () => {
    const [r] = whileLoop(
      (x) => x.less(9),
      (x) => {
        x.tanh();
        return [x.mul(2)];
      },
      [constant(1)],
    );
    const { nodes } = copyNeeded([], [r]);
    expect(nodes[nodes.length - 1].bodies.map(ops)).toEqual([
      ['Const', 'Mul'],
      ['Const', 'Less'],
    ]);
  });

  test('must have been fed where it is a placeholder', () => {
    const [x, at] = [placeholder('float32', [null, 3], { name: 'X' }), here()];
    expect(messageFrom(() => needed([x.exp()]))).toBe(
      "run: placeholder 'X:0' is needed by what is fetched, and was not fed. Add [X, value] to the feeds: Tensor(X:0 float32[?,3]).\n" +
        "  node:    'X' = Placeholder()\n" +
        `  made at: ${at}`,
    );
  });
});

test('ops that pass values on disappear', () => {
  const x = placeholder('float32', [2]);
  const f = copyNeeded([x], [identity(stopGradient(identity(x))).exp()]);
  expect(ops(f)).toEqual(['Exp']);
  expect(f.nodes[0].inputs).toEqual(f.params);
});

test('a loop that nobody takes lists from stacks none', () => {
  const x = constant([1, 2]);
  const [, r] = whileLoop(
    (i) => i.less(3),
    (i, y) => [i.add(1), y.mul(x).tanh()],
    [count(), constant([1, 1])],
  );
  const dx = present(gradients(r, x)[0]);
  const loops = (...fetches: Tensor[]): number[] =>
    copyNeeded([], fetches).nodes.flatMap((n) => (n.op.name === 'Loop' ? [n.outputs.length] : []));
  expect(loops(r)).toEqual([3]);
  // Carries, the stack of y and the trips; then the gradients of y and x, the y that entered the trip after, and the trips.
  expect(loops(r, dx)).toEqual([4, 4]);
});

describe('reads', () => {
  const names = (f: IrFunction): string[] => f.nodes.map((n) => n.op.name).filter((n) => n !== 'Const');

  test('come first, one for each variable', () => {
    const v = variable([1, 2]);
    const f = copyNeeded([], [v.assign([3, 4]), v.readValue(), v.value(), v.readValue()]);
    expect(names(f)).toEqual(['ReadVariable', 'Assign']);
    expect(new Set(f.results.slice(1)).size).toBe(1);
  });

  test('come after an assignment that a control dependency puts before them', () => {
    const v = variable([1, 2]);
    const after = controlDependencies([v.assign([3, 4])], () => v.readValue());
    expect(names(copyNeeded([], [after]))).toEqual(['Assign', 'ReadVariable']);
    expect(names(copyNeeded([], [after, v.value()]))).toEqual(['ReadVariable', 'Assign', 'ReadVariable']);
  });

  test('come after an assignment that data and ops that pass it on put before them', () => {
    const v = variable([1, 2]);
    const passed = controlDependencies([v.assign([3, 4])], () => identity(constant([5, 6])));
    const after = controlDependencies([passed.exp()], () => v.readValue());
    expect(names(copyNeeded([], [after]))).toEqual(['Assign', 'Exp', 'ReadVariable']);
  });

  test('come after a loop that assigns, when they depend on it', () => {
    const v = variable(1);
    const [r] = whileLoop(
      (x) => x.less(9),
      (x) => [x.add(v.assignAdd(1))],
      [constant(0)],
    );
    const after = controlDependencies([r], () => v.readValue());
    expect(names(copyNeeded([], [r, after, v.readValue()]))).toEqual(['ReadVariable', 'Loop', 'ReadVariable']);
  });

  test('in a body become constants of the loop when the variable may have changed by then', () => {
    const v = variable(1);
    const next = v.assign(5);
    const sums = (): Tensor =>
      whileLoop(
        (i) => i.less(3),
        (i, x) => [
          i.add(1),
          whileLoop(
            (y) => y.less(x),
            (y) => [y.add(v.readValue())],
            [x],
          )[0],
        ],
        [count(), constant(0)],
      )[1];
    const f = copyNeeded([], [next, sums()]);
    expect(names(f)).toEqual(['ReadVariable', 'Assign', 'Loop']);
    const loop = f.nodes[f.nodes.length - 1];
    expect(loop.inputs[0]).toBe(f.nodes[0].outputs[0]);
    expect(names(loop.bodies[0])).toEqual(['Add', 'Loop']);
    const ordered = controlDependencies([next], sums);
    expect(names(copyNeeded([], [ordered]))).toEqual(['Assign', 'Loop']);
  });

  test('in a branch become captures of both branches when the variable may have changed by then', () => {
    const v = variable(1);
    const p = placeholder('bool', []);
    const next = v.assign(5);
    const r = cond(
      p,
      () => v.readValue().mul(2),
      () => constant(0),
    );
    const f = copyNeeded([p], [next, r]);
    expect(names(f)).toEqual(['ReadVariable', 'Assign', 'Cond']);
    expect(f.nodes[f.nodes.length - 1].bodies.map((b) => [b.params.length, names(b)])).toEqual([
      [1, ['Mul']],
      [1, []],
    ]);
    expect(names(copyNeeded([p], [r]))).toEqual(['Cond']);
  });
});

test('copies of one loop become one, which saves what any of them does', () => {
  const x = placeholder('float32', [3]);
  const [, y, z] = whileLoop(
    (i) => i.less(3),
    (i, a, b) => [i.add(1), a.mul(a), b.mul(b).mul(b)],
    [count(), x, x],
  );
  const [dy] = gradients(y, x);
  const [dz] = gradients(z, x);
  const [both] = gradients(y.mul(z), x);
  const f = copyNeeded([x], [y, z, present(dy), present(dz), present(both)]);
  const loops = f.nodes.filter((n) => n.op.name === 'Loop');
  expect(loops.map((n) => (n.attrs as { reverse: boolean }).reverse)).toEqual([false, true, true, true]);
  // The first gradient reads a, the second b and its square, the third all of them.
  const kinds = loops[0].outputs.map((o) => o.spec.kind);
  expect(kinds).toEqual(['tensor', 'tensor', 'tensor', 'list', 'list', 'list', 'tensor']);
});
