import { beforeEach, describe, expect, test } from 'vitest';
import { resetDefaultGraph, tensordot } from '../../src/index.js';
import { messageFrom, specs, x } from '../support.js';

beforeEach(() => resetDefaultGraph());

describe('tensordot', () => {
  test('keeps the axes that are not summed over, also of unknown length', () => {
    expect(specs(tensordot(x([2, null, 4]), x([4, 5]), 1), tensordot(x([2, 3]), x([3, 2]), [[0], [1]]))).toEqual([
      'float32[2,?,5]',
      'float32[3,3]',
    ]);
    expect(specs(tensordot(x([2, 3]), x([2, 3]), 2), tensordot(x([2, 3]), x([3, 4]), [1, 0]))).toEqual([
      'float32[]',
      'float32[2,4]',
    ]);
  });

  test('what does not fit', () => {
    expect(messageFrom(() => tensordot(x([2, 3]), x([3, 2]), [[0, 1], [0]]))).toMatch(
      /^Tensordot: 2 axes of a and 1 of b, expected pairs/,
    );
    expect(messageFrom(() => tensordot(x([2, 3]), x([4, 2]), 1))).toMatch(/^MatMul: inner dimensions differ/);
  });
});
