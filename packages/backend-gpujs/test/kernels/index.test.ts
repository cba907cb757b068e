import { hostKernels } from '@tensorloom/runtime';
import { samplers } from '@tensorloom/testkit';
import { expect, test } from 'vitest';
import { kernelsFor, rules } from '../../src/kernels/index.js';
import { handlesOf } from '../support.js';

test('every op has a kernel, and every rule is of an op that the host computes too', () => {
  const kernels = kernelsFor(handlesOf());
  expect([...samplers.keys()].filter((op) => !kernels.has(op))).toEqual([]);
  expect([...rules.keys()].filter((op) => !hostKernels.has(op))).toEqual([]);
});
