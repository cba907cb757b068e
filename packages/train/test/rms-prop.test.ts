import { RMSPropOptimizer } from '@tensorloom/train';
import { test } from 'vitest';
import golden from '../../testkit/golden/optimizers.json' with { type: 'json' };
import { expectSteps } from './support.js';

const { rmsProp, rmsPropMomentum, rmsPropCentered } = golden.cases;

test("TensorFlow's steps, slots and names", () => {
  expectSteps(rmsProp, () => new RMSPropOptimizer(rmsProp.float32.options));
});

test("TensorFlow's steps with momentum and all other options", () => {
  expectSteps(rmsPropMomentum, () => new RMSPropOptimizer(rmsPropMomentum.float32.options));
});

test("TensorFlow's steps when centered; a slot more", () => {
  expectSteps(rmsPropCentered, () => new RMSPropOptimizer(rmsPropCentered.float32.options));
});
