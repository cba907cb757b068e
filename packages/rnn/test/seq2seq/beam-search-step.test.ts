import { type Tensor, constant, isTensor, ones, resetDefaultGraph, toInts, zeros } from '@tensorloom/graph';
import { nn } from '@tensorloom/nn';
import { beforeEach, describe, expect, test } from 'vitest';
import { type BeamScoring, type Beams, beamSearchStep } from '../../src/seq2seq/beam-search-step.js';
import { expectClose } from '../support.js';
import { run } from './support.js';

beforeEach(() => resetDefaultGraph());

const int = (value: unknown) => constant(value as number[], { dtype: 'int32' });
const bool = (value: unknown) => constant(value as boolean[], { dtype: 'bool' });
const scoring = (): BeamScoring => ({
  endToken: toInts(0, 'test'),
  lengthPenaltyWeight: 0.6,
  coveragePenaltyWeight: 0,
});

/** Logits of `width` beams of two rows and five classes: .0001 but for those given. */
function logitsOf(width: number, given: readonly (readonly [number, number, number, number])[]): Tensor {
  const all = [0, 1].map(() => Array.from({ length: width }, () => Array.from({ length: 5 }, () => 0.0001)));
  for (const [row, beam, id, value] of given) all[row][beam][id] = value;
  return constant(all);
}

describe("TensorFlow's numbers", () => {
  const logProbs = (): Tensor => nn.logSoftmax(ones([2, 3]));

  test('the best of all beams go on', () => {
    const logits = logitsOf(3, [
      [0, 0, 2, 1.9],
      [0, 0, 3, 2.1],
      [0, 1, 3, 3.1],
      [0, 1, 4, 0.9],
      [1, 0, 1, 0.5],
      [1, 1, 2, 2.7],
      [1, 2, 2, 10],
      [1, 2, 3, 0.2],
    ]);
    const before: Beams = {
      logProbs: logProbs(),
      finished: zeros([2, 3], { dtype: 'bool' }),
      lengths: int([
        [2, 2, 2],
        [2, 2, 2],
      ]),
      accumulatedAttentionProbs: [],
    };
    const [output, { logProbs: after, finished, lengths }] = beamSearchStep(logits, before, undefined, scoring());
    const got = run({ output, after, finished, lengths, step: nn.logSoftmax(logits), was: before.logProbs });
    expect(got.output.predictedIds.toArray()).toEqual([
      [3, 3, 2],
      [2, 2, 1],
    ]);
    expect(got.output.parentIds.toArray()).toEqual([
      [1, 0, 0],
      [2, 1, 0],
    ]);
    expect(got.lengths.toArray()).toEqual([
      [3, 3, 3],
      [3, 3, 3],
    ]);
    expect(Array.from(got.finished.data)).toEqual([0, 0, 0, 0, 0, 0]);
    const goneOn = (row: number, beam: number, id: number) => got.was.get(row, beam) + got.step.get(row, beam, id);
    expectClose(got.after.toArray(), [
      [goneOn(0, 1, 3), goneOn(0, 0, 3), goneOn(0, 0, 2)],
      [goneOn(1, 2, 2), goneOn(1, 1, 2), goneOn(1, 0, 1)],
    ]);
  });

  test('a finished beam stays as it is, and is one of the best by its score', () => {
    const logits = logitsOf(3, [
      [0, 0, 2, 1.9],
      [0, 0, 3, 2.1],
      [0, 1, 3, 3.1],
      [0, 1, 4, 0.9],
      [1, 0, 1, 0.5],
      [1, 1, 2, 5.7],
      [1, 2, 2, 1],
      [1, 2, 3, 0.2],
    ]);
    const before: Beams = {
      logProbs: logProbs(),
      finished: bool([
        [false, true, false],
        [false, false, true],
      ]),
      lengths: int([
        [2, 1, 2],
        [2, 2, 1],
      ]),
      accumulatedAttentionProbs: [],
    };
    const [output, { logProbs: after, finished, lengths }] = beamSearchStep(logits, before, undefined, scoring());
    const got = run({ output, after, finished, lengths, step: nn.logSoftmax(logits), was: before.logProbs });
    expect(got.output.parentIds.toArray()).toEqual([
      [1, 0, 0],
      [1, 2, 0],
    ]);
    expect(got.output.predictedIds.toArray()).toEqual([
      [0, 3, 2],
      [2, 0, 1],
    ]);
    expect(got.lengths.toArray()).toEqual([
      [1, 3, 3],
      [3, 1, 3],
    ]);
    expect(got.finished.toArray()).toEqual([
      [true, false, false],
      [false, true, false],
    ]);
    const was = got.was.get(0, 0);
    expectClose(got.after.toArray(), [
      [was, was + got.step.get(0, 0, 3), was + got.step.get(0, 0, 2)],
      [was + got.step.get(1, 1, 2), was, was + got.step.get(1, 0, 1)],
    ]);
  });

  test('more beams than classes: those that nothing can go on from stay at -Infinity', () => {
    const width = 8;
    const logits = logitsOf(width, [
      [0, 0, 2, 1.9],
      [0, 0, 3, 2.1],
      [0, 1, 3, 3.1],
      [0, 1, 4, 0.9],
      [1, 0, 1, 0.5],
      [1, 1, 2, 2.7],
      [1, 2, 2, 10],
      [1, 2, 3, 0.2],
    ]);
    const perRow = <T>(first: T, rest: T): T[][] => [0, 1].map(() => [first, ...Array<T>(width - 1).fill(rest)]);
    const before: Beams = {
      logProbs: constant(perRow(0, -Infinity)),
      finished: bool(perRow(false, true)),
      lengths: int(perRow(2, 0)),
      accumulatedAttentionProbs: [],
    };
    const [output, { logProbs, lengths }] = beamSearchStep(logits, before, undefined, scoring());
    const got = run({ output, logProbs, lengths });
    expect(got.output.predictedIds.get(0, 0)).toBe(3);
    expect(got.output.predictedIds.get(0, 1)).toBe(2);
    expect(got.output.predictedIds.get(1, 0)).toBe(1);
    for (const row of [0, 1]) {
      for (let beam = 0; beam < width; beam++) {
        expect(Number.isFinite(got.logProbs.get(row, beam))).toBe(beam < 5);
        if (beam < 5) expect(got.lengths.get(row, beam)).toBeGreaterThan(0);
        else expect(got.lengths.get(row, beam)).toBe(0);
      }
    }
  });
});

test('the length penalty divides by ((5 + length) / 6) to its power, and the end counts for no length', () => {
  const before: Beams = {
    logProbs: constant([[-1, -2]]),
    finished: bool([[true, false]]),
    lengths: int([[3, 4]]),
    accumulatedAttentionProbs: [],
  };
  const [{ scores, predictedIds, parentIds }] = beamSearchStep(
    constant([
      [
        [0, 0],
        [0, 0],
      ],
    ]),
    before,
    undefined,
    { ...scoring(), lengthPenaltyWeight: 1 },
  );
  const got = run({ scores, predictedIds, parentIds });
  // The finished beam: -1 / (8/6); the other: -2 - ln 2, over 10/6 where it goes on, over 9/6 where it ends.
  expectClose(got.scores.toArray(), [[-0.75, (-2 - Math.LN2) / (10 / 6)]]);
  expect(got.predictedIds.toArray()).toEqual([[0, 1]]);
  expect(got.parentIds.toArray()).toEqual([[0, 1]]);
});

test('the coverage penalty takes from a finished beam what its attention has left out; 0 is past the end', () => {
  const before: Beams = {
    logProbs: constant([[-1, -1]]),
    finished: bool([[true, false]]),
    lengths: int([[1, 1]]),
    accumulatedAttentionProbs: constant([
      [
        [0.5, 2, 0],
        [0.5, 0.5, 0],
      ],
    ]),
  };
  const attention = constant([
    [
      [0.25, 0.75, 0],
      [0.25, 0.75, 0],
    ],
  ]);
  const [{ scores, parentIds }, { accumulatedAttentionProbs }] = beamSearchStep(
    constant([
      [
        [0, 0],
        [0, 0],
      ],
    ]),
    before,
    attention,
    { ...scoring(), lengthPenaltyWeight: 0, coveragePenaltyWeight: 2 },
  );
  if (!isTensor(accumulatedAttentionProbs)) throw new Error('expected attention to be summed up');
  const got = run({ scores, parentIds, seen: accumulatedAttentionProbs });
  // The finished beam had .5 and 2: -1 + 2 ln .5; the other had no penalty: -1 - ln 2.
  expectClose(got.scores.toArray(), [[-1 - Math.LN2, -1 - Math.LN2]]);
  expect(got.parentIds.toArray()).toEqual([[1, 1]]);
  expectClose(got.seen.toArray(), [
    [
      [0.75, 1.25, 0],
      [0.75, 1.25, 0],
    ],
  ]);
});
