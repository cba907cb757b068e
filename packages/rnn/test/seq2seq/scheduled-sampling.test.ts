import { constant, placeholder, resetDefaultGraph, toInts } from '@tensorloom/graph';
import { beforeEach, expect, test } from 'vitest';
import { sampledRows, samplingRate } from '../../src/seq2seq/scheduled-sampling.js';
import { run } from './support.js';

beforeEach(() => resetDefaultGraph());

test('rows are chosen as often as the rate says', () => {
  const rows = run(sampledRows(samplingRate('test', 0.3), toInts(4000, 'test'), 7)).data;
  expect(Array.from(rows).filter((chosen) => chosen === 1).length / 4000).toBeCloseTo(0.3, 1);
});

test('a rate is a scalar or a vector', () => {
  expect(samplingRate('test', constant([0.5, 1])).shape).toEqual([2]);
  expect(() => samplingRate('test', placeholder('float32', [1, 1]))).toThrow(/a scalar or \[batch\], got float32/);
});
