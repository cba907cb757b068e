import { Graph, resetDefaultGraph, variableScope, withGraph } from '@tensorloom/graph';
import { beforeEach, expect, test } from 'vitest';
import { uniqueScope } from '../src/unique-scope.js';

beforeEach(() => resetDefaultGraph());

test('counts for each name, variable scope and graph', () => {
  expect([uniqueScope('dense'), uniqueScope('dense'), uniqueScope('other')]).toEqual(['dense', 'dense_1', 'other']);
  expect(variableScope('a', () => [uniqueScope('dense'), uniqueScope('dense')])).toEqual(['dense', 'dense_1']);
  expect(withGraph(new Graph(), () => uniqueScope('dense'))).toBe('dense');
  expect(uniqueScope('dense')).toBe('dense_2');
});
