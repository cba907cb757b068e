import { beforeEach, describe, expect, test } from 'vitest';
import { einsum, resetDefaultGraph } from '../../src/index.js';
import { messageFrom, specs, x } from '../support.js';

beforeEach(() => resetDefaultGraph());

describe('einsum', () => {
  test('names axes by letters', () => {
    expect(specs(einsum('bij,bjk->bik', x([null, 2, 3]), x([null, 3, 4])))).toEqual(['float32[?,2,4]']);
    expect(specs(einsum('ij , jk', x([2, 3]), x([3, 4])), einsum('ij->', x([2, 3])))).toEqual([
      'float32[2,4]',
      'float32[]',
    ]);
    expect(specs(einsum('ab,bc,cd,de->ae', x([2, 3]), x([3, 4]), x([4, 5]), x([5, 6])))).toEqual(['float32[2,6]']);
  });

  test.each([
    ['ij,jk->ik', 1, /^Einsum: expected 2 operands, got 1, in 'ij,jk->ik'/],
    ['ii->i', 1, /^Einsum: a letter occurs twice in 'ii'/],
    ['ij->ijj', 1, /^Einsum: a letter occurs twice in 'ijj'/],
    ['ij->k', 1, /^Einsum: the result has 'k', which no operand has/],
    ['...j->j', 1, /^Einsum: expected letters, commas and one arrow, and no ellipsis/],
    ['ijk->i', 1, /^Einsum: operand 0 has 2 axes, expected 3 for 'ijk'/],
  ])('%s of %d operands', (equation, n, message) => {
    expect(messageFrom(() => einsum(equation, ...Array.from({ length: n }, () => x([2, 2]))))).toMatch(message);
  });
});
