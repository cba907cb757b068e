import { gradients } from '@tensorloom/autodiff';
import {
  type Edge,
  type LoopAttrs,
  type Node,
  type Tensor,
  cond,
  constant,
  customGradient,
  loop,
  neededNodes,
  placeholder,
  reduceSum,
  resetDefaultGraph,
  whileLoop,
} from '@tensorloom/graph';
import { beforeEach, describe, expect, test } from 'vitest';
import { copiesOf, isCond, isLoop, merge } from '../../src/lower/merge.js';
import { lower } from '../../src/lower/lower.js';
import { printProgram } from '../../src/lower/print-program.js';
import { present, runProgram } from '../support.js';

beforeEach(() => resetDefaultGraph());

const count = (): Tensor => constant(0, { dtype: 'int32' });
const repeated = (x: Tensor, w: Tensor): Tensor =>
  whileLoop(
    (i) => i.less(3),
    (i, y) => [i.add(1), y.mul(w).tanh()],
    [count(), x],
  )[1];

/** The groups of copies among what these need, by name. */
function groups(...fetches: readonly Tensor[]): string[][] {
  const copies = copiesOf(neededNodes(fetches));
  return [...new Set(copies.values())].map((group) => group.map((n) => n.name));
}

describe('copiesOf', () => {
  test('finds the copies that gradients made of a loop, and no other loop', () => {
    const [x, w] = [constant([1, 2]), constant([3, 4])];
    const [r, other] = [repeated(x, w), repeated(x, w)];
    const [d] = gradients(reduceSum(r.mul(other)), w);
    expect(groups(r, present(d))).toEqual([
      ['while/while', 'gradients/forward_1'],
      ['while_1/while', 'gradients/forward'],
      ['gradients/backward'],
      ['gradients/backward_1'],
    ]);
  });

  test('keeps applications to other inputs apart', () => {
    const [x, w] = [constant([1, 2]), constant([3, 4])];
    const r = repeated(x, w);
    const node = present(neededNodes([r]).find(isLoop));
    const again = loop(node.attrs, [...node.inputs.slice(0, -1), constant([5, 6])]);
    expect(groups(r, again.output(1))).toEqual([['while/while'], ['while_1']]);
  });
});

describe('merge', () => {
  const mergedFrom = (used: readonly Edge[], ...copies: readonly Node[]) => present(merge(copies, new Set(used)));
  const wide = (n: Node<LoopAttrs>, ...saved: Edge[]): Node<LoopAttrs> =>
    loop({ ...n.attrs, saved, widens: n }, n.inputs);

  test('leaves every other node alone', () => {
    expect(merge([constant(1).op], new Set())).toBeNull();
  });

  test('saves the union of what copies of a loop save and anybody uses', () => {
    const first = present(neededNodes([repeated(constant([1, 2]), constant([3, 4]))]).find(isLoop));
    const { body } = first.attrs;
    const [i, y] = body.outputs;
    const product = y.op.inputs[0];
    const [a, b] = [wide(first, y, product), wide(first, product, i)];
    const { index, bodies } = mergedFrom([...a.outputs.slice(2, 4), b.outputs[2]], first, a, b);
    expect(bodies[0].outputs).toEqual([i, y, y, product]);
    const at = (n: Node): (number | undefined)[] => n.outputs.map((o) => index.get(o));
    expect([first, a, b].map(at)).toEqual([
      [0, 1, 4],
      [0, 1, 2, 3, 4],
      [0, 1, 3, undefined, 4],
    ]);
  });

  test('saves the union of what copies of a branch save', () => {
    const x = placeholder('float32', [2]);
    const r = cond(
      reduceSum(x).greater(0),
      () => x.tanh().exp(),
      () => x.exp(),
    );
    const [d] = gradients(r, x);
    const conds = neededNodes([r, present(d)], new Set([x])).filter(isCond);
    const copies = conds.slice(0, 2);
    expect(copies.map((c) => c.outputs.length)).toEqual([1, 4]);
    const { index, bodies } = mergedFrom([], ...copies);
    expect(bodies.map((b) => b.outputs.length)).toEqual([3, 2]);
    expect(copies.map((c) => c.outputs.map((o) => index.get(o)))).toEqual([[0], [0, 1, 2, 3]]);
  });
});

test('two gradients of one loop leave one forward loop, which saves what either reads', () => {
  const x = placeholder('float32', [2], { name: 'x' });
  const w = placeholder('float32', [2], { name: 'w' });
  const r = repeated(x, w);
  const fetches = [r, present(gradients(r, w)[0]), present(gradients(reduceSum(r.mul(r)), x)[0])];
  const text = printProgram(lower(fetches, [], [x, w]));
  expect(text.match(/= loop (?!reverse).*/g)).toMatchInlineSnapshot(`
    [
      "= loop consts(%2) carry(@3, %4) xs()  # while/while",
    ]
  `);
  expect(text.match(/= loop reverse.*/g)).toHaveLength(2);
});

test('a gradient that is built twice from one traced function keeps its loops apart', () => {
  // The gradient of `f` is a loop over dy; both uses of `f` copy it from one trace, with another dy each.
  const f = customGradient((x) => [x.mul(1), (dy) => present(gradients(repeated(dy, constant([1, 1])), dy)[0])]);
  const x = constant([0.3, 0.7]);
  const y = f(x);
  const [once] = gradients(y, x, { gradYs: constant([1, 1]) });
  const [twice] = gradients(y, x, { gradYs: constant([-2, 0]) });
  const run = (...fetches: Tensor[]): unknown[] => runProgram(lower(fetches, [], [])).map((v) => v.toArray());
  expect(run(present(once), present(twice))).toEqual([...run(present(once)), ...run(present(twice))]);
});
