import { createDifferentiate, createGradients, rules } from '@tensorloom/autodiff';
import { reference } from '@tensorloom/backend-reference';
import {
  type Tensor,
  cast,
  constant,
  elementwise,
  getVariable,
  less,
  matmul,
  maximum,
  mul,
  neg,
  reduceSum,
  square,
  stopGradient,
  sub,
  tanh,
  whileLoop,
} from '@tensorloom/graph';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { broadcastableShapes, ndarrays } from '../src/arbitraries.js';
import { checkGradients } from '../src/check-gradients.js';

/** Autodiff with another gradient for Tanh, given as a function of its output and the incoming gradient. */
const withTanhRule = (rule: ((y: Tensor, dy: Tensor) => Tensor) | null) =>
  createGradients(
    createDifferentiate(
      new Map([
        ...rules,
        [
          elementwise.tanh,
          rule === null ? null : (node, [dy]) => [dy?.kind === 'tensor' ? rule(node.output(), dy) : null],
        ],
      ]),
    ),
  );

const x = [
  [0.5, -1, 2],
  [0.25, 0.75, -0.5],
];

describe('checkGradients', () => {
  it('passes where the rules are right, orders 1 and 2, for operands that broadcast', () => {
    const operands = broadcastableShapes(2).chain(([a, b]) => fc.tuple(ndarrays('float64', a), ndarrays('float64', b)));
    fc.assert(
      fc.property(operands, (inputs) => {
        checkGradients({ build: ([a, b]) => tanh(mul(a, square(b))), inputs, order: 2 });
      }),
      { numRuns: 20 },
    );
  });

  it('passes through a loop whose trip count depends on the data', () => {
    const build = ([v]: Tensor[]): Tensor =>
      whileLoop(
        (y) => less(reduceSum(square(y)), 50),
        (y) => [mul(y, tanh(y).add(1.5))],
        [v],
      )[0];
    checkGradients({ build, inputs: [[0.3, 0.7]], order: 2 });
    checkGradients({ build, inputs: [[0.3, 0.7]], shapes: [[null]], order: 2 });
  });

  it('differentiates several outputs and leaves integer inputs alone', () => {
    const build = ([a, n]: Tensor[]): Tensor[] => [tanh(a), mul(a, cast(n, 'float64'))];
    checkGradients({ build, inputs: [x, Object.assign(Int32Array.of(2, 3, 4), { shape: [3] })], order: 2 });
  });

  it('checks the trainable variables that are made', () => {
    const build = ([a]: Tensor[]): Tensor => tanh(matmul(a, getVariable('w', [3, 2], { dtype: 'float64' })));
    checkGradients({ build, inputs: [x], order: 2 });
    const onlyVariable = { build: () => build([constant(x, { dtype: 'float64' })]), inputs: [] };
    expect(() => checkGradients(onlyVariable)).not.toThrow();
    expect(() => checkGradients({ ...onlyVariable, gradients: withTanhRule((_, dy) => dy) })).toThrow(
      /order 1, input 0 \(w:0\)/,
    );
  });

  it('fails on a rule that is wrong', () => {
    const check =
      (gradients: ReturnType<typeof withTanhRule>, order: 1 | 2 = 1) =>
      () =>
        checkGradients({ build: ([a]) => tanh(a), inputs: [x], gradients, order });
    expect(
      check(
        withTanhRule((y, dy) => mul(dy, sub(1, square(y)))),
        2,
      ),
    ).not.toThrow();
    expect(check(withTanhRule((y, dy) => neg(mul(dy, sub(1, square(y))))))).toThrow(
      /^checkGradients: order 1, input 0 \(input0:0\): expected -?[\d.]+ along a random direction \(central difference, eps 0.000001\), got -?[\d.]+\. .* Seed 1\.$/,
    );
    expect(check(withTanhRule((y, dy) => mul(dy, sub(1.01, square(y)))))).toThrow(/order 1, input 0/);
    expect(check(withTanhRule(null))).toThrow(/got 0\./);
  });

  it('fails at order 2 on a rule that is right but cannot be differentiated', () => {
    const gradients = withTanhRule((y, dy) => mul(dy, stopGradient(sub(1, square(y)))));
    const options = { build: ([a]: Tensor[]) => tanh(a), inputs: [x], gradients };
    expect(() => checkGradients(options)).not.toThrow();
    expect(() => checkGradients({ ...options, order: 2 })).toThrow(/order 2, input 0/);
  });

  it('fails on a gradient of another shape than its input', () => {
    const gradients = withTanhRule((y, dy) => reduceSum(mul(dy, y)));
    expect(() => checkGradients({ build: ([a]) => tanh(a), inputs: [x], gradients })).toThrow(
      'expected the gradient of input0:0 as float64[2,3], got float64[].',
    );
  });

  it('fails at a kink, where no gradient is right', () => {
    expect(() => checkGradients({ build: ([a]) => maximum(a, 0), inputs: [[0, 1]] })).toThrow(/away from kinks/);
  });

  it('refuses outputs that are not float64', () => {
    expect(() => checkGradients({ build: ([a]) => cast(a, 'float32'), inputs: [x] })).toThrow(
      /expected Cast:0 as float64, got float32/,
    );
  });

  it('refuses to pass when there is nothing to check', () => {
    expect(() => checkGradients({ build: () => constant(x), inputs: [] })).toThrow(
      /expected .* as float64, got float32/,
    );
    expect(() => checkGradients({ build: () => constant(x, { dtype: 'float64' }), inputs: [] })).toThrow(
      /nothing to check/,
    );
    expect(() => checkGradients({ build: () => [], inputs: [x] })).toThrow(/nothing to check/);
  });

  it('fails when tensors are left on the backend', () => {
    const backend = reference();
    const leaking = { ...backend, free: () => undefined };
    expect(() => checkGradients({ build: ([a]) => tanh(a), inputs: [x], backend })).not.toThrow();
    expect(() => checkGradients({ build: ([a]) => tanh(a), inputs: [x], backend: leaking })).toThrow(/expectNoLeaks/);
  });
});
