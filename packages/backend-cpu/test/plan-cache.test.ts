import type { DType } from '@tensorloom/graph';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PlanCache } from '../src/plan-cache.js';
import { shapes } from './support.js';

const operand = fc.record({
  dtype: fc.constantFrom<DType>('float32', 'float64', 'int32', 'bool'),
  shape: shapes(3, 3),
});
const key = fc.tuple(fc.array(operand, { maxLength: 2 }), fc.array(fc.integer({ min: -1, max: 2 }), { maxLength: 2 }));

describe('PlanCache', () => {
  it('finds the plan of equal dtypes, shapes and numbers, and no other', () => {
    fc.assert(
      fc.property(fc.array(key, { maxLength: 200 }), (keys) => {
        const cache = new PlanCache<string>();
        const model = new Map<string, string>();
        keys.forEach(([operands, more], i) => {
          const text = JSON.stringify([operands, more]);
          expect(cache.find(operands, more)).toBe(model.get(text));
          if (!model.has(text)) model.set(text, cache.add(operands, `plan ${i}`, more));
        });
      }),
    );
  });

  it('starts anew past its limit', () => {
    const cache = new PlanCache<number>(3);
    const at = (n: number): { dtype: DType; shape: number[] }[] => [{ dtype: 'float32', shape: [n] }];
    for (let n = 0; n < 4; n++) cache.add(at(n), n);
    expect([0, 1, 2, 3].map((n) => cache.find(at(n)))).toEqual([undefined, undefined, undefined, 3]);
  });
});
