import { reference } from '@tensorloom/backend-reference';
import {
  NDArray,
  constant,
  globalVariablesInitializer,
  placeholder,
  resetDefaultGraph,
  trainableVariables,
  variableScope,
} from '@tensorloom/graph';
import { seq2seq } from '@tensorloom/rnn';
import { Session } from '@tensorloom/runtime';
import { ndarrays } from '@tensorloom/testkit';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { expectClose } from '../support.js';

beforeEach(() => resetDefaultGraph());

const { BahdanauAttention, LuongAttention } = seq2seq;

function run<T>(use: (session: Session) => T): T {
  const session = new Session({ backend: reference() });
  session.runSync(globalVariablesInitializer());
  const result = use(session);
  session.close();
  return result;
}

const lengths = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 3, maxLength: 3 });

test.each([LuongAttention, BahdanauAttention])(
  'alignments sum to 1 over what there is of each row, and values past it are zeros: %o',
  (Attention) => {
    fc.assert(
      fc.property(
        ndarrays('float64', [3, 4, 2]),
        ndarrays('float64', [3, 2]),
        lengths,
        (m, q, memorySequenceLength) => {
          resetDefaultGraph();
          const memory = placeholder('float64', [null, null, 2]);
          const query = placeholder('float64', [null, 2]);
          const attention = new Attention(2, memory, { memorySequenceLength });
          const [alignments, state] = attention.call(query, attention.initialState(3, 'float64'));
          const feeds = [
            [memory, m],
            [query, q],
          ] as const;
          const got = run((session) => session.runSync({ alignments, state, values: attention.values }, feeds));
          expect(got.state.toArray()).toEqual(got.alignments.toArray());
          const [weights, values, given] = [got.alignments, got.values, m].map(({ data }) => Array.from(data, Number));
          memorySequenceLength.forEach((n, row) => {
            const own = weights.slice(4 * row, 4 * row + 4);
            expect(own.slice(n).filter((v) => v !== 0)).toEqual([]);
            expect(own.filter((v) => v < 0)).toEqual([]);
            expectClose(
              own.reduce((a, b) => a + b, 0),
              1,
              1e-12,
            );
            const [start, end] = [8 * row, 8 * row + 8];
            expect(values.slice(start, start + 2 * n)).toEqual(given.slice(start, start + 2 * n));
            expect(values.slice(start + 2 * n, end).filter((v) => v !== 0)).toEqual([]);
          });
        },
      ),
      { numRuns: 25 },
    );
  },
);

test('sizes, known and not', () => {
  const known = new LuongAttention(3, constant(0, { shape: [2, 4, 5] }));
  expect([known.alignmentsSize, known.stateSize, known.keys.shape]).toEqual([4, 4, [2, 4, 3]]);
  expect(known.initialAlignments(2, 'float64').shape).toEqual([2, 4]);
  const memory = placeholder('float32', [null, null, 5]);
  const unknown = variableScope('b', () => new BahdanauAttention(3, memory));
  const initial = unknown.initialState(constant(2, { dtype: 'int32' }), 'float32');
  const zeros = run((session) =>
    session.runSync(initial, [[memory, new NDArray('float32', [2, 3, 5], new Float32Array(30))]]),
  );
  expect(zeros.toArray()).toEqual([
    [0, 0, 0],
    [0, 0, 0],
  ]);
});

test('scores past the end and probabilities as one likes', () => {
  const memory = constant([[[1], [5], [3]]], { dtype: 'float64' });
  const options = { memorySequenceLength: [2] };
  const make = (more: seq2seq.LuongAttentionOptions): seq2seq.MemoryAttention =>
    new LuongAttention(1, memory, { ...options, ...more });
  const all = [
    make({ probabilityFn: seq2seq.hardmax }),
    make({ probabilityFn: (score) => score, scoreMaskValue: -7 }),
  ].map((attention) => attention.call(constant([[0]], { dtype: 'float64' }), attention.initialState(1, 'float64'))[0]);
  const [hard, masked] = run((session) => session.runSync(all).map((v) => v.toArray()));
  expect(hard).toEqual([[1, 0, 0]]);
  expect(masked).toEqual([[0, 0, -7]]);
});

test('the memory layers of two mechanisms in a scope are two, and shared by reuse', () => {
  const memory = constant(0, { shape: [2, 4, 5] });
  const build = (): unknown => [new LuongAttention(3, memory), new BahdanauAttention(3, memory)];
  const names = ['encoder/memory_layer/kernel', 'encoder/memory_layer_1/kernel'];
  variableScope('encoder', build);
  expect(trainableVariables().map((v) => v.op)).toEqual(names);
  variableScope('encoder', { reuse: true }, build);
  expect(trainableVariables().map((v) => v.op)).toEqual(names);
});

test('errors now', () => {
  const memory = constant(0, { shape: [2, 4, 5] });
  expect(() => new LuongAttention(0, memory)).toThrow(/LuongAttention: expected a positive number of units, got 0/);
  expect(() => new LuongAttention(3, placeholder('float32', [2, 4, null]))).toThrow(
    /LuongAttention: expected a memory \[batch, time, depth\] with a known depth, got .*\[2,4,\?\]/,
  );
  expect(() => new BahdanauAttention(3, constant(0, { shape: [2, 4] }))).toThrow(
    /BahdanauAttention: expected a memory \[batch, time, depth\]/,
  );
  expect(() => new LuongAttention(3, memory, { dtype: 'float64' })).toThrow(
    /LuongAttention: expected a memory of dtype float64, got .*float32/,
  );
  expect(() => new LuongAttention(3, memory, { memorySequenceLength: [1, 2, 3] })).toThrow(
    /LuongAttention: expected memorySequenceLength to be int32 \[2\], got .*\[3\]/,
  );
});

test.each([
  [[0, 2], /every memorySequenceLength must be at least 1, so that there is something to attend to/],
  [[5, 2], /memorySequenceLength must be between 0 and the number of steps/],
  [[2], /memorySequenceLength must have one length for each sequence/],
])('errors of a run: lengths %o', (values, message) => {
  const given = placeholder('int32', [null]);
  const memory = placeholder('float32', [null, 4, 3]);
  const attention = new LuongAttention(3, memory, { memorySequenceLength: given });
  run((session) =>
    expect(() =>
      session.runSync(attention.values, [
        [given, values],
        [memory, new NDArray('float32', [2, 4, 3], new Float32Array(24))],
      ]),
    ).toThrow(message),
  );
});
