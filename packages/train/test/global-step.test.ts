import {
  Graph,
  constant,
  globalVariables,
  resetDefaultGraph,
  variable,
  variableScope,
  withGraph,
} from '@tensorloom/graph';
import { createGlobalStep, getGlobalStep, getOrCreateGlobalStep } from '@tensorloom/train';
import { beforeEach, expect, test } from 'vitest';

beforeEach(() => resetDefaultGraph());

test('an int32 scalar at the top, not trainable', () => {
  expect(getGlobalStep()).toBeNull();
  const step = variableScope('model', () => createGlobalStep());
  expect([step.name, step.dtype, step.shape, step.trainable]).toEqual(['global_step:0', 'int32', [], false]);
  expect(getGlobalStep()).toBe(step);
  expect(getOrCreateGlobalStep()).toBe(step);
  expect(globalVariables()).toEqual([step]);
});

test('each graph has its own', () => {
  const other = new Graph();
  const step = getOrCreateGlobalStep();
  const its = getOrCreateGlobalStep({ graph: other });
  expect(its).not.toBe(step);
  expect(its.graph).toBe(other);
  expect(withGraph(other, () => getGlobalStep())).toBe(its);
});

test('a second one is an error', () => {
  createGlobalStep();
  expect(() => createGlobalStep()).toThrow(
    "global step: variable 'global_step:0' exists already. Use getGlobalStep() or getOrCreateGlobalStep().",
  );
});

test('a variable of that name that cannot count is an error', () => {
  variable(constant([0, 1]), { name: 'global_step' });
  expect(() => getOrCreateGlobalStep()).toThrow("'global_step:0' is float32[2], expected int32[].");
});
