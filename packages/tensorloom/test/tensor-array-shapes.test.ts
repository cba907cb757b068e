import { beforeEach, describe, expect, test } from 'vitest';
import * as tl from 'tensorloom';
import { run, runWith } from './running.js';

beforeEach(() => tl.resetDefaultGraph());

const c = (value: tl.HostValue, dtype: tl.DType = 'float32'): tl.Tensor => tl.constant(value, { dtype });
const dynamic = { dynamicSize: true };

describe('static shapes', () => {
  test('testSkipEagerWriteShape: the first element written tells the shape', () => {
    const w = new tl.TensorArray('float32', 3).write(0, c([4, 5]));
    expect(w.read(0).shape).toEqual([2]);
    expect(w.write(1, c([6, 7])).read(1).shape).toEqual([2]);
    expect(() => w.write(0, c([4, 5, 6]))).toThrow(
      'TensorArray.write: expected an element of shape [2], the element shape of the array, got [3].',
    );
  });

  test('testSkipEagerPartlyUnknownShape: every element written tells more', () => {
    const x = (...shape: (number | null)[]): tl.Tensor => tl.placeholder('float32', shape);
    const shapes: tl.Shape[] = [];
    const seen = (ta: tl.TensorArray): tl.TensorArray => {
      shapes.push(ta.read(0).shape);
      return ta;
    };
    const w0 = seen(new tl.TensorArray('float32', 6).write(0, x(null, null, null, 3)));
    const w1 = seen(w0.write(1, x(null, null, null, 3)));
    const w2 = seen(w1.write(2, x(null, null, null, null)));
    const w3 = seen(w2.write(3, x(null, null, 2, null)));
    const w4 = seen(w3.scatter([4, 5], x(2, null, 4, 2, 3)));
    seen(w4.split(x(10, 4, 2, 3), [5, 5]));
    expect(shapes).toEqual([
      [null, null, null, 3],
      [null, null, null, 3],
      [null, null, null, 3],
      [null, null, 2, 3],
      [null, 4, 2, 3],
      [5, 4, 2, 3],
    ]);
  });

  test('testUnpackShape', () => {
    const w = new tl.TensorArray('float32', 0, dynamic).unstack(tl.zeros([3, 2]));
    expect([w.read(0).shape, w.write(3, c([4, 5])).read(0).shape, w.stack().shape]).toEqual([[2], [2], [null, 2]]);
    expect(() => w.write(4, c([4, 5, 6]))).toThrow('expected an element of shape [2]');
  });

  test('testSplitShape: what pieces have in common', () => {
    const piece = (lengths: number[]): tl.Shape =>
      new tl.TensorArray('float32', 0, dynamic).split(tl.zeros([3, 2]), lengths).read(0).shape;
    expect([piece([1, 1, 1]), piece([1, 2])]).toEqual([
      [1, 2],
      [null, 2],
    ]);
  });

  test('testSkipEagerWriteUnknownShape', () => {
    expect(new tl.TensorArray('float32', 3).write(0, tl.placeholder('float32')).read(0).shape).toBeUndefined();
  });

  test('testStackShape, testReadShape, testGatherShape, testStackShapeOnStaticSize', () => {
    const w = new tl.TensorArray('float32', 3).write(0, c([1, 2, 3]));
    const indices = tl.placeholder('int32', [null]);
    expect([w.stack(), w.read(0), w.gather([0]), w.gather(indices)].map((t) => t.shape)).toEqual([
      [3, 3],
      [3],
      [1, 3],
      [null, 3],
    ]);
    expect(new tl.TensorArray('float32', 42).write(0, [0]).stack().shape).toEqual([42, 1]);
  });

  test('testStackShapeOnEmpty, testSkipEagerStackOnPartiallyDefinedShape', () => {
    const ta = new tl.TensorArray('float32', 0, { ...dynamic, elementShape: [5, 10] });
    const session = new tl.Session();
    expect([...session.runSync(ta.stack()).shape]).toEqual([0, 5, 10]);
    session.close();
    const partly = new tl.TensorArray('float32', 0, { ...dynamic, elementShape: [5, null] });
    expect(partly.stack().shape).toEqual([null, 5, null]);
  });

  test('testInferShapeFalseValid, testInferShapeFalseInvalid', () => {
    const ta = new tl.TensorArray('float32', 3, { inferShape: false, elementShape: [null, 2] });
    const w = ta
      .write(0, tl.ones([5, 2]))
      .write(1, tl.ones([5, 2]))
      .write(2, tl.ones([1, 2]));
    expect([ta.elementShape, ...run(tl.reduceSum(w.concat(), 0))]).toEqual([
      [null, 2],
      [11, 11],
    ]);
    expect(() => ta.write(1, tl.ones([1, 3]))).toThrow('expected an element of shape [?,2]');
  });

  test('testInferShapeTrue', () => {
    const ta = new tl.TensorArray('float32', 3, { elementShape: [null, 10, 20] });
    expect(ta.elementShape).toEqual([null, 10, 20]);
    const w = ta.write(0, tl.ones([50, 10, 20]));
    expect(w.elementShape).toEqual([50, 10, 20]);
    expect(() => w.write(2, tl.ones([1, 10, 20]))).toThrow('expected an element of shape [50,10,20]');
  });

  test('an element shape that is given holds from the start, and is checked when only a run knows', () => {
    const ta = new tl.TensorArray('float32', 2, { elementShape: [null, 2] });
    expect([ta.read(0).shape, ta.stack().shape]).toEqual([
      [null, 2],
      [2, null, 2],
    ]);
    expect(() => ta.write(0, tl.zeros([4, 3]))).toThrow('expected an element of shape [?,2]');
    const x = tl.placeholder('float32');
    expect(() => runWith([[x, [[1, 2, 3]]]], ta.write(1, x).read(1))).toThrow(
      'ListPut: element 1 has shape [1,3], expected [?,2], the element shape of the list.',
    );
  });
});

describe('elements never written are zeros', () => {
  test('testTensorArrayReadOrPackNotAllValuesAvailableFillsZeros', () => {
    const ta = new tl.TensorArray('float32', 3, { elementShape: [1, 2] });
    const w = ta.write(1, [[4, 5]]);
    const rows = [
      [0, 0],
      [4, 5],
      [0, 0],
    ];
    expect(run(ta.read(0), w.stack(), w.concat())).toEqual([[[0, 0]], rows.map((r) => [r]), rows]);
  });

  test('testTensorArrayReadOrPackNotAllValuesAvailableInferShapeFillsZeros', () => {
    const w = new tl.TensorArray('float32', 3).write(1, [[4, 5]]);
    const rows = [
      [0, 0],
      [4, 5],
      [0, 0],
    ];
    expect(run(w.read(0), w.stack(), w.concat())).toEqual([[[0, 0]], rows.map((r) => [r]), rows]);
  });

  test('testSkipEagerTensorArrayReadUninitializedInferShapeFillsZeros', () => {
    const x = tl.placeholder('float32');
    expect(runWith([[x, [[4, 5]]]], new tl.TensorArray('float32', 3).write(1, x).read(0))).toEqual([[[0, 0]]]);
  });

  test('testScatterIntoExistingList', () => {
    const a = new tl.TensorArray('float32', 5).scatter([3, 4], tl.ones([2]));
    const b = a.scatter([1], tl.ones([1]));
    expect(run(a.stack(), b.stack(), b.scatter([0, 2], [5, 6]).stack())).toEqual([
      [0, 0, 0, 1, 1],
      [0, 1, 0, 1, 1],
      [5, 1, 6, 1, 1],
    ]);
  });
});

test('testEmptyTensorArrayPack: elements without elements', () => {
  const empty = { shape: [0, 1], data: new Float32Array(0) };
  const w = new tl.TensorArray('float32', 3).write(0, empty).write(1, empty).write(2, empty);
  const session = new tl.Session();
  expect([...session.runSync(w.stack()).shape]).toEqual([3, 0, 1]);
  session.close();
});

test('testTensorArrayIdentity: control dependencies order an array', () => {
  const steps = ['v0', 'v1'].map((name) => tl.variable(0, { name }));
  const arrays = [
    new tl.TensorArray('float32', 2, { inferShape: false }).write(0, 0),
    new tl.TensorArray('int32', 4).write(0, 1),
  ].map((ta, i) => tl.controlDependencies([tl.assignAdd(steps[i], 1)], () => ta.identity()));
  const reads = arrays.map((ta) => ta.read(0));
  expect([arrays.map((ta) => ta.dtype), reads.map((r) => r.shape)]).toEqual([
    ['float32', 'int32'],
    [undefined, []],
  ]);
  const session = new tl.Session();
  session.runSync(tl.globalVariables().map((v) => v.initializer));
  expect(session.runSync([...reads, ...arrays.map((ta) => ta.size())]).map((v) => v.item())).toEqual([0, 1, 2, 4]);
  expect(session.runSync(steps.map((v) => v.value())).map((v) => v.item())).toEqual([1, 1]);
  session.close();
});
