import { beforeEach, describe, expect, test } from 'vitest';
import { type List, type Shape, listOf, listSpec, resetDefaultGraph, tensorSpec } from '../../src/index.js';
import {
  list,
  listAdd,
  listGet,
  listLength,
  listSingle,
  listStack,
  listUnstack,
  listZerosLike,
} from '../../src/ops/list.js';
import { apply1 } from '../../src/context.js';
import { int, messageFrom, specs, x } from '../support.js';

beforeEach(() => resetDefaultGraph());

const rows = (shape: Shape): List => listUnstack(x(shape), int(3));

test('a tensor becomes a list of its rows, and back', () => {
  expect([rows([3, 2]).spec, rows([null, 2]).spec, rows(undefined).spec]).toEqual([
    listSpec('float32', [2]),
    listSpec('float32', [2]),
    listSpec('float32', undefined),
  ]);
  expect(
    specs(listStack(rows([3, 2]), int(5)), listStack(rows([3, 2]), x([], 'int32')), listStack(rows(undefined), int(5))),
  ).toEqual(['float32[5,2]', 'float32[?,2]', 'float32[...]']);
});

test('elements', () => {
  const l = rows([3, 2]);
  expect([listGet(l, int(0)).spec, ...specs(listLength(l))]).toEqual([tensorSpec('float32', [2]), 'int32[]']);
  expect(listZerosLike(l).spec).toEqual(l.spec);
  expect(listSingle(x([4]), int(1), int(3)).spec).toEqual(listSpec('float32', [4]));
});

test('lists of lists', () => {
  const nested = listSingle(rows([3, 2]), int(1), int(3));
  expect(nested.spec).toEqual(listOf(rows([3, 2]).spec));
  expect([listGet(nested, int(0)).spec, listZerosLike(nested).spec, listAdd(nested, nested).spec]).toEqual([
    rows([3, 2]).spec,
    nested.spec,
    nested.spec,
  ]);
  expect(messageFrom(() => listStack(nested, int(3)))).toMatch(
    /^ListStack: expected a list of tensors, got list<list<float32\[2\]>>\./,
  );
});

describe('what does not fit', () => {
  test('tensors where lists belong, and the other way round', () => {
    expect(messageFrom(() => apply1(list.length, [x([2])], {}))).toBe(
      'ListLength: expected a list, got a tensor.\n' +
        "  node:    'ListLength' = ListLength(x:0 float32[2])\n" +
        '  made at: list.test.ts:LINE',
    );
    expect(() => apply1(list.unstack, [rows([3, 2]), int(2)], {})).toThrow(
      'ListUnstack: expected a tensor, got a list. Stack the list first.',
    );
    expect(() => listUnstack(x([]), int(2))).toThrow('ListUnstack: expected a tensor of rank 1 or more, got a scalar.');
  });

  test('sums of lists that differ', () => {
    expect(listAdd(rows([3, 2]), rows(undefined)).spec).toEqual(listSpec('float32', [2]));
    expect(() => listAdd(rows([3, 2]), rows([3, 4]))).toThrow('ListAdd: list<float32[2]> and list<float32[4]> differ.');
    expect(() => listAdd(rows([3, 2]), listSingle(rows([3, 2]), int(0), int(1)))).toThrow('differ.');
  });
});
