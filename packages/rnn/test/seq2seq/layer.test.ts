import { constant, constantInitializer, resetDefaultGraph } from '@tensorloom/graph';
import { layers } from '@tensorloom/nn';
import { beforeEach, expect, test } from 'vitest';
import { applyLayer, isLayer } from '../../src/seq2seq/layer.js';
import { run } from './support.js';

beforeEach(() => resetDefaultGraph());

test('an object, a function, or none', () => {
  const x = constant([[1, 2]]);
  const dense = new layers.Dense(1, { kernelInitializer: constantInitializer(3) });
  const got = run([
    applyLayer(dense, x),
    applyLayer((y) => y.add(1), x),
    applyLayer(null, x),
    applyLayer(undefined, x),
  ]);
  expect(got.map((t) => t.toArray())).toEqual([[[9]], [[2, 3]], [[1, 2]], [[1, 2]]]);
});

test('layers are told from options', () => {
  expect([new layers.Dense(1), () => constant(1), { outputLayer: null }].map((x) => isLayer(x))).toEqual([
    true,
    true,
    false,
  ]);
});
