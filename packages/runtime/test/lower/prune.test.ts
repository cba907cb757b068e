import {
  constant,
  loopOver,
  placeholder,
  reduceSum,
  resetDefaultGraph,
  whileLoop,
  controlDependencies,
  variable,
} from '@tensorloom/graph';
import { beforeEach, expect, test } from 'vitest';
import { copyNeeded } from '../../src/lower/copy.js';
import { prune } from '../../src/lower/prune.js';
import { expectSame, opsOf, stepsOf } from './rewrites.js';

beforeEach(() => resetDefaultGraph());
const int = (v: number) => constant(v, { dtype: 'int32' });

test('leaves out a carry that nothing reads, with what only it needs', () => {
  const [, y] = whileLoop(
    (i, _y, _waste) => i.less(3),
    (i, y, waste) => [i.add(1), y.mul(2), waste.exp().add(y)],
    [int(0), constant(1, { dtype: 'float64' }), constant(5, { dtype: 'float64' })],
  );
  expect(opsOf(stepsOf([y], [])).body).toContain('Exp');
  expect(opsOf(stepsOf([y], [prune])).body).not.toContain('Exp');
  expectSame([y], [prune]);
});

test('keeps a carry that another one or the condition reads', () => {
  const [, , c] = whileLoop(
    (i) => i.less(4),
    (i, b, c) => [i.add(1), b.mul(2), c.add(b)],
    [int(0), constant(1, { dtype: 'float64' }), constant(0, { dtype: 'float64' })],
  );
  expect(opsOf(stepsOf([c], [prune])).body).toEqual(opsOf(stepsOf([c], [])).body);
  expectSame([c], [prune]);
});

test('asks for the length of a sequence that goes, and keeps one where nothing else ends the loop', () => {
  const counting = (length?: number) =>
    loopOver(
      ([n], [_row]) => ({ carry: [n.add(1)], ys: [] }),
      [constant(0, { dtype: 'float64' })],
      [constant([1, 2, 3], { dtype: 'float64' })],
      length === undefined ? {} : { length: int(length) },
    ).carry;
  for (const length of [undefined, 2, 9]) {
    resetDefaultGraph();
    expectSame(counting(length), [prune]);
  }
  const steps = stepsOf(counting(9), [prune]);
  expect(steps).toMatch(/Minimum/);
  expect(steps).toMatch(/ xs\(\) | carry\(%\d+\) length/);
});

test('keeps what a control dependency awaits, and effects', () => {
  const x = placeholder('float32', [2]);
  const v = variable([1, 2]);
  const y = controlDependencies([x.exp(), v.assignAdd([1, 1])], () => constant(1).neg());
  const names = (nodes: readonly { op: { name: string } }[]): string[] => nodes.map((n) => n.op.name);
  expect(names(prune(copyNeeded([x], [y])).nodes)).toEqual(names(copyNeeded([x], [y]).nodes));
});

test('outside loops too', () => {
  const x = placeholder('float64', [2]);
  const f = copyNeeded([x], [x.exp(), reduceSum(x)]);
  const less = prune({ ...f, results: f.results.slice(0, 1) });
  expect(less.nodes.map((n) => n.op.name)).toEqual(['Exp']);
});
