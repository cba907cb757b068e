import { constant, isTensor, resetDefaultGraph, variable } from '@tensorloom/graph';
import { beforeEach, expect, test } from 'vitest';
import { inputTensors } from '../../src/drivers/cell-inputs.js';

beforeEach(() => resetDefaultGraph());

test('what becomes one tensor is one input', () => {
  const one = inputTensors('driver', [[1, 2]]);
  expect(one.tensors.map((t) => t.shape)).toEqual([[1, 2]]);
  expect(one.pack([constant(7)])).toBeInstanceOf(Object);
  expect(isTensor(one.pack([constant(7)]))).toBe(true);
  expect(inputTensors('driver', variable([1])).tensors[0].shape).toEqual([1]);
});

test('tensors in arrays or objects are a structure of inputs', () => {
  const [a, b, c] = [constant(1), constant(2), constant(3)];
  const nest = inputTensors('driver', { pair: [a, b] as const, c });
  expect(nest.tensors).toEqual([c, a, b]);
  expect(nest.pack([a, b, c])).toEqual({ pair: [b, c], c: a });
});
