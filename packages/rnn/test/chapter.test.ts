import { reference } from '@tensorloom/backend-reference';
import {
  type Tensor,
  add,
  globalVariablesInitializer,
  glorotUniformInitializer,
  matmul,
  placeholder,
  randomNormal,
  resetDefaultGraph,
  setRandomSeed,
  stack,
  tanh,
  transpose,
  unstack,
  variable,
  variableScope,
  zeros,
} from '@tensorloom/graph';
import { BasicRNNCell, dynamicRnn, staticRnn } from '@tensorloom/rnn';
import { type Fetch, type Feeds, Session } from '@tensorloom/runtime';
import { beforeEach, expect, test } from 'vitest';
import golden from '../../testkit/golden/rnn.json' with { type: 'json' };
import { expectClose } from './support.js';

const { chapter } = golden;

beforeEach(() => {
  resetDefaultGraph();
  setRandomSeed(chapter.graphSeed);
});

function run<const F extends Fetch>(fetches: F, feeds: Feeds) {
  const session = new Session({ backend: reference() });
  session.runSync(globalVariablesInitializer());
  const r = session.runSync(fetches, feeds);
  session.close();
  return r;
}

const seeded = <T>(seed: number, build: () => T): T =>
  variableScope('', { initializer: glorotUniformInitializer({ seed }) }, build);

test('the manual RNN', () => {
  const c = chapter.manual;
  const [X0, X1] = [placeholder('float32', [null, 3]), placeholder('float32', [null, 3])];
  const Wx = variable(randomNormal([3, 5], { seed: c.seeds.Wx }));
  const Wy = variable(randomNormal([5, 5], { seed: c.seeds.Wy }));
  const b = variable(zeros([1, 5]));
  const Y0 = tanh(matmul(X0, Wx).add(b));
  const Y1 = tanh(add(matmul(Y0, Wy), matmul(X1, Wx)).add(b));
  const r = run({ Y0, Y1, Wx, Wy }, [
    [X0, chapter.X0],
    [X1, chapter.X1],
  ]);
  expectClose(r.Wx.toArray(), c.Wx, 1e-6);
  expectClose(r.Wy.toArray(), c.Wy, 1e-6);
  expectClose(r.Y0.toArray(), c.Y0);
  expectClose(r.Y1.toArray(), c.Y1);
  expectClose(r.Y0.toArray(), [[-0.0664006, 0.9625767, 0.68105793, 0.7091854, -0.898216], ...c.Y0.slice(1)]);
});

test('the static RNN', () => {
  const c = chapter.staticRnn;
  const [X0, X1] = [placeholder('float32', [null, 3]), placeholder('float32', [null, 3])];
  const [outputs, state] = seeded(c.seed, () => staticRnn(new BasicRNNCell(5), [X0, X1], { dtype: 'float32' }));
  const r = run({ outputs, state }, [
    [X0, chapter.X0],
    [X1, chapter.X1],
  ]);
  expectClose(
    r.outputs.map((y) => y.toArray()),
    c.outputs,
  );
  expectClose(r.state.toArray(), c.state);
});

test('packing sequences', () => {
  const c = chapter.packing;
  const X = placeholder('float32', [null, 2, 3]);
  const outputs = seeded(c.seed, (): Tensor => {
    const [list] = staticRnn(new BasicRNNCell(5), unstack(transpose(X, [1, 0, 2])), { dtype: 'float32' });
    return transpose(stack(list), [1, 0, 2]);
  });
  expectClose(run(outputs, [[X, chapter.X]]).toArray(), c.outputs);
});

test('the dynamic RNN', () => {
  const c = chapter.dynamicRnn;
  const X = placeholder('float32', [null, 2, 3]);
  const [outputs, state] = seeded(c.seed, () => dynamicRnn(new BasicRNNCell(5), X, { dtype: 'float32' }));
  const r = run({ outputs, state }, [[X, chapter.X]]);
  expectClose(r.outputs.toArray(), c.outputs);
  expectClose(r.state.toArray(), c.state);
});

test('sequence lengths: outputs past the end are zeros, the state is the last output', () => {
  const c = chapter.sequenceLengths;
  const X = placeholder('float32', [null, 2, 3]);
  const lengths = placeholder('int32', [null]);
  const [outputs, state] = seeded(c.seed, () =>
    dynamicRnn(new BasicRNNCell(5), X, { dtype: 'float32', sequenceLength: lengths }),
  );
  const r = run({ outputs, state }, [
    [X, chapter.X],
    [lengths, c.sequenceLength],
  ]);
  expectClose(r.outputs.toArray(), c.outputs);
  expectClose(r.state.toArray(), c.state);
  for (let unit = 0; unit < 5; unit++) {
    expect(r.outputs.get(1, 1, unit)).toBe(0);
    expect(r.state.get(1, unit)).toBe(r.outputs.get(1, 0, unit));
  }
});
