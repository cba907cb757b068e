import { constant, placeholder, resetDefaultGraph } from '@tensorloom/graph';
import { seq2seq } from '@tensorloom/rnn';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { run } from './support.js';

beforeEach(() => resetDefaultGraph());

const int = (value: unknown) => constant(value as number[], { dtype: 'int32' });

test("TensorFlow's numbers: one row, with a step past its end", () => {
  const ids = [
    [1, 2, 3],
    [4, 5, 6],
    [7, 8, 9],
    [-1, -1, -1],
  ].map((step) => [step]);
  const parents = [
    [0, 0, 0],
    [0, 1, 1],
    [2, 1, 2],
    [-1, -1, -1],
  ].map((step) => [step]);
  const beams = run(seq2seq.gatherTree(int(ids), int(parents), [3], 10)).toArray();
  expect(beams).toEqual([[[2, 2, 2]], [[6, 5, 6]], [[7, 8, 9]], [[10, 10, 10]]]);
});

test("TensorFlow's numbers: two rows", () => {
  const ids = [
    [
      [1, 2, 3],
      [2, 3, 4],
    ],
    [
      [4, 5, 6],
      [5, 6, 7],
    ],
    [
      [7, 8, 9],
      [8, 9, 10],
    ],
  ];
  const parents = [
    [
      [0, 0, 0],
      [0, 0, 0],
    ],
    [
      [0, 1, 1],
      [1, 2, 0],
    ],
    [
      [2, 1, 2],
      [2, 1, 1],
    ],
  ];
  expect(run(seq2seq.gatherTree(int(ids), int(parents), [3, 3], 11)).toArray()).toEqual([
    [
      [2, 2, 2],
      [2, 4, 4],
    ],
    [
      [6, 5, 6],
      [7, 6, 6],
    ],
    [
      [7, 8, 9],
      [8, 9, 10],
    ],
  ]);
});

/** The ids of one beam, beam by beam, as the definition says. */
function traced(ids: number[][][], parents: number[][][], lengths: number[], end: number): number[][][] {
  const result = ids.map((step) => step.map((row) => row.map(() => end)));
  lengths.forEach((length, row) => {
    ids[0][row].forEach((_, beam) => {
      let at = beam;
      for (let time = Math.min(length, ids.length) - 1; time >= 0; time--) {
        result[time][row][beam] = ids[time][row][at];
        at = parents[time][row][at];
      }
      const written = result.findIndex((step) => step[row][beam] === end);
      if (written >= 0) result.slice(written).forEach((step) => (step[row][beam] = end));
    });
  });
  return result;
}

test('is what following parents by hand gives, whatever the shape', () => {
  const steps = placeholder('int32', [null, null, null]);
  const parents = placeholder('int32', [null, null, null]);
  const lengths = placeholder('int32', [null]);
  const beams = seq2seq.gatherTree(steps, parents, lengths, 4);
  const tree = fc
    .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 4 }))
    .chain(([time, batch, width]) => {
      const cube = (max: number) => {
        const row = fc.array(fc.nat(max), { minLength: width, maxLength: width });
        const step = fc.array(row, { minLength: batch, maxLength: batch });
        return fc.array(step, { minLength: time, maxLength: time });
      };
      const each = fc.array(fc.nat(time + 1), { minLength: batch, maxLength: batch });
      return fc.tuple(cube(6), cube(width - 1), each);
    });
  fc.assert(
    fc.property(tree, ([ids, from, each]) => {
      const got = run(beams, [
        [steps, ids],
        [parents, from],
        [lengths, each],
      ]).toArray();
      expect(got).toEqual(traced(ids, from, each, 4));
    }),
    { numRuns: 30 },
  );
});

test('says which shapes it expects', () => {
  expect(() => seq2seq.gatherTree([[1]], [[[0]]], [1], 0)).toThrow(
    /expected stepIds and parentIds \[time, batch, beams\]/,
  );
  expect(() => seq2seq.gatherTree([[[1]]], [[[0]]], [1, 1], 0)).toThrow(/maxSequenceLengths \[batch\]/);
  expect(() => seq2seq.gatherTree([[[1]]], [[[0]]], [1], [0])).toThrow(/endToken to be an int32 scalar/);
});
