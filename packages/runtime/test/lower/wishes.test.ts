import {
  type Tensor,
  cond,
  constant,
  device,
  placeholder,
  resetDefaultGraph,
  scan,
  variable,
  whileLoop,
} from '@tensorloom/graph';
import { beforeEach, describe, expect, test } from 'vitest';
import { copyNeeded } from '../../src/lower/copy.js';
import { type Devices, oneDevice } from '../../src/lower/device.js';
import type { IrNode } from '../../src/lower/ir.js';
import { isCond, isLoop } from '../../src/lower/merge.js';
import { Wishes } from '../../src/lower/wishes.js';
import { present } from '../support.js';

beforeEach(() => resetDefaultGraph());

const named = new Map(['a', 'b', 'c'].map((name) => [name, { name }]));
const of = (name: string) => present(named.get(name));
const devices: Devices = { count: 3, first: of('a'), choose: (spec) => of(spec ?? 'a'), fuses: () => false };

const nodesOf = (fetches: readonly Tensor[], fed: readonly Tensor[]): readonly IrNode[] =>
  copyNeeded(fed, fetches).nodes;
/** The loop or branch of a program, where its inputs are on `a`: the device that the bodies want each input on. */
function wanted(y: Tensor, fed: readonly Tensor[], inputs: readonly number[]): string[] {
  const n = present(nodesOf([y], fed).find(({ origin }) => isLoop(origin) || isCond(origin)));
  const wishes = new Wishes(devices);
  return inputs.map((i) => wishes.ofParam(n as Parameters<Wishes['ofParam']>[0], i, of('a')).name);
}

test('an op is wanted where it was made for, and on variables where they are kept', () => {
  const x = placeholder('float32', [2]);
  const v = device('b', () => variable([1, 2]));
  const nodes = nodesOf([device('c', () => x.neg()), x.exp(), device('c', () => v.assignAdd(x))], [x]);
  const wishes = new Wishes(devices);
  expect(nodes.map((n) => `${n.op.name} ${wishes.of(n).name}`)).toEqual(['Neg c', 'Exp a', 'AssignAdd b']);
});

describe('a body wants', () => {
  const x = () => placeholder('float32', [2]);

  test('what it carries where the next one is computed', () => {
    const h = x();
    const [y] = whileLoop(
      () => constant(true),
      (s) => [device('b', () => device('c', () => s.exp()).neg())],
      [h],
      { maximumIterations: 3 },
    );
    expect(wanted(y, [h], [0, 1])).toContain('b');
  });

  test('what it reads where the op that reads it runs, through bodies in it', () => {
    const [w, s] = [x(), placeholder('float32', [3, 2])];
    const ys = scan(
      (h: Tensor, row: Tensor) => {
        const [inner] = whileLoop(
          () => constant(true),
          (z) => [device('c', () => z.mul(w))],
          [h],
          { maximumIterations: 2 },
        );
        return inner.add(device('b', () => row.exp()));
      },
      s,
      { initializer: constant([0, 0]) },
    );
    expect(wanted(ys, [w, s], [0, 1, 2])).toEqual(['c', 'a', 'b']);
  });

  test('what no op of it reads where it is', () => {
    const [h, k] = [x(), x()];
    const [, same] = whileLoop(
      () => constant(true),
      (a, b) => [device('b', () => a.neg()), b],
      [h, k],
      { maximumIterations: 2 },
    );
    expect(wanted(same, [h, k], [1])).toEqual(['a']);
  });

  test('what branches read likewise', () => {
    const [p, h] = [placeholder('bool', []), x()];
    const y = cond(
      p,
      () => device('b', () => h.neg()),
      () => h,
    );
    expect(wanted(y, [p, h], [1])).toEqual(['b']);
  });
});

test('with one device everything is wanted there', () => {
  const x = placeholder('float32', [2]);
  const [n] = nodesOf([device('c', () => x.neg())], [x]);
  expect(new Wishes(oneDevice).of(n)).toBe(oneDevice.first);
});
