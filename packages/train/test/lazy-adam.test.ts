import { AdamOptimizer, LazyAdamOptimizer } from '@tensorloom/train';
import { expect, test } from 'vitest';
import golden from '../../testkit/golden/optimizers.json' with { type: 'json' };
import { expectSteps } from './support.js';

test('for dense gradients it is Adam, in numbers and names', () => {
  const { adam, adamOptions } = golden.cases;
  expectSteps(adam, () => new LazyAdamOptimizer());
  expectSteps(adamOptions, () => new LazyAdamOptimizer(adamOptions.float32.options));
  expect(new LazyAdamOptimizer()).toBeInstanceOf(AdamOptimizer);
});
