import { gradients } from '@tensorloom/autodiff';
import {
  cast,
  create,
  fill,
  oneHot,
  placeholder,
  range,
  reduceSum,
  resetDefaultGraph,
  shapeOf,
  zerosLike,
} from '@tensorloom/graph';
import { checkGradients } from '@tensorloom/testkit';
import { beforeEach, describe, expect, test } from 'vitest';
import { walkRules } from './walk.js';

beforeEach(() => resetDefaultGraph());

describe('the family', () => walkRules(create, { without: ['oneHot'] }));

test('fill passes the sum of its gradient to its value, orders 1 and 2', () => {
  checkGradients({
    inputs: [{ shape: [], data: Float64Array.of(0.7) }],
    order: 2,
    build: ([x]) => fill([2, 3], x.sin()).square(),
  });
});

test('what is computed from shapes and indices has no gradient', () => {
  const x = placeholder('float32', [null, 2], { name: 'x' });
  const ys = [zerosLike(x), cast(shapeOf(x), 'float32'), cast(range(3), 'float32'), oneHot([1, 0], 3)];
  expect(ys.map((y) => gradients(reduceSum(y), x)[0])).toEqual([null, null, null, null]);
});
