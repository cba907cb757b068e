import { constant, placeholder, resetDefaultGraph } from '@tensorloom/graph';
import { nn } from '@tensorloom/nn';
import { beforeEach, expect, test } from 'vitest';
import { checkSmooth, run } from './support.js';

beforeEach(() => resetDefaultGraph());

test('rows by id; over several tables in turn, or in runs', () => {
  expect(
    run([
      nn.embeddingLookup(
        [
          [1, 2],
          [3, 4],
        ],
        [1, 0, 1],
      ),
    ]),
  ).toEqual([[3, 4, 1, 2, 3, 4]]);
  // Five ids over two tables: 0, 2, 4 and 1, 3, or 0, 1, 2 and 3, 4.
  const [even, odd] = [constant([[0], [2], [4]]), constant([[1], [3]])];
  const [first, last] = [constant([[0], [1], [2]]), constant([[3], [4]])];
  const ids = [4, 3, 2, 1, 0];
  expect(
    run([nn.embeddingLookup([even, odd], ids), nn.embeddingLookup([first, last], ids, { partitionStrategy: 'div' })]),
  ).toEqual([ids, ids]);
});

test('tables whose lengths only a run knows', () => {
  const [a, b] = [placeholder('float32', [null, 2]), placeholder('float32', [null, 2])];
  const feeds = [
    [
      a,
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
    ],
    [
      b,
      [
        [7, 8],
        [9, 10],
      ],
    ],
  ] as const;
  const ids = [
    [3, 0],
    [1, 4],
  ];
  const [inTurn, inBlocks] = (['mod', 'div'] as const).map((partitionStrategy) =>
    nn.embeddingLookup([a, b], ids, { partitionStrategy }),
  );
  expect(inTurn.shape).toEqual([2, 2, 2]);
  expect(run([inTurn, inBlocks], feeds)).toEqual([
    [9, 10, 1, 2, 7, 8, 5, 6],
    [7, 8, 1, 2, 3, 4, 9, 10],
  ]);
});

test('long rows are cut to a norm, short and zero ones stay', () => {
  const table = constant([
    [3, 4],
    [0.3, 0.4],
    [0, 0],
  ]);
  const [y] = run([nn.embeddingLookup(table, [0, 1, 2], { maxNorm: 1 })]);
  [0.6, 0.8, 0.3, 0.4, 0, 0].forEach((v, i) => expect(y[i]).toBeCloseTo(v, 6));
});

test('gradients, orders 1 and 2, rows used twice and cut ones among them', () => {
  checkSmooth([[3, 2]], ([t]) => nn.embeddingLookup(t, [2, 0, 2], { maxNorm: 1.3 }));
  checkSmooth(
    [
      [2, 2],
      [1, 2],
    ],
    ([a, b]) => nn.embeddingLookup([a, b], [2, 0, 1, 2]),
  );
});

test('errors', () => {
  const tables = [constant([[0], [2]]), constant([[1], [3]])];
  for (const partitionStrategy of ['mod', 'div'] as const) {
    for (const id of [-1, 4])
      expect(() => run([nn.embeddingLookup(tables, [id], { partitionStrategy })])).toThrow(
        /is out of range for axis 0/,
      );
  }
  expect(() => nn.embeddingLookup([], [0])).toThrow(
    /^embeddingLookup: expected a tensor of rows, or several, got none/,
  );
  expect(() => nn.embeddingLookup([[1]], constant([0.5]))).toThrow(/^embeddingLookup: expected int32 ids/);
  expect(() => nn.embeddingLookup([[1]], [0], { maxNorm: 0 })).toThrow(/^embeddingLookup: expected a maxNorm above 0/);
  expect(() => run([nn.embeddingLookup([[1], [2]], [2])])).toThrow(
    /index 2 at position 0 is out of range for axis 0 of length 2/,
  );
});
