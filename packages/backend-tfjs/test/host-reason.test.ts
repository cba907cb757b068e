import { create, elementwise, indexing, matrix, mixed, shape } from '@tensorloom/graph';
import { expect, test } from 'vitest';
import { dtypeOf, hostReason } from '../src/host-reason.js';

const f = { dtype: 'float32', shape: [] } as const;
const n = { dtype: 'int32', shape: [] } as const;

test('floats stay on the engine, but for ops that tfjs does not have', () => {
  expect(hostReason('webgl', elementwise.add, 'float32')).toBeUndefined();
  expect(hostReason('cpu', matrix.orthonormalize, 'float32')).toBe('tfjs has no kernel for it');
});

test('integers stay on an engine that moves them as they are, for ops that only move them', () => {
  expect(hostReason('wasm', shape.transpose, 'int32')).toBeUndefined();
  expect(hostReason('webgpu', shape.transpose, 'int32')).toMatch(/moves integers as floats/);
  expect(hostReason('wasm', elementwise.add, 'int32')).toBe('engines do not compute integers exactly');
  expect(hostReason('webgl', mixed.cast, 'int32')).toBeUndefined();
});

test('what an op computes with is its first device input, another where that only chooses, or its attribute', () => {
  expect(dtypeOf(elementwise.add, [n, n], {})).toBe('int32');
  expect(dtypeOf(mixed.select, [{ dtype: 'bool', shape: [] }, f, f], {})).toBe('float32');
  expect(dtypeOf(create.oneHot, [n, f, f], {})).toBe('float32');
  expect(dtypeOf(indexing.scatterNd, [n, f], {})).toBe('float32');
  expect(dtypeOf(create.range, [], { dtype: 'int32' })).toBe('int32');
});
