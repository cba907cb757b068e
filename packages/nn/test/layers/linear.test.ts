import { NDArray, constant, globalVariables, placeholder, resetDefaultGraph, variable } from '@tensorloom/graph';
import { shapes } from '@tensorloom/testkit';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { checkUnits, lastAxisProduct, layerInput } from '../../src/layers/linear.js';
import { run } from '../support.js';

beforeEach(() => resetDefaultGraph());

test('the product is that of each vector along the last axis, whatever is known of the shape', () => {
  fc.assert(
    fc.property(
      shapes({ minRank: 2, maxLength: 3 }),
      fc.boolean(),
      fc.integer({ min: 1, max: 3 }),
      (shape, known, units) => {
        resetDefaultGraph();
        const depth = Math.max(1, shape[shape.length - 1]);
        const dims = [...shape.slice(0, -1), depth];
        const size = dims.reduce((a, b) => a * b, 1);
        const data = Float64Array.from({ length: size }, (_, i) => (i % 7) - 3);
        const weights = Float64Array.from({ length: depth * units }, (_, i) => (i % 5) - 2);
        const x = placeholder('float64', known ? dims : [...dims.slice(0, -1).map(() => null), depth]);
        const kernel = variable(constant(new NDArray('float64', [depth, units], weights)));
        const expected = Array.from({ length: (size / depth) * units }, (_, i) => {
          const [row, unit] = [Math.floor(i / units), i % units];
          return Array.from({ length: depth }, (__, k) => data[row * depth + k] * weights[k * units + unit]).reduce(
            (a, b) => a + b,
            0,
          );
        });
        const y = lastAxisProduct(x, kernel);
        expect(y.shape).toEqual(known ? [...dims.slice(0, -1), units] : [...dims.slice(0, -1).map(() => null), units]);
        expect(run([y], [[x, new NDArray('float64', dims, data)]])[0].map((v) => v + 0)).toEqual(
          expected.map((v) => v + 0),
        );
        expect(globalVariables()).toHaveLength(1);
      },
    ),
    { numRuns: 20 },
  );
});

test('inputs come with their depth', () => {
  const [x, depth] = layerInput('layer', [[1, 2, 3]]);
  expect([x.shape, depth]).toEqual([[1, 3], 3]);
  expect(() => layerInput('layer', 1)).toThrow('layer: expected inputs of rank 2 or more');
  expect(() => checkUnits('layer', 1.5)).toThrow('layer: expected a positive number of units, got 1.5.');
});
