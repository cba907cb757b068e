import { reference } from '@tensorloom/backend-reference';
import {
  Graph,
  type TensorLike,
  type Variable,
  constant,
  controlDependencies,
  device,
  globalVariables,
  globalVariablesInitializer,
  nameScope,
  neededNodes,
  placeholder,
  reduceSum,
  resetDefaultGraph,
  trainableVariables,
  variable,
  variableScope,
  whileLoop,
  withGraph,
} from '@tensorloom/graph';
import { Session } from '@tensorloom/runtime';
import {
  AdadeltaOptimizer,
  AdagradOptimizer,
  AdamOptimizer,
  AdamWOptimizer,
  FtrlOptimizer,
  GradientDescentOptimizer,
  LazyAdamOptimizer,
  MomentumOptimizer,
  type Optimizer,
  RMSPropOptimizer,
  createGlobalStep,
} from '@tensorloom/train';
import { beforeEach, describe, expect, test } from 'vitest';
import { problem } from './support.js';

beforeEach(() => resetDefaultGraph());

test('slots are kept, and updates run, where the variable is kept', () => {
  const [v, w] = [device('gpu', () => variable([1, 2])), variable([3, 4])];
  const optimizer = new AdamOptimizer();
  const step = optimizer.minimize(reduceSum(v.mul(w)));
  const devices = (x: Variable) => optimizer.getSlotNames().map((slot) => optimizer.getSlot(x, slot)?.device);
  expect([devices(v), devices(w)]).toEqual([
    ['gpu', 'gpu'],
    [undefined, undefined],
  ]);
  const updates = neededNodes([], new Map(), [step]).filter((n) => n.op.name.startsWith('Assign'));
  const placed = new Set(updates.map((n) => n.device ?? 'nowhere'));
  expect([updates.length, placed]).toEqual([8, new Set(['gpu', 'nowhere'])]);
});

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

const optimizers: [string, (learningRate: TensorLike) => Optimizer][] = [
  ['GradientDescent', (learningRate) => new GradientDescentOptimizer({ learningRate })],
  ['Momentum', (learningRate) => new MomentumOptimizer({ learningRate, momentum: 0.9 })],
  ['Adagrad', (learningRate) => new AdagradOptimizer({ learningRate })],
  ['RMSProp', (learningRate) => new RMSPropOptimizer({ learningRate, centered: true })],
  ['Adadelta', (learningRate) => new AdadeltaOptimizer({ learningRate })],
  ['Ftrl', (learningRate) => new FtrlOptimizer({ learningRate })],
  ['Adam', (learningRate) => new AdamOptimizer({ learningRate })],
  ['AdamW', (learningRate) => new AdamWOptimizer({ learningRate, weightDecay: 0.1 })],
  ['LazyAdam', (learningRate) => new LazyAdamOptimizer({ learningRate })],
];

describe.each(optimizers)('%s', (_, optimizerOf) => {
  /** What `v`, from [1, -2, 3], and its slots are after `train` has run what it builds. */
  const after = (train: (optimizer: Optimizer, v: Variable, session: Session) => void, rate: TensorLike = 0.1) =>
    withGraph(new Graph(), () => {
      const v = variable([1, -2, 3], { name: 'v' });
      const session = new Session({ backend: reference() });
      train(optimizerOf(rate), v, session);
      const values = session.runSync([...globalVariables()]).map((x) => x.toArray());
      session.close();
      return values;
    });
  const start = (session: Session): unknown => session.runSync(globalVariablesInitializer());
  const gradient = [0.5, -1, 2];
  const twoRuns = after((optimizer, v, session) => {
    const trainingOp = optimizer.applyGradients([[gradient, v]]);
    start(session);
    session.runSync(trainingOp);
    session.runSync(trainingOp);
  });

  test('the rate may be fed, another one at every run', () => {
    const fed = (...rates: number[]) =>
      withGraph(new Graph(), () => {
        const learningRate = placeholder('float64', []);
        const v = variable([1, -2, 3], { name: 'v' });
        const trainingOp = optimizerOf(learningRate).applyGradients([[gradient, v]]);
        const session = new Session({ backend: reference() });
        start(session);
        for (const rate of rates) session.runSync(trainingOp, [[learningRate, rate]]);
        const values = session.runSync([...globalVariables()]).map((x) => x.toArray());
        session.close();
        return values;
      });
    expect(fed(0.1, 0.1)).toEqual(twoRuns);
    expect(fed(0.1, 0.3)[0]).not.toEqual(twoRuns[0]);
  });

  test('two steps in one run, one after the other, are those of two runs', () => {
    const oneRun = after((optimizer, v, session) => {
      const first = optimizer.applyGradients([[gradient, v]]);
      const both = controlDependencies([first], () => optimizer.applyGradients([[gradient, v]]));
      start(session);
      session.runSync(both);
    });
    expect(oneRun).toEqual(twoRuns);
  });

  test('two steps in a loop are those of two runs', () => {
    const looped = after((optimizer, v, session) => {
      const turns = whileLoop(
        (i) => i.less(2),
        (i) => controlDependencies([optimizer.applyGradients([[gradient, v]])], () => i.add(1)),
        constant(0, { dtype: 'int32' }),
      );
      start(session);
      session.runSync(turns);
    });
    expect(looped).toEqual(twoRuns);
  });

  test('slots are not trainable, and a second optimizer has its own', () => {
    const x = variable([1, 2], { name: 'x' });
    const loss = reduceSum(x.mul(x));
    const [first, second] = [optimizerOf(0.1), optimizerOf(0.1)];
    first.minimize(loss);
    const made = globalVariables().length - 1;
    second.minimize(loss);
    expect(globalVariables()).toHaveLength(1 + 2 * made);
    expect(trainableVariables()).toEqual([x]);
    for (const name of first.getSlotNames()) expect(first.getSlot(x, name)).not.toBe(second.getSlot(x, name));
    first.minimize(loss);
    expect(globalVariables()).toHaveLength(1 + 2 * made);
  });
});

test('slots are found by name, once they are made', () => {
  const [x, y] = [variable(1, { name: 'x' }), variable(1, { name: 'y' })];
  const optimizer = new AdamOptimizer();
  expect(optimizer.getSlotNames()).toEqual([]);
  expect(optimizer.getSlot(x, 'm')).toBeNull();
  optimizer.minimize(x.mul(x));
  expect(optimizer.getSlotNames()).toEqual(['m', 'v']);
  expect(optimizer.getSlot(x, 'm')?.name).toBe('x/Adam:0');
  expect(optimizer.getSlot(x, 'v')?.name).toBe('x/Adam_1:0');
  expect(optimizer.getSlot(x, 'momentum')).toBeNull();
  expect(optimizer.getSlot(y, 'm')).toBeNull();
});

test("names of two optimizers' slots, in a scope too: TensorFlow's", () => {
  const x = variableScope('layer', () => variable([1], { name: 'x' }));
  const loss = reduceSum(x.mul(x));
  nameScope('train', () => {
    new AdamOptimizer().minimize(loss);
    new AdamOptimizer().minimize(loss);
    new MomentumOptimizer({ learningRate: 1, momentum: 0, name: 'Mine' }).minimize(loss);
  });
  expect(globalVariables().map((v) => v.op)).toEqual([
    'layer/x',
    'beta1_power',
    'beta2_power',
    'layer/x/Adam',
    'layer/x/Adam_1',
    'beta1_power_1',
    'beta2_power_1',
    'layer/x/Adam_2',
    'layer/x/Adam_3',
    'layer/x/Mine',
  ]);
});

test('the update ops are in a scope of the name', () => {
  const x = variable([1], { name: 'x' });
  const optimizer = new GradientDescentOptimizer({ learningRate: 1 });
  expect(optimizer.applyGradients([[[1], x]]).name).toBe('GradientDescent/group_deps');
  expect(optimizer.applyGradients([[[1], x]], { name: 'train' }).name).toBe('train/group_deps');
});

test('the global step grows by one, after all updates', () => {
  const { W, b, loss } = problem('float32');
  const globalStep = createGlobalStep();
  const trainingOp = new AdamOptimizer().minimize(loss, { globalStep });
  const counts = neededNodes([], new Set(), [trainingOp]).filter((n) => n.name.startsWith('global_step/AssignAdd'));
  expect(counts).toHaveLength(1);
  const before = neededNodes([], new Set(), counts).map((n) => n.name);
  for (const v of [W, b]) expect(before).toContain(`${v.op}/AssignSub`);
  expect(before).toContain('beta1_power/Assign_1');
  const session = new Session({ backend: reference() });
  session.runSync(globalVariablesInitializer());
  for (let i = 1; i <= 3; i++) {
    session.runSync(trainingOp);
    expect(session.runSync(globalStep).item()).toBe(i);
  }
  session.close();
});

test('gradLoss weighs the loss, of any shape', () => {
  const x = variable([1, 2], { name: 'x' });
  const loss = x.mul(x);
  const optimizer = new GradientDescentOptimizer({ learningRate: 1 });
  const [[g]] = optimizer.computeGradients(loss, { gradLoss: [10, -1] });
  const session = new Session({ backend: reference() });
  session.runSync(globalVariablesInitializer());
  expect(g && session.runSync(g).toArray()).toEqual([20, -4]);
  session.close();
});

describe('misuse is told', () => {
  const optimizer = new GradientDescentOptimizer({ learningRate: 1 });

  test('no variables at all', () => {
    const loss = reduceSum(constant([1, 2]));
    expect(() => optimizer.minimize(loss)).toThrow(
      "GradientDescent: none of the variables (there are none) influences the loss 'Sum:0'.",
    );
    expect(() => optimizer.minimize(loss, { varList: [] })).toThrow('there are none');
  });

  test('no gradients at all', () => {
    const v = variable(1, { name: 'v' });
    expect(() => optimizer.applyGradients([[null, v]])).toThrow(
      'GradientDescent: expected at least one gradient, got none for the variables (v:0).',
    );
    expect(() => optimizer.applyGradients([])).toThrow('expected at least one gradient');
  });

  test('a variable twice', () => {
    const v = variable(1, { name: 'v' });
    expect(() =>
      optimizer.applyGradients([
        [1, v],
        [2, v],
      ]),
    ).toThrow("GradientDescent: variable 'v:0' occurs twice, expected once. Add its gradients first.");
  });

  test('a gradient that does not fit its variable', () => {
    const v = variable([1, 2], { name: 'v' });
    expect(() => optimizer.applyGradients([[1, v]])).toThrow(
      "GradientDescent: variable 'v:0' is float32[2], got a gradient float32[].",
    );
    expect(() => optimizer.applyGradients([[constant([1, 2], { dtype: 'float64' }), v]])).toThrow(
      "variable 'v:0' is float32[2], got a gradient float64[2].",
    );
  });

  test('a variable, a gradient or a global step of another graph', () => {
    const other = new Graph();
    const theirs = withGraph(other, () => variable(1, { name: 'theirs' }));
    const ours = variable(1, { name: 'ours' });
    const loss = ours.mul(ours);
    expect(() => optimizer.minimize(loss, { varList: [ours, theirs] })).toThrow(
      "GradientDescent: variable 'theirs:0' is of another graph, expected one of the loss 'Mul:0'.",
    );
    expect(() => optimizer.applyGradients([[1, theirs]])).toThrow("variable 'theirs:0' is of another graph");
    expect(() => optimizer.applyGradients([[theirs.value(), ours]])).toThrow(
      "GradientDescent: gradient 'theirs/read:0' is of another graph than 'ours:0'.",
    );
    const globalStep = createGlobalStep({ graph: other });
    expect(() => optimizer.minimize(loss, { globalStep })).toThrow("variable 'global_step:0' is of another graph");
    expect(() => withGraph(other, () => optimizer.minimize(loss))).toThrow("variable 'ours:0' is of another graph");
  });
});
