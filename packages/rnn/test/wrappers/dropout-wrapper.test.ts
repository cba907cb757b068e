import { gradients } from '@tensorloom/autodiff';
import { reference } from '@tensorloom/backend-reference';
import {
  type Structure,
  type Tensor,
  constant,
  globalVariablesInitializer,
  isTensor,
  ones,
  placeholder,
  resetDefaultGraph,
  setRandomSeed,
  unstack,
  zeros,
} from '@tensorloom/graph';
import {
  BasicLSTMCell,
  type Cell,
  DropoutWrapper,
  type DropoutWrapperOptions,
  GRUCell,
  MultiRNNCell,
  dynamicRnn,
  flatState,
  staticRnn,
} from '@tensorloom/rnn';
import { Session } from '@tensorloom/runtime';
import { beforeEach, describe, expect, test } from 'vitest';

beforeEach(() => resetDefaultGraph());

/** A cell that passes on its input and its state; an object is enough. */
const passing = (n: number): Cell<Tensor> => ({
  stateSize: n,
  outputSize: n,
  zeroState: (batch, dtype) => zeros([batch, n], { dtype }),
  call: (input, state) => [input, state],
});

const run = (tensors: readonly Tensor[], feeds: Parameters<Session['runSync']>[1] = []): number[][] => {
  const session = new Session({ backend: reference() });
  session.runSync(globalVariablesInitializer());
  const values = session.runSync(tensors, feeds).map((v) => Array.from(v.data));
  session.close();
  return values;
};

/** Of 4,000 ones, which part is not zero, and what is left of them. */
function kept(options: DropoutWrapperOptions): { input: number[]; state: number[] } {
  const cell = new DropoutWrapper(passing(40), options);
  const [output, state] = cell.call(ones([100, 40]), ones([100, 40]));
  const [input, second] = run([output, state]);
  return { input, state: second };
}

const part = (values: readonly number[]): number => values.filter((v) => v !== 0).length / values.length;

describe('keeps a part and divides it by the probability', () => {
  test.each([
    ['inputKeepProb', 'input'],
    ['outputKeepProb', 'input'],
    ['stateKeepProb', 'state'],
  ] as const)('%s', (option, which) => {
    const values = kept({ [option]: 0.25, seed: 3 });
    expect(part(values[which])).toBeCloseTo(0.25, 1);
    expect(new Set(values[which])).toEqual(new Set([0, 4]));
    expect(part(values[which === 'input' ? 'state' : 'input'])).toBe(1);
  });

  test('a probability that is fed', () => {
    const keepProb = placeholder('float32', []);
    const cell = new DropoutWrapper(passing(40), { inputKeepProb: keepProb, seed: 1 });
    const [output] = cell.call(ones([100, 40]), ones([100, 40]));
    expect(part(run([output], [[keepProb, 1]])[0])).toBe(1);
    expect(part(run([output], [[keepProb, 0.5]])[0])).toBeCloseTo(0.5, 1);
  });
});

test('1 builds no op', () => {
  const input = ones([2, 3]);
  const [output, state] = new DropoutWrapper(passing(3), {}).call(input, input);
  expect(output).toBe(input);
  expect(state).toBe(input);
  const one = constant(1);
  const constants = { inputKeepProb: one, outputKeepProb: one, stateKeepProb: one };
  expect(new DropoutWrapper(passing(3), constants).call(input, input)[0]).toBe(input);
});

test('a seed gives the same masks again, in another session too; parts and seeds have masks of their own', () => {
  const probabilities = { inputKeepProb: 0.5, stateKeepProb: 0.5 };
  const masks = (seed: number): string[] => {
    resetDefaultGraph();
    setRandomSeed(7);
    const x = ones([3, 4, 40]);
    const [outputs, state] = dynamicRnn(new DropoutWrapper(passing(40), { ...probabilities, seed }), x, {
      initialState: ones([3, 40]),
    });
    return run([outputs, state]).map((v) => v.join());
  };
  const [first, again, other] = [masks(3), masks(3), masks(4)];
  expect(again).toEqual(first);
  expect(other[0]).not.toBe(first[0]);
  const { input, state } = kept({ ...probabilities, seed: 3 });
  expect(state).not.toEqual(input);
});

test('steps draw anew where a loop runs them; seeded copies of a step draw alike, as in TensorFlow', () => {
  const x = ones([2, 3, 40]);
  const options = { inputKeepProb: 0.5, seed: 3 };
  const [looped] = dynamicRnn(new DropoutWrapper(passing(40), options), x, { dtype: 'float32' });
  const [copies] = staticRnn(new DropoutWrapper(passing(40), options), unstack(x, { axis: 1 }), { dtype: 'float32' });
  const values = run([...unstack(looped, { axis: 1 }), ...copies]).map((v) => v.join());
  expect(new Set(values.slice(0, 3)).size).toBe(3);
  expect(new Set(values.slice(3)).size).toBe(1);
});

test('the memory of an LSTM is never dropped by default; a filter says otherwise', () => {
  const cells = (): MultiRNNCell => new MultiRNNCell([new BasicLSTMCell(30), new GRUCell(30)]);
  const zeroParts = (options: DropoutWrapperOptions): number[] => {
    resetDefaultGraph();
    const cell = new DropoutWrapper<readonly Structure[]>(cells(), { stateKeepProb: 0.5, seed: 1, ...options });
    const [, state] = cell.call(constant(1, { shape: [20, 5] }), cell.zeroState(20, 'float32'));
    return run(flatState(state)).map((v) => 1 - part(v));
  };
  const [c, h, gru] = zeroParts({});
  expect(c).toBe(0);
  for (const dropped of [h, gru]) expect(Math.abs(dropped - 0.5)).toBeLessThan(0.1);
  const filtered = zeroParts({ dropoutStateFilter: () => [{ c: true, h: false }, false] });
  expect(Math.abs(filtered[0] - 0.5)).toBeLessThan(0.1);
  expect(filtered.slice(1)).toEqual([0, 0]);
});

test('a filter is asked about a state, then about the parts that it lets through', () => {
  const cell = new MultiRNNCell([new BasicLSTMCell(2), new GRUCell(3)]);
  const asked: number[] = [];
  const wrapped = new DropoutWrapper(cell, {
    stateKeepProb: 0.5,
    dropoutStateFilter: (state) => {
      asked.push(flatState(state).length);
      return isTensor(state) || Array.isArray(state) || { c: false, h: true };
    },
  });
  const before = cell.zeroState(1, 'float32');
  const [, [{ c, h }, gru]] = wrapped.call(ones([1, 2]), before);
  expect(asked).toEqual([3, 2, 1]);
  expect([c, h, gru].map((t) => t.name.includes('dropout'))).toEqual([false, true, true]);
});

test('the parts of more than ten layers keep their order', () => {
  const layers = Array.from({ length: 12 }, (_, i) => (i < 6 ? new BasicLSTMCell(2) : new GRUCell(2)));
  const cell = new DropoutWrapper(new MultiRNNCell<Structure[]>(layers), { stateKeepProb: 0.5 });
  const [, state] = cell.call(ones([1, 2]), cell.zeroState(1, 'float32'));
  const dropped = flatState(state).map((t) => t.name.includes('dropout'));
  expect(dropped).toEqual([...Array.from({ length: 12 }, (_, i) => i % 2 === 1), ...new Array<boolean>(6).fill(true)]);
});

test('variational masks are the same for all rows and steps', () => {
  const x = ones([4, 6, 10]);
  const options = { inputKeepProb: 0.5, variationalRecurrent: true, inputSize: 10, dtype: 'float32', seed: 2 } as const;
  const [same] = dynamicRnn(new DropoutWrapper(passing(10), options), x, { dtype: 'float32' });
  const [anew] = dynamicRnn(new DropoutWrapper(passing(10), { inputKeepProb: 0.5, seed: 2 }), x, { dtype: 'float32' });
  const rowsOf = (values: readonly number[]): Set<string> =>
    new Set(Array.from({ length: 24 }, (_, i) => values.slice(10 * i, 10 * i + 10).join()));
  const [a, b] = run([same, anew]);
  expect(rowsOf(a).size).toBe(1);
  expect(rowsOf(b).size).toBeGreaterThan(20);
});

test('the way back has the masks of the way there', () => {
  const x = ones([4, 6, 10]);
  const [y] = dynamicRnn(new DropoutWrapper(passing(10), { inputKeepProb: 0.5, outputKeepProb: 0.8 }), x, {
    dtype: 'float32',
  });
  const dx = gradients(y, x)[0];
  if (dx === null) throw new Error('no gradient');
  const [there, back] = run([y, dx]);
  expect(part(there)).toBeLessThan(0.6);
  // Of ones, what is kept is what it is multiplied by.
  expect(back).toEqual(there);
});

test('errors', () => {
  expect(() => new DropoutWrapper(passing(2), { inputKeepProb: 0 })).toThrow(
    /^DropoutWrapper: expected inputKeepProb in \(0, 1\], got 0/,
  );
  expect(() => new DropoutWrapper(passing(2), { variationalRecurrent: true })).toThrow(/expected a dtype/);
  expect(
    () => new DropoutWrapper(passing(2), { variationalRecurrent: true, dtype: 'float32', inputKeepProb: 0.5 }),
  ).toThrow(/expected inputSize/);
  const cell = new DropoutWrapper(passing(2), { stateKeepProb: 0.5, dropoutStateFilter: () => [true] });
  expect(() => cell.call(ones([1, 2]), ones([1, 2]))).toThrow(/the state filter gives another structure/);
});
