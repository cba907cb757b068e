import { gradients } from '@tensorloom/autodiff';
import { reference } from '@tensorloom/backend-reference';
import {
  type CheckpointEvery,
  type DType,
  type Structure,
  type Tensor,
  constant,
  globalVariablesInitializer,
  placeholder,
  reduceSum,
  resetDefaultGraph,
  setRandomSeed,
  sizeOf,
  square,
  trainableVariables,
} from '@tensorloom/graph';
import { BasicLSTMCell, BasicRNNCell, type Cell, DropoutWrapper, GRUCell, dynamicRnn } from '@tensorloom/rnn';
import { Session } from '@tensorloom/runtime';
import { checkGradients, expectNoLeaks, metered } from '@tensorloom/testkit';
import { beforeEach, describe, expect, test } from 'vitest';
import { flatState } from '../src/cell.js';

beforeEach(() => {
  resetDefaultGraph();
  setRandomSeed(1);
});

const cells: Record<string, () => Cell<Structure>> = {
  BasicRNNCell: () => new BasicRNNCell(4),
  BasicLSTMCell: () => new BasicLSTMCell(4),
  GRUCell: () => new GRUCell(4),
};
const policies: readonly (CheckpointEvery | undefined)[] = [undefined, 1, 3, 4, 100, 'sqrt'];
const batch = 2;
const depth = 3;
const rows = (steps: number, dtype: DType = 'float32') => {
  const wave = Array.from({ length: batch * steps * depth }, (_, i) => Math.sin(i * 1.7));
  return {
    shape: [batch, steps, depth],
    data: dtype === 'float64' ? Float64Array.from(wave) : Float32Array.from(wave),
  };
};

interface Run {
  readonly steps: number;
  readonly cell: () => Cell<Structure>;
  readonly lengths?: readonly number[];
  readonly checkpointEvery?: CheckpointEvery | undefined;
  readonly swapMemory?: boolean;
  readonly known?: boolean;
}

/** Sets the variables to values that do not depend on how the graph was built, as their initial random ones do. */
function fillVariables(session: Session): void {
  const assigns = trainableVariables().map((v) => {
    const data = Array.from({ length: sizeOf(v.shape) }, (_, i) => 0.5 * Math.sin(3 * i + v.shape.length));
    return v.assign(constant(data, { dtype: v.dtype, shape: v.shape }));
  });
  session.runSync(assigns);
}

/** Outputs and gradients of one pass, with the program's text. */
function pass({ steps, cell, lengths, checkpointEvery, swapMemory, known = false }: Run) {
  resetDefaultGraph();
  setRandomSeed(1);
  const X = placeholder('float32', [known ? batch : null, known ? steps : null, depth]);
  const [outputs, state] = dynamicRnn(cell(), X, {
    dtype: 'float32',
    checkpointEvery,
    swapMemory,
    ...(lengths === undefined ? {} : { sequenceLength: lengths }),
  });
  const loss = reduceSum(square(outputs)).add(reduceSum(flatState(state)[0]));
  const found = gradients(loss, [X, ...trainableVariables()]).map((d) => {
    if (d === null) throw new Error('a gradient is missing');
    return d;
  });
  const backend = reference();
  const feeds = [[X, rows(steps)]] as const;
  return expectNoLeaks(backend, () => {
    const session = new Session({ backend });
    fillVariables(session);
    const values = session.runSync([outputs, ...found], feeds).map((v) => Array.from(v.data));
    const text = session.describe(found, feeds);
    session.close();
    return { values, text };
  });
}

const near = (got: number[][], want: number[][]): void => {
  expect(got.map((g) => g.length)).toEqual(want.map((w) => w.length));
  got.forEach((g, i) => {
    g.forEach((v, j) => {
      expect(Math.abs(v - want[i][j])).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(want[i][j])));
    });
  });
};

describe.each(Object.entries(cells))('%s in segments', (_, cell) => {
  test.each([0, 1, 2, 7, 9])('gives the outputs and gradients of save-all over %i steps', (steps) => {
    for (const lengths of [undefined, [steps, Math.min(1, steps)], [Math.floor(steps / 2), 0]]) {
      const runs = policies.map((checkpointEvery) =>
        pass({ steps, cell, checkpointEvery, known: steps === 0, ...(lengths && { lengths }) }),
      );
      runs.forEach((r) => near(r.values, runs[0].values));
      near(pass({ steps, cell, checkpointEvery: 3, known: true, ...(lengths && { lengths }) }).values, runs[0].values);
      near(
        pass({ steps, cell, swapMemory: true, known: steps === 0, ...(lengths && { lengths }) }).values,
        runs[0].values,
      );
    }
  });

  test.each([[undefined], [[5, 3]]])('agrees with finite differences, orders 1 and 2, lengths %j', (lengths) => {
    for (const checkpointEvery of [2, 'sqrt'] as const) {
      resetDefaultGraph();
      checkGradients({
        inputs: [rows(5, 'float64')],
        order: 2,
        build: ([x]) => {
          const [outputs] = dynamicRnn(cell(), x, {
            dtype: 'float64',
            checkpointEvery,
            ...(lengths === undefined ? {} : { sequenceLength: lengths }),
          });
          return outputs;
        },
      });
    }
  });
});

test('swapMemory takes at least 60 % off the peak of a long step, gradients unchanged', () => {
  const [steps, size] = [200, 16];
  const stepOf = (swapMemory: boolean) => {
    resetDefaultGraph();
    setRandomSeed(1);
    const X = placeholder('float32', [batch, steps, depth]);
    const [outputs, state] = dynamicRnn(new BasicLSTMCell(size), X, { dtype: 'float32', swapMemory });
    expect(outputs.shape).toEqual([batch, steps, size]);
    const found = gradients(reduceSum(square(state.h)), trainableVariables()).filter((d) => d !== null);
    const backend = metered(reference());
    const session = new Session({ backend });
    fillVariables(session);
    backend.reset();
    const before = backend.peak();
    const values = session.runSync(found, [[X, rows(steps)]]).map((v) => Array.from(v.data));
    session.close();
    return { values, peak: backend.peak() - before };
  };
  const [kept, swapped] = [stepOf(false), stepOf(true)];
  near(swapped.values, kept.values);
  expect(swapped.peak).toBeLessThan(0.4 * kept.peak);
});

test('dropout draws the same numbers when its steps run again', () => {
  const cell = (): Cell<Structure> =>
    new DropoutWrapper(new BasicRNNCell(4), { inputKeepProb: 0.7, stateKeepProb: 0.8, outputKeepProb: 0.6, seed: 5 });
  for (const lengths of [undefined, [7, 4]]) {
    const runs = policies.map((checkpointEvery) =>
      pass({ steps: 7, cell, checkpointEvery, ...(lengths && { lengths }) }),
    );
    expect(runs[0].values[0].filter((v) => v === 0).length).toBeGreaterThan(5);
    runs.forEach((r) => near(r.values, runs[0].values));
  }
});

describe('what is kept for the gradient', () => {
  /** The lists that the forward loop saves for the way back: beside the outputs, which are returned. */
  const stacks = (run: Omit<Run, 'steps' | 'cell'>): readonly string[] => {
    const { text } = pass({ steps: 7, cell: cells.BasicRNNCell, ...run });
    const line = text.split('\n').find((l) => l.includes('= loop ') && l.includes('# rnn/while')) ?? '';
    return line.slice(0, line.indexOf('= loop')).match(/&\d+: list<[^>]*>/g) ?? [];
  };

  test('by a BasicRNNCell: one stack, with lengths two', () => {
    const loss = (lengths: boolean): string => {
      resetDefaultGraph();
      const X = placeholder('float32', [null, null, depth]);
      const L = placeholder('int32', [null]);
      const [, state] = dynamicRnn(new BasicRNNCell(4), X, { dtype: 'float32', ...(lengths && { sequenceLength: L }) });
      const session = new Session({ backend: reference() });
      const found = gradients(reduceSum(square(state)), trainableVariables()).filter((d): d is Tensor => d !== null);
      const text = session.describe(found, [
        [X, rows(7)],
        [L, [7, 7]],
      ]);
      session.close();
      return text.split('\n').find((l) => l.includes('= loop ')) ?? '';
    };
    expect(loss(false).match(/list<float32\[\?,4\]>/g)).toHaveLength(1);
    expect(loss(false).match(/list</g)).toHaveLength(1);
    expect(loss(true).match(/list<float32\[\?,4\]>/g)).toHaveLength(2);
    expect(loss(true).match(/list</g)).toHaveLength(2);
  });

  test('outputs that are asked for are a list more', () => {
    expect(stacks({})).toHaveLength(2);
  });

  test('in segments: a checkpoint and the number of trips, beside the outputs', () => {
    const lists = stacks({ checkpointEvery: 3 });
    expect(lists.filter((l) => l.includes('float32[?,4]'))).toHaveLength(1);
    expect(lists.filter((l) => l.includes('float32[3,?,4]'))).toHaveLength(1);
    expect(lists.filter((l) => l.includes('int32[]'))).toHaveLength(1);
    expect(lists).toHaveLength(3);
  });
});

describe('peak memory of a state of 64', () => {
  /** Bytes beyond what holds the inputs. */
  const peak = (steps: number, checkpointEvery: CheckpointEvery | undefined): number => {
    resetDefaultGraph();
    const X = placeholder('float32', [1, null, 1]);
    const [, state] = dynamicRnn(new BasicRNNCell(64), X, { dtype: 'float32', checkpointEvery });
    const found = gradients(reduceSum(square(state)), trainableVariables()).filter((d): d is Tensor => d !== null);
    const backend = metered(reference());
    const session = new Session({ backend });
    session.runSync(globalVariablesInitializer());
    backend.reset();
    session.runSync(found, [[X, { shape: [1, steps, 1], data: new Float32Array(steps).fill(0.1) }]]);
    session.close();
    return backend.peak();
  };

  test('grows with the number of steps, or with its square root', () => {
    const all = peak(400, undefined) - peak(100, undefined);
    const root = peak(400, 'sqrt') - peak(100, 'sqrt');
    expect(all).toBeGreaterThan(300 * 64 * 4);
    // 10 more checkpoints and 10 more steps in a segment, three stacks each at most, and the inputs four times over.
    expect(root).toBeLessThan(10 * 4 * 64 * 4 + 300 * 4 * 4);
  });
});
