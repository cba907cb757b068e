import {
  type Tensor,
  type TensorLike,
  constant,
  globalVariablesInitializer,
  placeholder,
  resetDefaultGraph,
  variable,
} from '@tensorloom/graph';
import { Session } from '@tensorloom/runtime';
import {
  GradientDescentOptimizer,
  cosineDecay,
  cosineDecayRestarts,
  createGlobalStep,
  exponentialDecay,
  inverseTimeDecay,
  linearCosineDecay,
  naturalExpDecay,
  piecewiseConstant,
  polynomialDecay,
} from '@tensorloom/train';
import { beforeEach, describe, expect, test } from 'vitest';
import golden from '../../testkit/golden/optimizers.json' with { type: 'json' };
import { backends, expectClose } from './support.js';

beforeEach(() => resetDefaultGraph());

/** The schedules, given the rate, the step, TensorFlow's further required arguments and its options. */
const schedules = {
  exponentialDecay,
  naturalExpDecay,
  inverseTimeDecay,
  polynomialDecay: (rate: TensorLike, step: TensorLike, steps: number, _: number, options: object) =>
    polynomialDecay(rate, step, steps, options),
  cosineDecay: (rate: TensorLike, step: TensorLike, steps: number, _: number, options: object) =>
    cosineDecay(rate, step, steps, options),
  cosineDecayRestarts: (rate: TensorLike, step: TensorLike, steps: number, _: number, options: object) =>
    cosineDecayRestarts(rate, step, steps, options),
  linearCosineDecay: (rate: TensorLike, step: TensorLike, steps: number, _: number, options: object) =>
    linearCosineDecay(rate, step, steps, options),
};

describe.each(backends)("TensorFlow's rates on $backend", ({ make }) => {
  const expectRates = (rate: Tensor, step: Tensor, steps: number[], want: number[]): void => {
    const session = new Session({ backend: make() });
    expectClose(
      steps.map((s) => session.runSync(rate, [[step, s]]).item()),
      want,
    );
    session.close();
  };

  test.each(Object.entries(schedules))('%s', (name, schedule) => {
    const cases = Object.entries(golden.schedules).find(([key]) => key === name)?.[1] ?? [];
    expect(cases.length).toBeGreaterThan(0);
    for (const { learningRate, args, options, steps, rates } of cases) {
      for (const dtype of ['float32', 'float64'] as const) {
        const step = placeholder('int32', []);
        const [decaySteps, decayRate] = args;
        const rate = schedule(constant(learningRate, { dtype }), step, decaySteps, decayRate, options);
        expect([rate.dtype, rate.shape]).toEqual([dtype, []]);
        expectRates(rate, step, steps, rates);
      }
    }
  });

  test('piecewiseConstant', () => {
    const { boundaries, values, steps, rates } = golden.piecewiseConstant;
    const step = placeholder('int32', []);
    expectRates(piecewiseConstant(step, boundaries, values), step, steps, rates);
  });
});

test('ops are in a scope of the name', () => {
  const step = createGlobalStep();
  expect(exponentialDecay(0.1, step, 10, 0.5).name).toMatch(/^ExponentialDecay\//);
  expect(cosineDecayRestarts(0.1, step, 10).name).toMatch(/^SGDRDecay\//);
  expect(polynomialDecay(0.1, step, 10, { name: 'rate' }).name).toMatch(/^rate\//);
});

test('a step sees the rate of the count it began with', () => {
  const v = variable(0, { name: 'v' });
  const globalStep = createGlobalStep();
  const learningRate = piecewiseConstant(globalStep, [1], [1, 10]);
  const trainingOp = new GradientDescentOptimizer({ learningRate }).applyGradients([[-1, v]], { globalStep });
  const session = new Session({ backend: backends[0].make() });
  session.runSync(globalVariablesInitializer());
  const seen = Array.from({ length: 4 }, () => {
    session.runSync(trainingOp);
    return session.runSync(v).item();
  });
  expect(seen).toEqual([1, 2, 12, 22]);
  session.close();
});

test('misuse is told', () => {
  const step = createGlobalStep();
  expect(() => exponentialDecay(0.1, step, 0, 0.5)).toThrow(
    'ExponentialDecay: decaySteps is 0, expected a number above 0.',
  );
  expect(() => piecewiseConstant(step, [1, 2], [0.1, 0.2])).toThrow(
    'PiecewiseConstant: expected one value more than boundaries, got 2 values and 2 boundaries.',
  );
  expect(() => piecewiseConstant(step, [5, 5], [1, 2, 3])).toThrow(
    'PiecewiseConstant: boundaries[1] is not above the one before',
  );
});
