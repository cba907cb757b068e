import { reference } from '@tensorloom/backend-reference';
import { beforeEach, describe, expect, test } from 'vitest';
import * as tl from 'tensorloom';
import { run, runWith } from './running.js';

beforeEach(() => tl.resetDefaultGraph());

const dtypes = ['float32', 'float64', 'int32'] as const;
/** float64 is held by the reference backend only: there, arrays are on the host. */
const runOn = (dtype: tl.DType, ...fetches: readonly (tl.Tensor | null)[]): unknown[] => {
  if (dtype !== 'float64') return run(...fetches);
  const session = new tl.Session({ backend: reference() });
  const live = fetches.map((t) => t ?? expect.fail('a gradient is missing'));
  const values = session.runSync(live).map((v) => v.toArray());
  session.close();
  return values;
};
const c = (value: tl.HostValue, dtype: tl.DType = 'float32'): tl.Tensor => tl.constant(value, { dtype });
const anyShape = { inferShape: false };

describe('write and read', () => {
  test('testTensorArrayWriteRead: elements of different shapes', () => {
    const ta = new tl.TensorArray('float32', 3, anyShape);
    const w = ta
      .write(0, [[4, 5]])
      .write(1, [[1]])
      .write(2, -3);
    expect(run(w.read(0), w.read(1), w.read(2))).toEqual([[[4, 5]], [[1]], -3]);
  });

  test.each(dtypes)('testTensorArrayWritePack, %s', (dtype) => {
    const ta = new tl.TensorArray(dtype, 3);
    const w = ta
      .write(0, [[4, 5]])
      .write(1, [[6, 7]])
      .write(2, [[8, 9]]);
    expect(w.stack().shape).toEqual([3, 1, 2]);
    expect(runOn(dtype, w.stack())).toEqual([[[[4, 5]], [[6, 7]], [[8, 9]]]]);
  });

  test.each(dtypes)('testTensorArrayWriteConcat, %s: first dimensions may differ', (dtype) => {
    const ta = new tl.TensorArray(dtype, 3, anyShape);
    const rows = [
      [4, 5],
      [104, 105],
      [204, 205],
      [6, 7],
      [106, 107],
      [8, 9],
    ];
    const w = ta.write(0, rows.slice(0, 3)).write(1, rows.slice(3, 5)).write(2, rows.slice(5));
    expect(runOn(dtype, w.concat())).toEqual([rows]);
  });

  test.each(dtypes)('testTensorArrayUnpackRead, %s: a vector, a matrix, an empty matrix', (dtype) => {
    const read = (x: tl.HostValue): unknown[] => {
      const w = new tl.TensorArray(dtype, 3).unstack(c(x, dtype));
      return runOn(dtype, w.read(0), w.read(1), w.read(2));
    };
    expect(read([1, 2, 3])).toEqual([1, 2, 3]);
    expect(
      read([
        [1, 4],
        [2, 5],
        [3, 6],
      ]),
    ).toEqual([
      [1, 4],
      [2, 5],
      [3, 6],
    ]);
    expect(read({ shape: [3, 0], data: new Float32Array(0) })).toEqual([[], [], []]);
  });

  test.each(dtypes)('testTensorArraySplitRead, %s: pieces, empty ones among them', (dtype) => {
    const read = (x: tl.HostValue, lengths: number[]): unknown[] => {
      const w = new tl.TensorArray(dtype, 3, anyShape).split(c(x, dtype), lengths);
      return runOn(dtype, w.read(0), w.read(1), w.read(2));
    };
    expect(read({ shape: [0], data: new Float32Array(0) }, [0, 0, 0])).toEqual([[], [], []]);
    expect(read([1, 2, 3], [2, 0, 1])).toEqual([[1, 2], [], [3]]);
    const matrix = [
      [1, 101],
      [2, 201],
      [3, 301],
    ];
    expect(read(matrix, [2, 0, 1])).toEqual([matrix.slice(0, 2), [], matrix.slice(2)]);
  });

  test('testMultiTensorArray: two arrays do not mix', () => {
    const [a, b] = [4, 5].map((v) => new tl.TensorArray('float32', 1).write(0, v).read(0));
    expect(run(a.add(b))).toEqual([9]);
  });

  test('testSizeTensorArray', () => {
    expect(run(new tl.TensorArray('float32', 3).size())).toEqual([3]);
  });

  test('testTensorArrayReadTwice: an element may be read again, except where reading clears', () => {
    const value = [
      [1, -1],
      [10, -10],
    ];
    const w = new tl.TensorArray('float32', 2).unstack(value);
    const first = w.read(0);
    const second = tl.controlDependencies([first], () => w.read(0));
    expect(run(first, second)).toEqual([
      [1, -1],
      [1, -1],
    ]);
    const once = new tl.TensorArray('float32', 2, { clearAfterRead: true }).unstack(value);
    expect(run(once.read(0), once.read(1))).toEqual(value);
    expect(() => once.read(0)).toThrow(
      'TensorArray.read: element 0 was read before and is cleared, as clearAfterRead asks for. Read it once, or leave out clearAfterRead.',
    );
  });

  test('testSkipEagerTensorArrayUnpackDynamic: a dynamic array grows', () => {
    const x = c([1, 2, 3]);
    const r = new tl.TensorArray('float32', 3, { dynamicSize: true }).unstack(x).write(3, 4).stack();
    expect(run(r, ...tl.gradients(r, x))).toEqual([
      [1, 2, 3, 4],
      [1, 1, 1],
    ]);
  });

  test('testSkipEagerTensorArraySplitDynamic', () => {
    const x = c([1, 2, 3]);
    const r = new tl.TensorArray('float32', 3, { dynamicSize: true }).split(x, [1, 1, 1]).write(3, [4]).concat();
    expect(run(r, ...tl.gradients(r, x))).toEqual([
      [1, 2, 3, 4],
      [1, 1, 1],
    ]);
  });

  test('testSkipEagerTensorArrayEvalEmptyWithDefault: no elements, of a known shape', () => {
    const ta = new tl.TensorArray('float32', 0);
    ta.unstack(tl.zeros([0, 3, 5]));
    const session = new tl.Session();
    expect(session.runSync([ta.size(), ta.stack(), ta.concat()]).map((v) => [...v.shape])).toEqual([
      [],
      [0, 3, 5],
      [0, 5],
    ]);
    session.close();
  });

  test('testSkipEagerTensorArrayEvalEmpty: no elements, of an unknown shape', () => {
    const ta = new tl.TensorArray('float32', 0, anyShape);
    expect(() => run(ta.stack())).toThrow(
      'ListStack: the list is empty and the shape of its elements is not known. Give it a static shape.',
    );
    expect(() => run(ta.concat())).toThrow('ListConcat: the list is empty');
  });
});

describe('what does not fit', () => {
  test('testTensorArrayWriteWrongIndexOrDataTypeFails', () => {
    const ta = new tl.TensorArray('float32', 3);
    expect(() => ta.write(0, c(3, 'int32'))).toThrow(
      'TensorArray.write: expected float32, the dtype of the array, got int32. Use cast().',
    );
    for (const index of [-1, 3]) {
      expect(() => run(ta.write(index, 3).read(0))).toThrow(
        `ListPut: index ${index} is out of range for a list of 3 that does not grow. Give it a larger size, or dynamicSize.`,
      );
    }
  });

  test('testTensorArrayReadWrongIndexOrDataTypeFails', () => {
    const w = new tl.TensorArray('float32', 3).write(0, [[4, 5]]);
    for (const index of [-1, 3]) {
      expect(() => run(w.read(index))).toThrow(`ListGet: index ${index} is out of range for a list of 3.`);
    }
    const unknown = new tl.TensorArray('float32', 3, anyShape).write(0, 1);
    expect(run(unknown.read(1))).toEqual([0]);
    expect(() => run(new tl.TensorArray('float32', 3, anyShape).read(1))).toThrow(
      'ListGet: element 1 was never set and its shape is not known.',
    );
  });

  test('testTensorArrayPackNotAllValuesAvailableFails: elements never written are zeros, as their shape is known', () => {
    expect(run(new tl.TensorArray('float32', 3).write(0, [[4, 5]]).stack())).toEqual([[[[4, 5]], [[0, 0]], [[0, 0]]]]);
  });

  test('testSkipEagerTensorArrayWriteMultipleFails', () => {
    const w = new tl.TensorArray('float32', 3).write(2, 3).write(2, 3);
    expect(() => run(w.read(2))).toThrow('ListPut: element 2 was written already. Write every index once.');
  });

  test('testTensorArrayConcatIncompatibleShapesFails', () => {
    const w = new tl.TensorArray('float32', 3, anyShape).write(0, 3).write(1, 4).write(2, [3]);
    expect(() => run(w.concat())).toThrow('ListConcat: element 0 is a scalar, expected rank 1 or more.');
    const v = new tl.TensorArray('float32', 3, anyShape)
      .write(0, [3])
      .write(1, [4])
      .write(2, [[3]]);
    expect(() => run(v.concat())).toThrow(
      'ListConcat: element 2 has shape [1,1], another [1]; expected them to differ in the first dimension only.',
    );
  });

  test('testTensorArraySplitIncompatibleShapesFails', () => {
    const ta = new tl.TensorArray('float32', 3, anyShape);
    const lengths = tl.placeholder('int32');
    expect(() => runWith([[lengths, 1]], ta.split([1, 2, 3], lengths).read(0))).toThrow(
      'ListSplit: expected lengths to be a vector, got shape [].',
    );
    const dynamic = new tl.TensorArray('float32', 3, { ...anyShape, dynamicSize: true });
    expect(() => run(dynamic.split([1, 2, 3], [1]).read(0))).toThrow(
      'ListSplit: expected lengths that add up to 3, the first dimension of [3], got 1.',
    );
    expect(() => ta.split(1, [1])).toThrow('TensorArray.split: expected a tensor of rank 1 or more, got a scalar.');
    expect(() => run(new tl.TensorArray('float32', 2, anyShape).split([1], [1]).read(0))).toThrow(
      'ListSplit: the list holds 2 elements and does not grow, got 1 lengths.',
    );
  });

  test('sizes, indices and values that are none', () => {
    expect(() => new tl.TensorArray('float32', -1)).toThrow('TensorArray: expected a size of 0 or more, got -1.');
    expect(() => new tl.TensorArray('float32', [1, 2])).toThrow('TensorArray: expected the size as an int32 scalar.');
    const ta = new tl.TensorArray('float32', 3);
    expect(() => ta.unstack(1)).toThrow('TensorArray.unstack: expected a tensor of rank 1 or more, got a scalar.');
    expect(() => ta.gather(1)).toThrow('TensorArray.gather: expected a vector of integers, got shape [].');
    expect(() => run(ta.unstack([1, 2, 3]).gather([0, 3]))).toThrow(
      'ListPick: index 3 is out of range for a list of 3.',
    );
    expect(() => run(ta.unstack([1, 2, 3, 4]).read(0))).toThrow('ListPlace: index 3 is out of range');
    expect(() => run(ta.scatter([0, 1], [1, 2, 3]).read(0))).toThrow('expected an index for each of 3 elements, got 2');
  });
});
