import { constant, control, loopOver, placeholder, randomUniform, resetDefaultGraph } from '@tensorloom/graph';
import { beforeEach, expect, test } from 'vitest';
import { copyNeeded } from '../../src/lower/copy.js';
import { dependencesOf } from '../../src/lower/dependence.js';
import { applies } from '../../src/lower/ir.js';
import { readLoop } from '../../src/lower/loop.js';

beforeEach(() => resetDefaultGraph());

test('constants, rows, and what goes from trip to trip', () => {
  const [x, a] = [placeholder('float32', [null, 2]), placeholder('float32', [2])];
  const { ys } = loopOver(
    ([h], [row]) => ({
      carry: [h.add(row)],
      ys: [a.exp(), row.sin().mul(a), h.cos(), randomUniform([2]).neg(), constant([1, 2]).tan()],
    }),
    [constant([0, 0])],
    [x],
  );
  const loop = copyNeeded([x, a], ys).nodes.find((n) => applies(n, control.loop));
  if (loop === undefined || !applies(loop, control.loop)) throw new Error('no loop');
  const kinds = dependencesOf(readLoop(loop));
  const byOp = Object.fromEntries(readLoop(loop).nodes.map((n) => [n.op.name, kinds.get(n.outputs[0])]));
  expect(byOp).toMatchObject({
    Exp: 'constant',
    Tan: 'constant',
    Sin: 'rows',
    Mul: 'rows',
    Add: 'trips',
    Cos: 'trips',
    RandomUniform: 'trips',
    Neg: 'trips',
  });
});
