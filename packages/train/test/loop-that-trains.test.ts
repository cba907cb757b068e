import { gradients } from '@tensorloom/autodiff';
import { reference } from '@tensorloom/backend-reference';
import {
  type NDArray,
  type Node,
  type Tensor,
  type Variable,
  TensorArray,
  cond,
  constant,
  controlDependencies,
  globalVariablesInitializer,
  group,
  matmul,
  reduceMean,
  resetDefaultGraph,
  squaredDifference,
  variable,
  whileLoop,
} from '@tensorloom/graph';
import { Session } from '@tensorloom/runtime';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  AdamOptimizer,
  GradientDescentOptimizer,
  MomentumOptimizer,
  type Optimizer,
  RMSPropOptimizer,
} from '../src/index.js';

beforeEach(() => resetDefaultGraph());

const steps = 6;
const optimizers: Record<string, () => Optimizer> = {
  GradientDescent: () => new GradientDescentOptimizer({ learningRate: 0.1 }),
  Momentum: () => new MomentumOptimizer({ learningRate: 0.05, momentum: 0.9 }),
  RMSProp: () => new RMSPropOptimizer({ learningRate: 0.01 }),
  Adam: () => new AdamOptimizer({ learningRate: 0.1 }),
};
const int = (n: number): Tensor => constant(n, { dtype: 'int32' });

/** A line through four points: its variables, and the loss of where they are. */
function line(): { w: Variable; b: Variable; loss: () => Tensor } {
  const [w, b] = [variable([[0.5]], { name: 'w' }), variable([0.25], { name: 'b' })];
  const [x, y] = [constant([[0], [1], [2], [3]]), constant([[1], [3], [5], [7]])];
  return { w, b, loss: () => reduceMean(squaredDifference(matmul(x, w).add(b), y)) };
}

function open(): Session {
  const session = new Session({ backend: reference() });
  session.runSync(globalVariablesInitializer());
  return session;
}

/** Trains in `n` trips of a loop: the losses before each step. */
function trained(n: number, loss: () => Tensor, minimize: (loss: Tensor) => Node): Tensor {
  const [, losses] = whileLoop(
    (i: Tensor, _losses: TensorArray) => i.less(n),
    (i: Tensor, ta: TensorArray): [Tensor, TensorArray] => {
      const before = loss();
      return controlDependencies([minimize(before)], () => [i.add(1), ta.write(i, before)]);
    },
    [int(0), new TensorArray('float32', n)],
  );
  return losses.stack();
}

describe.each(Object.entries(optimizers))('a loop that trains with %s', (_, make) => {
  test('gives the losses and variables that as many runs give', () => {
    const inLoop = line();
    const optimizer = make();
    const losses = trained(steps, inLoop.loss, (loss) => optimizer.minimize(loss));
    const session = open();
    const found = session.runSync(losses).toArray();
    const after = session.runSync([inLoop.w, inLoop.b]);
    session.close();

    resetDefaultGraph();
    const { w, b, loss } = line();
    const now = loss();
    const step = make().minimize(now);
    const other = open();
    const expected: number[] = [];
    for (let i = 0; i < steps; i++) {
      expected.push(other.runSync(now).item());
      other.runSync(step);
    }
    expect(found).toEqual(expected);
    expect(new Set(expected).size).toBe(steps);
    expect(after).toEqual(other.runSync([w, b]));
    other.close();
  });
});

test('in a loop in a loop, each trip sees what the one before it left', () => {
  const { w, b, loss } = line();
  const optimizer = new GradientDescentOptimizer({ learningRate: 0.1 });
  const [, seen] = whileLoop(
    (i: Tensor, _seen: TensorArray) => i.less(2),
    (i: Tensor, ta: TensorArray): [Tensor, TensorArray] => {
      const before = loss();
      const inner = trained(3, loss, (l) => optimizer.minimize(l));
      return controlDependencies([inner], () => [i.add(1), ta.write(i, before)]);
    },
    [int(0), new TensorArray('float32', 2)],
  );
  const session = open();
  const [outer] = [session.runSync(seen.stack())];
  const after = session.runSync([w, b]);
  session.runSync(globalVariablesInitializer());
  const flat = session.runSync(trained(6, loss, (l) => optimizer.minimize(l)));
  expect(Array.from(outer.data)).toEqual([flat.data[0], flat.data[3]]);
  expect(session.runSync([w, b])).toEqual(after);
  session.close();
});

test('in a branch that is taken in some trips', () => {
  const [v, u] = [variable(1, { name: 'v' }), variable(1, { name: 'u' })];
  const [, last] = whileLoop(
    (i: Tensor, _x: Tensor) => i.less(5),
    (i: Tensor): [Tensor, Tensor] => {
      const value = cond(
        i.mod(2).equal(0),
        () => controlDependencies([group(v.assignAdd(v), u.assignSub(v))], () => v.readValue()),
        () => v.value(),
      );
      return [i.add(1), value];
    },
    [int(0), constant(0)],
  );
  const session = open();
  expect(session.runSync(last).item()).toBe(8);
  expect(session.runSync([v, u]).map((x: NDArray) => x.item())).toEqual([8, 1 - 1 - 2 - 4]);
  session.close();
});

test('what was read before the loop stays, and so do variables that it does not train', () => {
  const [v, fixed] = [variable(1), variable(10)];
  const before = v.readValue();
  const [, sum] = whileLoop(
    (i: Tensor, _s: Tensor) => i.less(3),
    (i: Tensor, s: Tensor): [Tensor, Tensor] =>
      controlDependencies([v.assignAdd(1)], () => [i.add(1), s.add(before.mul(100)).add(fixed).add(v)]),
    [int(0), constant(0)],
  );
  const session = open();
  // The reads of v itself see the start of each trip: 1, 2, 3.
  expect(session.runSync(sum).item()).toBe(300 + 30 + 6);
  session.close();
});

test('has no gradient, and the error names the variable', () => {
  const { w, loss } = line();
  const optimizer = new GradientDescentOptimizer({ learningRate: 0.1 });
  const losses = trained(2, loss, (l) => optimizer.minimize(l));
  expect(() => gradients(losses, w)).toThrow(
    /'while.*' assigns to variable '[wb]:0' in its body, so it has no gradient/,
  );
});
