import { beforeEach, describe, expect, test } from 'vitest';
import {
  type Edge,
  List,
  type Shape,
  constant,
  listOf,
  listSpec,
  resetDefaultGraph,
  tensorSpec,
} from '../../src/index.js';
import {
  list,
  listAdd,
  listGet,
  listLength,
  listConcat,
  listLengths,
  listPick,
  listPlace,
  listPut,
  listReserve,
  listSplit,
  listStack,
  listUnstack,
  listZerosLike,
} from '../../src/ops/list.js';
import { apply1 } from '../../src/context.js';
import { int, messageFrom, specs, x } from '../support.js';

beforeEach(() => resetDefaultGraph());

const asList = (t: Edge): List => (t instanceof List ? t : expect.fail('a tensor'));
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
});

const sums = { adds: true, grows: true };
const nothing = listSpec('float32', [4]);

test('elements are put into lists, which keep their type', () => {
  const l = listReserve(nothing, int(3));
  expect([
    listPut(l, x([null]), int(1), sums).spec,
    listPick(l, constant([2, 0], { dtype: 'int32' }), true).spec,
    listPlace(l, rows([3, 4]), constant([2, 0], { dtype: 'int32' }), sums).spec,
  ]).toEqual([nothing, nothing, nothing]);
  expect(() => listPut(l, x([5]), int(0), sums)).toThrow(
    'ListPut: the list holds float32[4], got float32[5]. Give every element the dtype and shape of the list.',
  );
  expect(() => listPlace(l, rows([3, 5]), int(0), sums)).toThrow(
    'ListPlace: the list holds float32[4], got float32[5].',
  );
  expect(() => listPut(l, x([4], 'int32'), int(0), sums)).toThrow('got int32[4]');
});

test('a shape for what was never set says more of the result', () => {
  const l = rows([3, null]);
  const two = constant([2], { dtype: 'int32' });
  expect([listGet(l, int(0), two).spec, listStack(l, int(3), two).spec]).toEqual([
    tensorSpec('float32', [2]),
    tensorSpec('float32', [3, 2]),
  ]);
  expect(() => listGet(rows([3, 4]), int(0), two)).toThrow('ListGet: the list holds elements of shape [4], got [2].');
});

test('pieces of the first axis, and back', () => {
  const equal = listSplit(x([4, 2]), constant([2, 2], { dtype: 'int32' }));
  const unequal = listSplit(x([4, 2]), constant([3, 1], { dtype: 'int32' }), int(2));
  expect([equal.spec, unequal.spec]).toEqual([listSpec('float32', [2, 2]), listSpec('float32', [null, 2])]);
  expect(specs(listConcat(equal), listLengths(equal))).toEqual(['float32[?,2]', 'int32[?]']);
  expect(() => listSplit(x([]), constant([1], { dtype: 'int32' }))).toThrow(
    'ListSplit: expected a tensor of rank 1 or more, got a scalar.',
  );
  expect(() => listSplit(x([4]), int(4))).toThrow('ListSplit: expected lengths to be a vector, got int32[].');
  expect(() => listConcat(listReserve(listSpec('float32', []), int(2)))).toThrow(
    'ListConcat: expected elements of rank 1 or more, got scalars. Use stack().',
  );
});

describe('sums', () => {
  const put = (l: List, at: number): List => listPut(l, x([4]), int(at), sums);
  const inputs = (l: List): readonly Edge[] => l.op.inputs;

  test('nothing is added where one of them is zeros', () => {
    const [l, zeros] = [rows([3, 4]), listReserve(nothing, int(0))];
    expect([listAdd(l, zeros), listAdd(zeros, l)]).toEqual([l, l]);
  });

  test('what was added at an index is added at that index', () => {
    const [l, zeros] = [rows([3, 4]), listReserve(nothing, int(0))];
    const one = put(zeros, 1);
    for (const sum of [listAdd(l, one), listAdd(one, l)]) {
      expect([sum.op.op, inputs(sum)]).toEqual([list.put, [l, ...inputs(one).slice(1)]]);
    }
    const two = put(one, 2);
    const sum = listAdd(l, two);
    expect(inputs(sum).slice(1)).toEqual(inputs(two).slice(1));
    expect(inputs(asList(inputs(sum)[0]))).toEqual([l, ...inputs(one).slice(1)]);
  });

  test('what was there before is added as a whole', () => {
    const [a, b] = [rows([3, 4]), rows([5, 4])];
    const sum = listAdd(a, put(b, 1));
    const whole = asList(inputs(sum)[0]);
    expect([sum.op.op, whole.op.op, inputs(whole)]).toEqual([list.put, list.add, [a, b]]);
  });
});

test('lists of lists', () => {
  const nested = listPut(listReserve(listOf(rows([3, 2]).spec), int(3)), rows([3, 2]), int(1), sums);
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
    const deep = listUnstack(x([3, 2, 2]), int(3));
    expect(() => listAdd(rows([3, 2]), deep)).toThrow('differ.');
  });
});
