import {
  type Edge,
  type LoopAttrs,
  type Node,
  constant,
  control,
  print,
  randomUniform,
  resetDefaultGraph,
  whileLoop,
} from '@tensorloom/graph';
import { beforeEach, expect, test } from 'vitest';
import { drawn, draws } from '../src/drawn.js';

beforeEach(() => resetDefaultGraph());

const isLoop = (n: Node): n is Node<LoopAttrs> => n.op === control.loop;

/** The body of a loop that draws, prints, holds a loop that draws, and one that does not. */
function body() {
  const found: Record<string, Edge> = {};
  const inner = (draw: boolean) =>
    whileLoop(
      (x) => x.less(3),
      (x) => [draw ? x.add(randomUniform([])) : x.add(1)],
      [constant(0)],
    )[0];
  const [r] = whileLoop(
    (x) => x.less(9),
    (x) => {
      const noise = randomUniform([], { seed: 1 });
      const shown = print(x.mul(2), [x]);
      const [drawing, plain] = [inner(true), inner(false)];
      Object.assign(found, { noise, shown, drawing, plain });
      return [noise.mul(x).add(shown).add(drawing).add(plain)];
    },
    [constant(1)],
  );
  if (!isLoop(r.op)) throw new Error('expected a loop');
  return { found, body: r.op.attrs.body, loop: r.op };
}

test('what draws or acts outside the graph draws, and so do the loops that hold it', () => {
  const { found, loop } = body();
  expect(draws(found.noise.op)).toBe(true);
  expect(draws(found.drawing.op)).toBe(true);
  expect(draws(loop)).toBe(true);
  expect(draws(found.plain.op)).toBe(false);
  expect(draws(constant(1).add(2).op)).toBe(false);
});

test('a body keeps what it needs of such nodes, and nothing that those need', () => {
  const { found, body: b } = body();
  const kept = drawn(b, b.outputs);
  expect(new Set(kept)).toEqual(new Set([found.noise, found.shown, found.drawing]));
  expect(drawn(b, [found.plain])).toEqual([]);
  expect(drawn({ ...b, params: [...b.params, ...kept] }, b.outputs)).toEqual([]);
});
