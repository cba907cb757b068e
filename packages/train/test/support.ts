import { createCpu } from '@tensorloom/backend-cpu';
import { reference } from '@tensorloom/backend-reference';
import {
  type DType,
  Graph,
  type Node,
  type Tensor,
  type Variable,
  constant,
  globalVariables,
  globalVariablesInitializer,
  matmul,
  reduceSum,
  squaredDifference,
  tanh,
  variable,
  withGraph,
} from '@tensorloom/graph';
import { Session } from '@tensorloom/runtime';
import type { Optimizer } from '@tensorloom/train';
import { expect } from 'vitest';
import golden from '../../testkit/golden/optimizers.json' with { type: 'json' };

/** The backends that TensorFlow's numbers are held against. */
export const backends = [
  { backend: 'reference', make: reference },
  { backend: 'cpu', make: () => createCpu() },
];

const flat = (x: unknown): number[] => (Array.isArray(x) ? x.flatMap(flat) : [Number(x)]);

const magnitude = (x: unknown): number => Math.max(0, ...flat(x).map(Math.abs));

/** Expects nested arrays to agree to `tolerance` times `scale`, which is the largest magnitude expected unless it is given. */
export function expectClose(got: unknown, want: unknown, tolerance = 1e-6, scale = magnitude(want)): void {
  const [a, b] = [flat(got), flat(want)];
  expect(a).toHaveLength(b.length);
  a.forEach((v, i) =>
    expect(Math.abs(v - b[i]), `element ${i}: got ${v}, expected ${b[i]}`).toBeLessThanOrEqual(tolerance * scale),
  );
}

/** Five steps of an optimizer in TensorFlow, in one dtype. */
interface Case {
  readonly steps: readonly { readonly W: number[][]; readonly b: number[] }[];
  readonly slotNames: readonly string[];
  readonly slots: Readonly<Record<'W' | 'b', Readonly<Record<string, unknown>>>>;
  readonly variables: readonly string[];
}

/** The variables and the loss of the golden file. */
export interface Problem {
  readonly W: Variable;
  readonly b: Variable;
  readonly loss: Tensor;
}

/** sum((tanh(X W + b) - targets)^2) */
export function problem(dtype: DType): Problem {
  const known = (x: number[] | number[][]): Tensor => constant(x, { dtype });
  const W = variable(known(golden.start.W), { name: 'W' });
  const b = variable(known(golden.start.b), { name: 'b' });
  const outputs = tanh(matmul(known(golden.X), W).add(b));
  return { W, b, loss: reduceSum(squaredDifference(outputs, known(golden.targets))) };
}

interface StepOptions<O> {
  readonly minimize?: (optimizer: O, problem: Problem) => Node;
  /** How far float32 may be from TensorFlow's, relatively; default 1e-6. */
  readonly float32?: number;
  /** The same of float64; default 1e-9. */
  readonly float64?: number;
}

/** Expects an optimizer to do what TensorFlow's did: values after every step, slots at the end, all names. */
export function expectSteps<O extends Optimizer>(
  cases: Readonly<Record<'float32' | 'float64', Case>>,
  optimizerOf: () => O,
  { minimize = (optimizer, { loss }) => optimizer.minimize(loss), float32 = 1e-6, float64 = 1e-9 }: StepOptions<O> = {},
): void {
  for (const dtype of ['float32', 'float64'] as const) {
    for (const { make } of backends) {
      withGraph(new Graph(), () => {
        const optimizer = optimizerOf();
        const { W, b, loss } = problem(dtype);
        const trainingOp = minimize(optimizer, { W, b, loss });
        const { steps, slotNames, slots, variables } = cases[dtype];
        expect(globalVariables().map((v) => v.op)).toEqual(variables);
        expect(optimizer.getSlotNames()).toEqual(slotNames);
        const backend = make();
        const session = new Session({ backend });
        session.runSync(globalVariablesInitializer());
        const { start } = golden;
        const tolerance = dtype === 'float32' ? float32 : float64;
        for (const want of steps) {
          session.runSync(trainingOp);
          const now = session.runSync({ W, b });
          // Relative to what the variable has been: steps that lead near zero round like the values they leave.
          expectClose(now.W.toArray(), want.W, tolerance, magnitude([start.W, want.W]));
          expectClose(now.b.toArray(), want.b, tolerance, magnitude([start.b, want.b]));
        }
        for (const v of [W, b]) {
          for (const slot of slotNames) {
            const made = optimizer.getSlot(v, slot);
            if (made === null) throw new Error(`no slot ${slot} of ${v.op}`);
            expect(made.trainable).toBe(false);
            expect(made.dtype).toBe(dtype);
            expectClose(session.runSync(made).toArray(), slots[v === W ? 'W' : 'b'][slot], tolerance);
          }
        }
        session.close();
        expect(backend.stats().handles).toBe(0);
      });
    }
  }
}

/** Where three steps on x0^2 + 2 x1^2 + 0.5 x2^2 lead from [1, -2, 3]. */
export function afterThreeSteps(optimizer: Optimizer): unknown {
  return withGraph(new Graph(), () => {
    const x = variable([1, -2, 3], { name: 'x' });
    const trainingOp = optimizer.minimize(reduceSum(x.mul(x).mul([1, 2, 0.5])));
    const session = new Session({ backend: reference() });
    session.runSync(globalVariablesInitializer());
    for (let i = 0; i < 3; i++) session.runSync(trainingOp);
    const after = session.runSync(x).toArray();
    session.close();
    return after;
  });
}
