import {
  type Tensor,
  reduce,
  reduceMax,
  reduceMean,
  reduceMin,
  reduceProd,
  reduceSum,
  resetDefaultGraph,
} from '@tensorloom/graph';
import { checkGradients, ndarrays } from '@tensorloom/testkit';
import fc from 'fast-check';
import { beforeEach, describe, test } from 'vitest';
import { walkRules } from './walk.js';

beforeEach(() => resetDefaultGraph());

describe('the family', () => walkRules(reduce));

const reductions = { reduceSum, reduceMean, reduceMax, reduceMin, reduceProd };
const axes: (number | number[] | undefined)[] = [undefined, 0, -1, [0, 2]];

describe.each(Object.entries(reductions))('%s, orders 1 and 2', (_, reduction) => {
  test.each(axes)('over %j', (axis) => {
    fc.assert(
      fc.property(
        ndarrays('float64', [2, 2, 3], { distinct: true, awayFrom: [0] }),
        fc.boolean(),
        fc.boolean(),
        fc.nat(1000),
        (x, keepdims, known, seed) => {
          checkGradients({
            inputs: [x],
            shapes: [known ? [2, 2, 3] : [null, 2, null]],
            order: 2,
            seed,
            build: ([t]) => reduction(t, axis, { keepdims }).square(),
          });
        },
      ),
      { numRuns: 4 },
    );
  });
});

test('a product with one zero gives it the product of the others', () => {
  checkGradients({ inputs: [Float64Array.of(2, 0, 3)], build: ([x]): Tensor => reduceProd(x) });
});
