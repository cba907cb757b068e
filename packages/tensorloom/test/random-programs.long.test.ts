import { randomPrograms } from '@tensorloom/testkit';
import fc from 'fast-check';
import { test } from 'vitest';
import { checkDerivatives, checkRuns } from './random-program-laws.js';

const runs = { numRuns: 1000, seed: 2 };

test('gradients of orders 1 and 2 of nested loops, branches and arrays are those of finite differences', () => {
  fc.assert(fc.property(randomPrograms(), checkDerivatives), runs);
});

test('nested programs and their gradients compute the same with passes and without, and on the CPU backend', () => {
  fc.assert(fc.property(randomPrograms(), checkRuns), { ...runs, numRuns: 300 });
});
