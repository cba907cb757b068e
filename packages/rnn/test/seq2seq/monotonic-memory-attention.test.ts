import { reference } from '@tensorloom/backend-reference';
import {
  type Tensor,
  constant,
  globalVariablesInitializer,
  resetDefaultGraph,
  setRandomSeed,
  trainableVariables,
  variableScope,
  zeros,
} from '@tensorloom/graph';
import { seq2seq } from '@tensorloom/rnn';
import { Session } from '@tensorloom/runtime';
import { beforeEach, expect, test } from 'vitest';
import { expectClose } from '../support.js';

beforeEach(() => {
  resetDefaultGraph();
  setRandomSeed(4);
});

const { BahdanauMonotonicAttention, LuongMonotonicAttention } = seq2seq;
const options: seq2seq.MonotonicMemoryAttentionOptions = { mode: 'recursive' };

function run<T>(use: (session: Session) => T): T {
  const session = new Session({ backend: reference() });
  session.runSync(globalVariablesInitializer());
  const result = use(session);
  session.close();
  return result;
}

/** The first alignments of a mechanism whose scores are 0 but for bias and noise. */
const firstOf = (more: seq2seq.LuongMonotonicAttentionOptions, places = 4, rows = 1): Tensor => {
  const attention = new LuongMonotonicAttention(2, zeros([rows, places, 3]), { ...options, ...more });
  return attention.call(zeros([rows, 2]), attention.initialState(rows, 'float32'))[0];
};

test('begins at the first place', () => {
  const attention = new BahdanauMonotonicAttention(2, zeros([2, 3, 1]), options);
  const initial = run((session) => session.runSync(attention.initialAlignments(2, 'float32')).toArray());
  expect(initial).toEqual([
    [1, 0, 0],
    [1, 0, 0],
  ]);
});

test('stops with the probability that the bias says, and not past the end', () => {
  const p = 1 / (1 + Math.exp(1.5));
  const q = 1 - p;
  const [all, short] = [4, 2].map((n) =>
    variableScope(`of_${n}`, () => firstOf({ scoreBiasInit: -1.5, memorySequenceLength: [n] })),
  );
  const got = run((session) => session.runSync([all, short]).map((v) => v.toArray()));
  expectClose(got[0], [[p, q * p, q * q * p, q * q * q * p]], 1e-6);
  expectClose(got[1], [[p, q * p, 0, 0]], 1e-6);
});

test('noise has the standard deviation that is asked for, anew in each run, and none by default', () => {
  // With one place the alignment is the probability there: its logit is the noise.
  const rows = 2000;
  const alignments = firstOf({ sigmoidNoise: 0.5, sigmoidNoiseSeed: 7 }, 1, rows);
  const logits = (session: Session): number[] =>
    Array.from(session.runSync(alignments).data, (p) => Math.log(p / (1 - p)));
  const [once, twice] = run((session) => [logits(session), logits(session)]);
  for (const noise of [once, twice]) {
    const mean = noise.reduce((a, b) => a + b, 0) / rows;
    const deviation = Math.sqrt(noise.reduce((sum, v) => sum + (v - mean) ** 2, 0) / rows);
    // Five standard errors.
    expect(Math.abs(mean)).toBeLessThan((5 * 0.5) / Math.sqrt(rows));
    expect(Math.abs(deviation - 0.5)).toBeLessThan((5 * 0.5) / Math.sqrt(2 * rows));
  }
  expect(once).not.toEqual(twice);
});

test('without noise runs agree; hard ones decide', () => {
  const memory = constant([[[-1], [2], [3]]]);
  const attention = new LuongMonotonicAttention(1, memory, { mode: 'hard', scoreBiasInit: 0.25 });
  const [alignments] = attention.call(constant([[1]]), attention.initialState(1, 'float32'));
  const kernel = trainableVariables()[0];
  run((session) => {
    session.runSync(kernel.assign([[1]]));
    expect(session.runSync(alignments).toArray()).toEqual([[0, 1, 0]]);
    session.runSync(kernel.assign([[-1]]));
    expect(session.runSync(alignments).toArray()).toEqual([[1, 0, 0]]);
  });
});
