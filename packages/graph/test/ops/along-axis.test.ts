import { beforeEach, describe, expect, test } from 'vitest';
import { argMax, argMin, cumsum, placeholder, resetDefaultGraph, reverseSequence, topK } from '../../src/index.js';
import { messageFrom, specs, x } from '../support.js';

beforeEach(() => resetDefaultGraph());

test('argMax and argMin drop an axis and give int32', () => {
  expect(specs(argMax(x([2, null, 3])), argMin(x([2, 3], 'int32'), -1), argMax(x([2, 3]), { axis: 1 }))).toEqual([
    'int32[?,3]',
    'int32[2]',
    'int32[2]',
  ]);
  expect(x([4]).argMax().dtype).toBe('int32');
  expect(messageFrom(() => argMax(x([0, 3])))).toMatch(
    /^ArgMax: axis 0 of \[0,3\] is empty, expected an element to choose/,
  );
  expect(messageFrom(() => argMin(x([3], 'bool')))).toMatch(/^ArgMin: expected numeric operands, got bool\[3\]/);
});

test('cumsum keeps the shape', () => {
  expect(specs(cumsum(x([2, null])), cumsum(x([2, 3], 'int32'), 1, { exclusive: true }))).toEqual([
    'float32[2,?]',
    'int32[2,3]',
  ]);
  expect(messageFrom(() => cumsum(x([2]), 1))).toMatch(/^Cumsum: axis 1 is out of range/);
});

describe('topK', () => {
  test('gives values and where they are', () => {
    expect(specs(...topK(x([2, 5]), 3))).toEqual(['float32[2,3]', 'int32[2,3]']);
    expect(specs(...topK(x([null, 5])))).toEqual(['float32[?,1]', 'int32[?,1]']);
    expect(specs(...topK(x([2, 5]), placeholder('int32', [])))).toEqual(['float32[2,?]', 'int32[2,?]']);
  });

  test('what does not fit', () => {
    expect(messageFrom(() => topK(x([2, 5]), 6))).toMatch(/^TopKV2: the 6 largest of rows of 5 length/);
    expect(messageFrom(() => topK(x([])))).toMatch(/^TopKV2: expected rows, got a scalar/);
  });
});

describe('reverseSequence', () => {
  const lengths = (n: number | null) => placeholder('int32', [n]);

  test('keeps the shape', () => {
    expect(specs(reverseSequence(x([2, null]), lengths(2), { seqAxis: 1 }))).toEqual(['float32[2,?]']);
  });

  test('what does not fit', () => {
    expect(messageFrom(() => reverseSequence(x([2, 4]), lengths(3), { seqAxis: 1 }))).toMatch(
      /^ReverseSequence: expected int32 lengths, one for each entry of axis 0 of float32\[2,4\], got int32\[3\]/,
    );
    expect(messageFrom(() => reverseSequence(x([2, 4]), lengths(2), { seqAxis: 0 }))).toMatch(
      /both 0, expected two axes/,
    );
    expect(messageFrom(() => reverseSequence(x([2]), lengths(2), { seqAxis: 0 }))).toMatch(/expected two axes or more/);
  });
});
