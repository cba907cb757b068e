import { constant, reshape, resetDefaultGraph, stack } from '@tensorloom/graph';
import { seq2seq } from '@tensorloom/rnn';
import { beforeEach, describe, expect, test } from 'vitest';
import { run } from './support.js';

beforeEach(() => resetDefaultGraph());

const int = (value: unknown) => constant(value as number[], { dtype: 'int32' });

describe("TensorFlow's numbers", () => {
  const array = [
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
    [
      [0, 0, 0],
      [11, 12, 0],
    ],
  ];
  const parents = [
    [
      [0, 0, 0],
      [0, 0, 0],
    ],
    [
      [0, 1, 1],
      [1, 1, 0],
    ],
    [
      [2, 1, 2],
      [2, 0, 1],
    ],
    [
      [-1, -1, -1],
      [0, 1, 0],
    ],
  ];
  const sorted = [
    [
      [2, 2, 2],
      [2, 3, 2],
    ],
    [
      [6, 5, 6],
      [7, 5, 7],
    ],
    [
      [7, 8, 9],
      [8, 9, 8],
    ],
    [
      [0, 0, 0],
      [11, 12, 0],
    ],
  ];
  const lengths = [
    [3, 3, 3],
    [4, 4, 3],
  ];

  test.each([0, 1, 2])('with %i axes behind the beams', (depth) => {
    const deepened = (x: unknown) => {
      let t = constant(x as number[]);
      for (let i = 0; i < depth; i++) t = stack([t, t.add(1)], { axis: -1 });
      return t;
    };
    const got = seq2seq.gatherTreeFromArray(deepened(array), int(parents), int(lengths));
    const [a, b] = run([got, deepened(sorted)]);
    expect(a.toArray()).toEqual(b.toArray());
  });

  test('with rows and beams in one axis', () => {
    const merged = reshape(constant(array), [4, 6]);
    const got = seq2seq.gatherTreeFromArray(merged, int(parents), int(lengths));
    expect(run(got.reshape([4, 2, 3])).toArray()).toEqual(sorted);
  });

  test('where beams cross and end at different steps', () => {
    const cube = (steps: number[][]) => steps.map((step) => [step]);
    const t = cube([
      [25, 12, 114, 89, 97],
      [9, 91, 64, 11, 162],
      [34, 34, 34, 34, 34],
      [2, 4, 2, 2, 4],
      [2, 3, 6, 2, 2],
      [2, 2, 2, 3, 2],
      [2, 2, 2, 2, 2],
    ]);
    const from = cube([
      [0, 0, 0, 0, 0],
      [0, 0, 0, 0, 0],
      [0, 1, 2, 3, 4],
      [0, 0, 1, 2, 1],
      [0, 1, 1, 2, 3],
      [0, 1, 3, 1, 2],
      [0, 1, 2, 3, 4],
    ]);
    const got = seq2seq.gatherTreeFromArray(constant(t), int(from), int([[4, 6, 4, 7, 6]]));
    expect(run(got).toArray()).toEqual(
      cube([
        [25, 25, 25, 25, 25],
        [9, 9, 91, 9, 9],
        [34, 34, 34, 34, 34],
        [2, 4, 2, 4, 4],
        [2, 3, 6, 3, 6],
        [2, 2, 2, 3, 2],
        [2, 2, 2, 2, 2],
      ]),
    );
  });
});

test('says which shapes it expects', () => {
  expect(() => seq2seq.gatherTreeFromArray([[[1]]], [[0]], [[1]])).toThrow(/expected parentIds \[time, batch, beams\]/);
});
