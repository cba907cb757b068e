import { nesting, randomPrograms } from '@tensorloom/testkit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkDerivatives, checkPlaced, checkRuns } from './random-program-laws.js';

const runs = { numRuns: 50, seed: 1 };

test('gradients of orders 1 and 2 of nested loops, branches and arrays are those of finite differences', () => {
  fc.assert(fc.property(randomPrograms(), checkDerivatives), runs);
});

test('nested programs and their gradients compute the same with passes and without, and on the CPU backend', () => {
  fc.assert(fc.property(randomPrograms(), checkRuns), runs);
});

test('nested programs and their gradients compute the same with their nodes strewn over three devices', () => {
  const places = fc.array(fc.constantFrom(undefined, 'a', 'b', 'c'), { minLength: 5, maxLength: 30 });
  fc.assert(fc.property(randomPrograms(), places, checkPlaced), runs);
});

test('the programs are nested up to depth 3, and hold every kind of control flow and array', () => {
  const programs = fc.sample(randomPrograms(), { ...runs, numRuns: 100 });
  const depths = programs.map(({ result }) => nesting(result));
  expect(Math.max(...depths)).toBe(3);
  expect(depths.filter((d) => d === 3).length).toBeGreaterThan(20);
  const text = programs.map(({ result }) => JSON.stringify(result)).join('\n');
  for (const kind of [
    ...['cond', 'switch', 'while', 'scan', 'scanPairs', 'scanFirst', 'foldl', 'foldr', 'map', 'gradient'],
    ...['array', 'read'],
  ]) {
    expect(text).toContain(`"kind":"${kind}"`);
  }
});
