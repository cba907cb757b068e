import { reference } from '@tensorloom/backend-reference';
import { constant, globalVariablesInitializer, reduceSum, resetDefaultGraph, variable } from '@tensorloom/graph';
import { Session } from '@tensorloom/runtime';
import { AdamOptimizer, GradientDescentOptimizer } from '@tensorloom/train';
import { beforeEach, expect, test } from 'vitest';

beforeEach(() => resetDefaultGraph());

test('computeGradients pairs gradients with variables; applyGradients takes them changed', () => {
  const [a, b, c] = [variable(2, { name: 'a' }), variable(3, { name: 'b' }), variable(4, { name: 'c' })];
  const optimizer = new GradientDescentOptimizer({ learningRate: 1 });
  const pairs = optimizer.computeGradients(a.mul(b));
  expect(pairs.map(([g, v]) => [g === null, v.op])).toEqual([
    [false, 'a'],
    [false, 'b'],
    [true, 'c'],
  ]);
  const halved = pairs.map(([g, v]) => [g && g.mul(0.5), v] as const);
  const trainingOp = optimizer.applyGradients(halved);
  const session = new Session({ backend: reference() });
  session.runSync(globalVariablesInitializer());
  session.runSync(trainingOp);
  expect(session.runSync([a, b, c]).map((v) => v.item())).toEqual([0.5, 2, 4]);
  session.close();
});

test('varList leaves other variables alone', () => {
  const [a, b] = [variable(2, { name: 'a' }), variable(3, { name: 'b' })];
  const trainingOp = new AdamOptimizer({ learningRate: 0.1 }).minimize(a.mul(b), { varList: [b] });
  const session = new Session({ backend: reference() });
  session.runSync(globalVariablesInitializer());
  session.runSync(trainingOp);
  expect(session.runSync(a).item()).toBe(2);
  expect(session.runSync(b).item()).toBeCloseTo(2.9, 5);
  session.close();
});

test('updates read the values the step began with', () => {
  const [a, b] = [variable(1, { name: 'a' }), variable(2, { name: 'b' })];
  const trainingOp = new GradientDescentOptimizer({ learningRate: 1 }).minimize(a.mul(b));
  const session = new Session({ backend: reference() });
  session.runSync(globalVariablesInitializer());
  session.runSync(trainingOp);
  expect(session.runSync([a, b]).map((v) => v.item())).toEqual([-1, 1]);
  session.close();
});

test('a loss that no variable influences is an error with the line of the loss', () => {
  variable(2, { name: 'unused' });
  const loss = reduceSum(constant([1, 2]));
  expect(() => new GradientDescentOptimizer({ learningRate: 1 }).minimize(loss)).toThrow(
    /^GradientDescent: none of the variables \(unused:0\) influences the loss 'Sum:0'\. Check what the loss is computed from\.\n {2}node: .*\n {2}made at: .*optimizer\.test\.ts:\d+/,
  );
});
