import { constant, control, loopOver, placeholder, resetDefaultGraph, whileLoop } from '@tensorloom/graph';
import { beforeEach, expect, test } from 'vitest';
import { copyNeeded } from '../../src/lower/copy.js';
import { type IrFunction, applies } from '../../src/lower/ir.js';
import { mapLoops, readLoop, usesOf, writeLoop } from '../../src/lower/loop.js';

beforeEach(() => resetDefaultGraph());

const nested = (): IrFunction => {
  const x = placeholder('float32', [null, 2]);
  const [, y] = whileLoop(
    (i, _y) => i.less(3),
    (i, y) => [
      i.add(1),
      loopOver(([h], [row]) => ({ carry: [h.add(row)], ys: [] }), [y], [x], { length: i, reverse: true }).carry[0],
    ],
    [constant(0, { dtype: 'int32' }), constant([0, 0])],
    { maximumIterations: 5 },
  );
  return copyNeeded([x], [y]);
};

test('a loop taken apart and put together again is the same', () => {
  for (const n of nested().nodes) {
    if (applies(n, control.loop)) expect(writeLoop(readLoop(n))).toEqual(n);
  }
});

test('mapLoops sees every loop, the innermost first', () => {
  const seen: string[] = [];
  const f = nested();
  const same = mapLoops((loop) => {
    seen.push(loop.cond === undefined ? 'inner' : 'outer');
    return { before: [], loop, after: [] };
  })(f);
  expect(seen).toEqual(['inner', 'outer']);
  expect(same).toEqual(f);
});

test('usesOf counts readers, results too', () => {
  const x = placeholder('float32', [2]);
  const f = copyNeeded([x], [x.mul(x), x.exp()]);
  expect(usesOf(f.nodes, f.results).get(f.params[0])).toBe(3);
  expect(usesOf(f.nodes, f.results).get(f.results[0])).toBe(1);
});
