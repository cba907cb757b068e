import {
  constantInitializer,
  getVariable,
  globalVariables,
  resetDefaultGraph,
  trainableVariables,
  variable,
  variableScope,
  uniqueScope,
  withGraph,
  Graph,
} from '@tensorloom/graph';
import { beforeEach, expect, test } from 'vitest';

beforeEach(() => resetDefaultGraph());

test('reuse finds, auto finds or makes, neither shares by accident', () => {
  const made = variableScope('s', () => getVariable('v', [2]));
  expect(variableScope('s', { reuse: true }, () => getVariable('v', [2]))).toBe(made);
  expect(variableScope('s', { reuse: 'auto' }, () => getVariable('v'))).toBe(made);
  expect(variableScope('s', { reuse: 'auto' }, () => getVariable('w', [2])).name).toBe('s/w:0');
  expect(() => variableScope('s', () => getVariable('v', [2]))).toThrow(/^getVariable: variable 's\/v' exists already/);
  expect(() => variableScope('t', { reuse: true }, () => getVariable('v', [2]))).toThrow(
    /^getVariable: variable 't\/v' does not exist, and the scope only reuses\./,
  );
});

test('a reused variable must have the shape and dtype asked for', () => {
  variableScope('s', () => getVariable('v', [2]));
  expect(() => variableScope('s', { reuse: true }, () => getVariable('v', [3]))).toThrow(
    /has shape \[2\], asked for \[3\]/,
  );
  expect(() => variableScope('s', { reuse: true }, () => getVariable('v', [2], { dtype: 'float64' }))).toThrow(
    /is float32, asked for float64/,
  );
});

test("a scope's initializer reaches the scopes inside it", () => {
  const initializer = constantInitializer(3);
  const v = variableScope('a', { initializer }, () => variableScope('b', () => getVariable('v', [2])));
  expect(v.initialValue.op.op.name).toBe('Fill');
});

test('variables are listed in the order they were made', () => {
  variable([1, 2], { name: 'a' });
  variable(1, { name: 'b', trainable: false });
  expect(globalVariables().map((v) => v.op)).toEqual(['a', 'b']);
  expect(trainableVariables().map((v) => v.op)).toEqual(['a']);
});

test('a unique scope counts for each name, variable scope and graph', () => {
  expect([uniqueScope('dense'), uniqueScope('dense'), uniqueScope('other')]).toEqual(['dense', 'dense_1', 'other']);
  expect(variableScope('a', () => [uniqueScope('dense'), uniqueScope('dense')])).toEqual(['dense', 'dense_1']);
  expect(withGraph(new Graph(), () => uniqueScope('dense'))).toBe('dense');
  expect(uniqueScope('dense')).toBe('dense_2');
});

test('a scope that is entered again gives unique scopes from the start, so that reuse finds their variables', () => {
  const weights = (): string[] =>
    ['dense', 'dense'].map((base) => variableScope(uniqueScope(base), () => getVariable('v', [2]).op));
  const build = (): string[] => variableScope('inner', weights);
  const names = variableScope('outer', build);
  expect(names).toEqual(['outer/inner/dense/v', 'outer/inner/dense_1/v']);
  expect(variableScope('outer', { reuse: true }, build)).toEqual(names);
  expect(() => variableScope('outer', build)).toThrow(/'outer\/inner\/dense\/v' exists already/);
  expect(variableScope('outer', { reuse: true }, () => [...build(), uniqueScope('outer')])).toContain('outer');
});
