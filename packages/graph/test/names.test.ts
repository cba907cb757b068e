import { constant, matmul, nameScope, resetDefaultGraph, variableScope, getVariable, zeros } from '@tensorloom/graph';
import { beforeEach, expect, test } from 'vitest';
import { Names } from '../src/names.js';

beforeEach(() => resetDefaultGraph());

test('names are made unique as TensorFlow makes them, whatever their case', () => {
  const names = new Names();
  expect(['MatMul', 'MatMul', 'matmul', 'x', 'MatMul_1'].map((n) => names.unique(n))).toEqual([
    'MatMul',
    'MatMul_1',
    'matmul_2',
    'x',
    'MatMul_1_1',
  ]);
});

test('scopes nest and are made unique; a trailing slash enters one again, an empty name the top', () => {
  const names = new Names();
  const seen: string[] = [];
  const note = (): void => void seen.push(names.unique('op'));
  names.within('a', () => {
    note();
    names.within('b', note);
    names.within('', note);
  });
  names.within('a', note);
  names.within('a/', note);
  expect(seen).toEqual(['a/op', 'a/b/op', 'op', 'a_1/op', 'a/op_1']);
});

test('ops and variables are named by their scopes', () => {
  const x = constant([[1]]);
  const inner = nameScope('layer', () => matmul(x, x));
  const v = variableScope('outer', () => variableScope('inner', () => getVariable('w', [1, 1])));
  expect([x.name, inner.name, v.name, v.initializer.name]).toEqual([
    'Const:0',
    'layer/MatMul:0',
    'outer/inner/w:0',
    'outer/inner/w/Assign',
  ]);
  expect(zeros([2]).op.name).toBe('zeros');
});

test('illegal names are refused', () => {
  expect(() => nameScope('a b', () => 0)).toThrow("'a b' is not a legal name");
  expect(() => nameScope('_x', () => 0)).toThrow(/not a legal name/);
});
