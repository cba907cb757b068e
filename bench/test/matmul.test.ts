import { expect, test } from 'vitest';
import { rateOf, showProduct } from '../src/matmul.js';

test('gigaflops: the slow quarter is the low one', () => {
  expect(rateOf([1, 2, 4, 5], 8e6)).toEqual({ median: 2, low: 1.6, high: 4 });
});

test('a product is named by its sizes', () => {
  expect(showProduct({ rows: 2, inner: 3, columns: 4 })).toBe('2 x 3 x 4');
  expect(showProduct({ rows: 2, inner: 3, columns: 4, transposed: true })).toBe('2 x 3 x 4, left transposed');
});
