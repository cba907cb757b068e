import {
  type Feeds,
  type HostValue,
  NDArray,
  type Tensor,
  constant,
  placeholder,
  resetDefaultGraph,
  variable,
} from '@tensorloom/graph';
import { beforeEach, describe, expect, test } from 'vitest';
import { readFeeds } from '../src/feeds.js';
import { here, messageFrom } from './support.js';

beforeEach(() => resetDefaultGraph());

/** The only value fed. */
const fed = (t: Tensor, value: HostValue) => [...readFeeds([[t, value]]).values()][0];

describe('a value', () => {
  test('may be a number, nested arrays, a typed array with or without a shape, or an NDArray', () => {
    const x = placeholder('float32', [2, 2]);
    const [rows, data] = [
      [
        [1, 2],
        [3, 4],
      ],
      Float32Array.of(1, 2, 3, 4),
    ];
    const expected = { dtype: 'float32', shape: [2, 2], data };
    expect(fed(x, rows)).toMatchObject(expected);
    expect(fed(x, { shape: [2, 2], data })).toMatchObject(expected);
    expect(fed(x, new NDArray('float32', [2, 2], data))).toMatchObject(expected);
    expect(fed(placeholder('float32', [4]), data)).toMatchObject({ shape: [4], data });
    expect(fed(placeholder('float32', []), 7)).toMatchObject({ shape: [], data: Float32Array.of(7) });
  });

  test('of plain numbers takes the dtype of the tensor', () => {
    expect(fed(placeholder('float64', [2]), [0.1, 2])).toMatchObject({
      dtype: 'float64',
      data: Float64Array.of(0.1, 2),
    });
    expect(fed(placeholder('int32', [2]), [1, -2])).toMatchObject({ dtype: 'int32', data: Int32Array.of(1, -2) });
    expect(fed(placeholder('bool', [2]), [true, false])).toMatchObject({ dtype: 'bool', data: Uint8Array.of(1, 0) });
  });

  test('of bytes is what the tensor is: images, labels, masks', () => {
    const bytes = Uint8Array.of(0, 1, 255);
    expect(fed(placeholder('float32', [3]), bytes)).toMatchObject({ data: Float32Array.of(0, 1, 255) });
    expect(fed(placeholder('int32', [3]), bytes)).toMatchObject({ data: Int32Array.of(0, 1, 255) });
    expect(fed(placeholder('bool', [3]), bytes)).toMatchObject({ data: Uint8Array.of(0, 1, 1) });
  });

  test('may be empty', () => {
    expect(fed(placeholder('int32', [null]), [])).toMatchObject({ dtype: 'int32', shape: [0] });
    expect(fed(placeholder('bool', [null]), [])).toMatchObject({ dtype: 'bool', shape: [0] });
  });

  test('is copied', () => {
    const x = placeholder('float32', [2]);
    const data = Float32Array.of(1, 2);
    const { data: copy } = fed(x, data);
    data.fill(9);
    expect(copy).toEqual(Float32Array.of(1, 2));
  });
});

describe('a key', () => {
  test('is any tensor, or a variable', () => {
    const [x, v] = [constant([1, 2]).exp(), variable([1, 2])];
    expect([
      ...readFeeds([
        [x, [3, 4]],
        [v, [5, 6]],
      ]),
    ]).toMatchObject([
      [x, { data: Float32Array.of(3, 4) }],
      [v.value(), { data: Float32Array.of(5, 6) }],
    ]);
  });

  test('may be a structure, with values of the same structure', () => {
    const [c, h, x] = [placeholder('float32', [2]), placeholder('float32', [2]), placeholder('float32', [])];
    const feeds = readFeeds([
      [
        [{ c, h }, x],
        [{ h: [3, 4], c: Float32Array.of(1, 2) }, 5],
      ],
    ]);
    expect([...feeds.keys()]).toEqual([c, h, x]);
    expect([...feeds.values()].map((v) => Array.from(v.data))).toEqual([[1, 2], [3, 4], [5]]);
  });
});

test('feeds are any iterable of pairs', () => {
  const x = placeholder('float32', []);
  function* generated(): Generator<[Tensor, number]> {
    yield [x, 1];
  }
  for (const feeds of [[[x, 1] as const], new Map([[x, 1]]), generated()])
    expect([...readFeeds(feeds).keys()]).toEqual([x]);
  expect(readFeeds([]).size).toBe(0);
});

describe('is refused:', () => {
  /** The message for feeding a value to a placeholder of this type, and the expected one. */
  function refusal(
    dtype: Tensor['dtype'],
    shape: Tensor['shape'],
    value: unknown,
  ): { got: string; wanted: (problem: string) => string } {
    const [x, at] = [placeholder(dtype, shape, { name: 'X' }), here()];
    const got = messageFrom(() => readFeeds([[x, value]] as unknown as Feeds));
    return {
      got,
      wanted: (problem) => `run: cannot feed 'X:0': ${problem}\n  node:    'X' = Placeholder()\n  made at: ${at}`,
    };
  }

  test.each([
    [
      'another shape',
      'float32',
      [null, 3],
      [[1, 2]],
      'expected shape [?,3], got [1,2]. Reshape the value, or build the graph with null where a dimension varies.',
    ],
    [
      'another rank',
      'float32',
      [3],
      5,
      'expected shape [3], got []. Reshape the value, or build the graph with null where a dimension varies.',
    ],
    [
      'rows that differ in length',
      'float32',
      undefined,
      [[1, 2], [3]],
      'value: rows differ in length: expected 2 entries at depth 1, got 1 entries.',
    ],
    [
      'another floating dtype',
      'float32',
      [2],
      Float64Array.of(1, 2),
      'expected dtype float32, got float64. Convert the value, or cast() in the graph.',
    ],
    [
      'floats for integers',
      'int32',
      [2],
      Float32Array.of(1, 2),
      'expected dtype int32, got float32. Convert the value, or cast() in the graph.',
    ],
    [
      'an NDArray of another dtype',
      'float32',
      [1],
      new NDArray('int32', [1], Int32Array.of(1)),
      'expected dtype float32, got int32. Convert the value, or cast() in the graph.',
    ],
    [
      'a fraction for integers',
      'int32',
      [2],
      [1, 2.5],
      'expected dtype int32, got 2.5. Round it, or use a float32 tensor.',
    ],
    [
      'a number beyond 32 bits for integers',
      'int32',
      [1],
      [2 ** 31],
      'expected dtype int32, got 2147483648. Round it, or use a float32 tensor.',
    ],
    ['NaN for integers', 'int32', [1], [NaN], 'expected dtype int32, got NaN. Round it, or use a float32 tensor.'],
    [
      'numbers for booleans',
      'bool',
      [2],
      [1, 0],
      'expected dtype bool, got numbers. Convert the value, or cast() in the graph.',
    ],
    [
      'booleans for numbers',
      'float32',
      [2],
      [true, false],
      'expected dtype float32, got booleans. Convert the value, or cast() in the graph.',
    ],
    ['null', 'float32', [2], null, 'expected float32[2], got null.'],
    ['undefined', 'float32', [2], undefined, 'expected float32[2], got undefined.'],
    ['a string', 'float32', [2], 'abc', 'expected float32[2], got a string.'],
    ['some object', 'float32', [2], new Map(), 'expected float32[2], got an object of class Map.'],
  ] as const)('%s', (_, dtype, shape, value, problem) => {
    const { got, wanted } = refusal(dtype, shape, value);
    expect(got).toBe(wanted(problem));
  });

  test('a tensor or a variable', () => {
    const problem = (name: string): string =>
      `expected float32[2], got the tensor '${name}', which has no elements. Run it first, or build on it.`;
    for (const value of [constant([1, 2], { name: 'c' }), variable([1, 2], { name: 'v' })]) {
      const { got, wanted } = refusal('float32', [2], value);
      expect(got).toBe(wanted(problem(value.name)));
      resetDefaultGraph();
    }
  });

  test('a tensor that is fed twice', () => {
    const [x, at] = [placeholder('float32', [], { name: 'X' }), here()];
    expect(
      messageFrom(() =>
        readFeeds([
          [x, 1],
          [[x], [2]],
        ]),
      ),
    ).toBe(
      `run: 'X:0' is fed twice, expected once. Leave one of the feeds out.\n  node:    'X' = Placeholder()\n  made at: ${at}`,
    );
  });

  const x = (): Tensor => placeholder('float32', []);
  test.each([
    [
      'a single pair',
      () => [x(), 1],
      'run: expected feeds as [tensor, value] pairs, got an object of class Tensor among them. Pass [[tensor, value], ...], also for a single one.',
    ],
    [
      'a plain object',
      () => ({ x: 1 }),
      'run: expected feeds as [tensor, value] pairs in an array or a Map, got an object of class Object. Pass [[tensor, value], ...].',
    ],
    [
      'a key that is no tensor',
      () => [['X:0', 1]],
      'run: feed is a string, expected a tensor or a variable, or arrays or plain objects of them.',
    ],
    [
      'a key that is an op',
      () => [[[x().op], [1]]],
      'run: feed[0] is an object of class Node, expected a tensor or a variable, or arrays or plain objects of them.',
    ],
    ['too few values', () => [[[x(), x()], [1]]], 'run: feed is an array of 2, expected as many values, got 1.'],
    [
      'no array of values',
      () => [[{ a: [x()] }, { a: 1 }]],
      'run: feed.a is an array of 1, expected as many values, got a number.',
    ],
    [
      'a value too few',
      () => [[{ c: x(), h: x() }, { c: 1 }]],
      'run: feed is {c, h}, expected values of the same structure, got {c}.',
    ],
    [
      'a value too many',
      () => [[{ c: x() }, { c: 1, h: 2 }]],
      'run: feed is {c}, expected values of the same structure, got {c, h}.',
    ],
    [
      'a value for a structure',
      () => [[{ c: x() }, 1]],
      'run: feed is {c}, expected values of the same structure, got a number.',
    ],
  ])('%s', (_, feeds, message) => {
    expect(() => readFeeds(feeds() as unknown as Feeds)).toThrow(new TypeError(message));
  });
});
