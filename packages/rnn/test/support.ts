import { reference } from '@tensorloom/backend-reference';
import {
  type Structure,
  type Tensor,
  constant,
  constantInitializer,
  globalVariablesInitializer,
  unstack,
  variableScope,
} from '@tensorloom/graph';
import { type Cell, dynamicRnn, flatState, staticRnn } from '@tensorloom/rnn';
import { Session } from '@tensorloom/runtime';
import { checkGradients, ndarrays } from '@tensorloom/testkit';
import fc from 'fast-check';
import { expect } from 'vitest';

const flat = (x: unknown): number[] => (Array.isArray(x) ? x.flatMap(flat) : [Number(x)]);

/** Expects nested arrays of numbers to agree to `tolerance`, element by element. */
export function expectClose(got: unknown, want: unknown, tolerance = 1e-5): void {
  const [a, b] = [flat(got), flat(want)];
  expect(a).toHaveLength(b.length);
  a.forEach((v, i) =>
    expect(Math.abs(v - b[i]), `element ${i}: got ${v}, expected ${b[i]}`).toBeLessThanOrEqual(tolerance),
  );
}

/** What one step of a cell gives with all kernels `kernel`: its output, then the parts of its new state. */
export function stepOf(cell: Cell, x: readonly (readonly number[])[], state: Structure, kernel = 0.5): number[][] {
  const [output, next] = variableScope('root', { initializer: constantInitializer(kernel) }, () =>
    cell.call(constant(x), state),
  );
  const session = new Session({ backend: reference() });
  session.runSync(globalVariablesInitializer());
  const values = session.runSync([output, ...flatState(next)]).map((v) => Array.from(v.data));
  session.close();
  return values;
}

/** A state of size n in which every element is v. */
export const filled = (n: number, v: number): Tensor => constant(v, { shape: [1, n] });

/** Gradients of the outputs and states that a cell gives along random sequences are those of finite differences, up to `order`, by both drivers. */
export function checkBptt(cell: () => Cell, depth = 2, order: 1 | 2 = 2): void {
  for (const [driver, numRuns] of [
    ['dynamic', 2],
    ['static', 1],
  ] as const) {
    fc.assert(
      fc.property(
        ndarrays('float64', [2, 2, depth], { min: -1, max: 1 }),
        fc.option(fc.constantFrom([2, 1], [0, 2])),
        fc.nat(1000),
        (x, sequenceLength, seed) => {
          checkGradients({
            inputs: [x],
            order,
            seed,
            build: ([inputs]) => {
              const options = { dtype: 'float64' as const, ...(sequenceLength !== null && { sequenceLength }) };
              if (driver === 'dynamic') {
                const [outputs, state] = dynamicRnn(cell(), inputs, options);
                return [outputs, ...flatState(state)];
              }
              const [outputs, state] = staticRnn(cell(), unstack(inputs, { axis: 1 }), options);
              return [...outputs, ...flatState(state)];
            },
          });
        },
      ),
      { numRuns },
    );
  }
}
