import { AdagradOptimizer } from '@tensorloom/train';
import { expect, test } from 'vitest';
import golden from '../../testkit/golden/optimizers.json' with { type: 'json' };
import { expectSteps } from './support.js';

const { adagrad, adagradFromOne } = golden.cases;

test("TensorFlow's steps, slots and names", () => {
  expectSteps(adagrad, () => new AdagradOptimizer(adagrad.float32.options));
  expectSteps(adagradFromOne, () => new AdagradOptimizer(adagradFromOne.float32.options));
});

test('sums of squares start above 0', () => {
  const at = (initialAccumulatorValue: number) => () =>
    new AdagradOptimizer({ learningRate: 1, initialAccumulatorValue });
  expect(at(0)).toThrow('Adagrad: initialAccumulatorValue is 0, expected a number above 0.');
  expect(at(NaN)).toThrow(RangeError);
});
