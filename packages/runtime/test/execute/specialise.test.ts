import {
  type Edge,
  type Tensor,
  constant,
  loopOver,
  matmul,
  placeholder,
  randomUniform,
  resetDefaultGraph,
  reduceSum,
  reshape,
  scan,
  shapeOf,
  where,
  whileLoop,
  zeros,
} from '@tensorloom/graph';
import { beforeEach, describe, expect, test } from 'vitest';
import { type Given, sameElements, specialise } from '../../src/execute/specialise.js';
import { lower } from '../../src/lower/lower.js';
import type { LoopStep } from '../../src/lower/program.js';

beforeEach(() => resetDefaultGraph());

/** The loop that computes some tensors. */
function loopOf(fetches: readonly Edge[], feeds: readonly Tensor[]): LoopStep {
  const found = lower(fetches, [], feeds).steps.find((s) => s.kind === 'loop');
  if (found === undefined) throw new Error('there is no loop');
  return found;
}

const float = (...of: number[]): Given => ({ dtype: 'float32', shape: of });

/** h' = f(h, row) over rows of a sequence, from h of shape [batch, 3]. */
function scanned(f: (h: Tensor, row: Tensor) => Tensor): LoopStep {
  const [x, h] = [placeholder('float32', [null, null, 3]), placeholder('float32', [null, 3])];
  const { carry, ys } = loopOver(([s], [row]) => ({ carry: [f(s, row)], ys: [s] }), [h], [x]);
  return loopOf([...carry, ...ys], [x, h]);
}

describe('a loop for given shapes', () => {
  test('has values of those shapes, and one step for each op', () => {
    const step = scanned((h, row) => h.mul(2).add(row).tanh());
    const made = specialise(step, [float(5, 3), float(5, 3)]);
    expect(made?.loop.body.steps.map(({ op }) => op.name)).toEqual(['Mul', 'Add', 'Tanh']);
    expect(made?.loop.carry).toHaveLength(1);
    expect(made?.loop.xs).toHaveLength(1);
    expect(made?.loop.values.filter((v) => v.shape.join() === '5,3')).toHaveLength(5);
    expect(made?.elements).toEqual(new Set());
    expect(made?.loop.cond).toBeNull();
  });

  test('knows what host arithmetic gives', () => {
    const step = scanned((h, row) => reshape(h, shapeOf(h)).add(zeros([3]).add(row)));
    const made = specialise(step, [float(2, 3), float(2, 3)]);
    expect(made?.loop.body.steps.map(({ op }) => op.name)).not.toContain('Shape');
  });

  test('takes elements for constant only where shapes depend on them', () => {
    const [x, size, scale] = [placeholder('float32', [null, 4]), placeholder('int32', [2]), placeholder('int32', [])];
    const ys = scan<[Tensor, Tensor], Tensor>(([s], row) => [s.add(scale), reduceSum(reshape(row, size).mul(2))], x, {
      initializer: [constant(0, { dtype: 'int32' }), constant(0)],
    });
    const step = loopOf(ys, [x, size, scale]);
    const given = step.consts.map((_, i): Given => {
      const { spec } = step.body.slots[step.body.params[i].slot];
      const isSize = spec.kind === 'tensor' && spec.shape?.length === 1;
      const data = Int32Array.from(isSize ? [2, 2] : [7]);
      return { dtype: 'int32', shape: isSize ? [2] : [], value: { dtype: 'int32', shape: isSize ? [2] : [], data } };
    });
    const carry = step.carry.map((slot): Given => (slot === step.carry[0] ? { dtype: 'int32', shape: [] } : float()));
    const made = specialise(step, [...given, ...carry, float(4)]);
    const ofSize = given.findIndex((g) => g.shape.length === 1);
    expect([...(made?.elements ?? [])]).toEqual([ofSize]);
    expect(made?.loop.consts).toHaveLength(given.length - 1);
    expect(made?.loop.values.map((v) => v.shape.join())).toContain('2,2');
  });

  test('names what has to be drawn, as sequences after its own', () => {
    const step = scanned((h, row) => where(randomUniform([4, 3], { seed: 1 }).less(0.5), h, row));
    const made = specialise(step, [float(4, 3), float(4, 3)]);
    expect(made?.draws.map(({ op, inputs }) => [op.name, [...inputs[0].data]])).toEqual([['RandomUniform', [4, 3]]]);
    expect(made?.loop.xs).toHaveLength(2);
    expect(made?.loop.values[made.loop.xs[1]]).toEqual({ dtype: 'float32', shape: [4, 3] });
  });
});

describe('a loop is not static', () => {
  test('where its carry changes shape', () => {
    const x = placeholder('float32', [null, 2, 2]);
    const h = placeholder('float32', [null, 2]);
    const { carry } = loopOver(([s], [row]) => ({ carry: [matmul(s, row)], ys: [] }), [h], [x]);
    const step = loopOf(carry, [x, h]);
    expect(specialise(step, [float(3, 2), float(2, 2)])).toBeDefined();
    expect(specialise(step, [float(3, 2), float(2, 3)])).toBeUndefined();
  });

  test('where it would be refused', () => {
    const step = scanned((h, row) => h.add(row));
    expect(specialise(step, [float(4, 3), float(2, 3)])).toBeUndefined();
  });

  test('where it draws as often as a condition says', () => {
    const v = placeholder('float32', []);
    const [out] = whileLoop(
      (x) => x.less(9),
      (x) => [x.add(randomUniform([], { seed: 2 }))],
      [v],
    );
    expect(specialise(loopOf([out], [v]), [float()])).toBeUndefined();
  });
});

test('elements are the same to the bit, zeros by their signs', () => {
  const of = (...data: number[]): { dtype: 'float32'; shape: number[]; data: Float32Array } => ({
    dtype: 'float32',
    shape: [data.length],
    data: Float32Array.from(data),
  });
  expect(sameElements(of(1, NaN), of(1, NaN))).toBe(true);
  expect(sameElements(of(0), of(-0))).toBe(false);
  expect(sameElements(of(1), of(1, 2))).toBe(false);
});
