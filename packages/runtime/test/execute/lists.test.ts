import {
  type Op,
  type Spec,
  constant,
  create,
  list,
  listSpec,
  resetDefaultGraph,
  shape,
  tensorSpec,
} from '@tensorloom/graph';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Backend, DeviceTensor, HostTensor } from '../../src/backend.js';
import { runList } from '../../src/execute/lists.js';
import { type ListValue, type Value, isDevice, isHost, isList, release } from '../../src/execute/values.js';
import type { Register } from '../../src/lower/program.js';
import { leakFree } from '../support.js';

beforeEach(() => resetDefaultGraph());

const int = (n: number): HostTensor => ({ dtype: 'int32', shape: [], data: Int32Array.of(n) });
const host = (...data: number[]): HostTensor => ({
  dtype: 'float32',
  shape: [data.length],
  data: Float32Array.from(data),
});
const listOf = (...items: ListValue['items']): ListValue => ({ dtype: 'float32', items, refs: 1 });

const target = (holds: Register['holds'], spec: Spec): Register => ({ holds, spec, origin: constant(0) });
const rowsOfTwo = tensorSpec('float32', [null, 2]);
const two = tensorSpec('float32', [2]);
const aList = target('list', listSpec('float32', [2]));

/** Runs an op on lists; the inputs are released afterwards. */
function run(
  backend: Backend,
  op: Op,
  inputs: readonly Value[],
  to: Register,
  attrs: unknown = {},
  last = false,
): Value {
  const machine = { backend, variables: new Map(), stream: () => expect.fail('nothing is drawn') };
  try {
    const step = runList({ op, attrs, last }, inputs, machine, to).next();
    if (!step.done) throw new Error('the backend works asynchronously');
    return step.value;
  } finally {
    inputs.forEach((v) => release(backend, v));
  }
}

/** A value as plain arrays; it is released. */
function shown(backend: Backend, v: Value): unknown {
  const show = (x: Value | null): unknown => {
    if (x === null) return null;
    if (isList(x)) return x.items.map(show);
    const tensor = isHost(x) ? x : (backend.download(x) as HostTensor);
    return tensor.shape.length === 2 ? [tensor.shape, [...tensor.data]] : [...tensor.data];
  };
  const result = show(v);
  release(backend, v);
  return result;
}

const matrix = (backend: Backend): DeviceTensor =>
  backend.upload({ dtype: 'float32', shape: [3, 2], data: Float32Array.of(1, 2, 3, 4, 5, 6) });

describe('unstack', () => {
  test('takes the first rows, and leaves elements beyond them unset', () => {
    const backend = leakFree();
    const rows = (n: number): unknown => shown(backend, run(backend, list.unstack, [matrix(backend), int(n)], aList));
    expect(rows(2)).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(rows(3)).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    expect(rows(5)).toEqual([[1, 2], [3, 4], [5, 6], null, null]);
    expect(rows(0)).toEqual([]);
  });

  test('leaves host tensors on the host', () => {
    const backend = leakFree();
    const x = { dtype: 'float32', shape: [2, 1], data: Float32Array.of(1, 2) } as const;
    const result = run(backend, list.unstack, [x, int(2)], aList);
    expect(isList(result) && result.items.every((item) => item !== null && isHost(item))).toBe(true);
    expect(shown(backend, result)).toEqual([[1], [2]]);
  });
});

describe('stack', () => {
  const stacked = (
    backend: Backend,
    items: ListValue['items'],
    length: number,
    to = target('device', rowsOfTwo),
  ): unknown => shown(backend, run(backend, list.stack, [listOf(...items), int(length)], to));

  test('joins elements on the device, those of the host uploaded', () => {
    const backend = leakFree();
    expect(stacked(backend, [backend.upload(host(1, 2)), host(3, 4)], 2)).toEqual([
      [2, 2],
      [1, 2, 3, 4],
    ]);
  });

  test('reads zeros where nothing was set, and beyond the end', () => {
    const backend = leakFree();
    expect(stacked(backend, [null, backend.upload(host(3, 4))], 3)).toEqual([
      [3, 2],
      [0, 0, 3, 4, 0, 0],
    ]);
    expect(stacked(backend, [null, host(3, 4)], 3, target('host', rowsOfTwo))).toEqual([
      [3, 2],
      [0, 0, 3, 4, 0, 0],
    ]);
    expect(stacked(backend, [null, null], 2)).toEqual([
      [2, 2],
      [0, 0, 0, 0],
    ]);
    expect(stacked(backend, [], 0)).toEqual([[0, 2], []]);
  });

  test('cuts what lies beyond the length', () => {
    const backend = leakFree();
    expect(stacked(backend, [backend.upload(host(1, 2)), backend.upload(host(3, 4))], 1)).toEqual([
      [1, 2],
      [1, 2],
    ]);
  });

  test('needs a shape from somewhere', () => {
    const backend = leakFree();
    const unknown = target('device', tensorSpec('float32', [null, null]));
    expect(() => stacked(backend, [null], 1, unknown)).toThrow(
      'ListStack: element 0 was never set, nor was any other, and their shape is not known. Give it a static shape.',
    );
    expect(stacked(backend, [null, backend.upload(host(1))], 2, unknown)).toEqual([
      [2, 1],
      [0, 1],
    ]);
  });

  test('leaves nothing behind when elements do not fit together', () => {
    const backend = leakFree();
    expect(() => stacked(backend, [null, backend.upload(host(1, 2)), host(1, 2, 3)], 3)).toThrow('Pack');
    expect(backend.stats().handles).toBe(0);
  });
});

describe('get', () => {
  const got = (backend: Backend, items: ListValue['items'], index: number, to = target('device', two)): Value =>
    run(backend, list.get, [listOf(...items), int(index)], to);

  test('gives an element where it is wanted', () => {
    const backend = leakFree();
    const there = (to: Register): [boolean, unknown] => {
      const v = got(backend, [backend.upload(host(1, 2)), host(3, 4)], to.holds === 'host' ? 0 : 1, to);
      return [isDevice(v), shown(backend, v)];
    };
    expect(there(target('host', two))).toEqual([false, [1, 2]]);
    expect(there(target('device', two))).toEqual([true, [3, 4]]);
  });

  test('gives zeros where nothing was set, of the known shape or that of another element', () => {
    const backend = leakFree();
    expect(shown(backend, got(backend, [null, backend.upload(host(1))], 0))).toEqual([0, 0]);
    const unknown = target('device', tensorSpec('float32', [null]));
    expect(shown(backend, got(backend, [null, backend.upload(host(1, 2, 3))], 0, unknown))).toEqual([0, 0, 0]);
    expect(() => got(backend, [null], 0, unknown)).toThrow(
      'ListGet: element 0 was never set and its shape is not known.',
    );
  });

  test('gives a list of a list of lists', () => {
    const backend = leakFree();
    const inner = listOf(backend.upload(host(1, 2)));
    expect(shown(backend, got(backend, [inner], 0, aList))).toEqual([[1, 2]]);
    expect(shown(backend, got(backend, [null], 0, aList))).toEqual([]);
  });

  test('refuses an index that is out of range', () => {
    const backend = leakFree();
    const message = (index: number) => `ListGet: index ${index} is out of range for a list of 1.`;
    expect(() => got(backend, [host(1, 2)], 1)).toThrow(message(1));
    expect(() => got(backend, [host(1, 2)], -1)).toThrow(message(-1));
  });
});

test('length counts elements, set or not', () => {
  const backend = leakFree();
  expect(
    shown(backend, run(backend, list.length, [listOf(null, host(1))], target('host', tensorSpec('int32', [])))),
  ).toEqual([2]);
});

test('reserve sets no element', () => {
  const backend = leakFree();
  expect(shown(backend, run(backend, list.reserve, [int(2)], aList, { spec: listSpec('float32', [2]) }))).toEqual([
    null,
    null,
  ]);
});

const ints = (...data: number[]): HostTensor => ({ dtype: 'int32', shape: [data.length], data: Int32Array.from(data) });
const [writes, sums] = [
  { adds: false, grows: false },
  { adds: true, grows: true },
];

describe('put', () => {
  const put = (
    backend: Backend,
    items: ListValue['items'],
    index: number,
    attrs: unknown,
    item: Value = backend.upload(host(7, 8)),
  ): unknown => shown(backend, run(backend, list.put, [listOf(...items), item, int(index)], aList, attrs));

  test('sets an element', () => {
    const backend = leakFree();
    expect(put(backend, [null, backend.upload(host(1, 2)), null], 2, writes)).toEqual([null, [1, 2], [7, 8]]);
  });

  test('adds to what is there, at any index', () => {
    const backend = leakFree();
    expect(put(backend, [backend.upload(host(1, 2))], 0, sums)).toEqual([[8, 10]]);
    expect(put(backend, [null], 2, sums)).toEqual([null, null, [7, 8]]);
  });

  test('refuses an element that was written, an index out of range, another shape, and leaves nothing behind', () => {
    const backend = leakFree();
    expect(() => put(backend, [backend.upload(host(1, 2))], 0, writes)).toThrow(
      'ListPut: element 0 was written already. Write every index once.',
    );
    for (const index of [-1, 1]) {
      expect(() => put(backend, [backend.upload(host(1, 2))], index, writes)).toThrow(
        `ListPut: index ${index} is out of range for a list of 1 that does not grow.`,
      );
    }
    expect(() => put(backend, [null], 0, writes, host(1, 2, 3))).toThrow(
      'ListPut: element 0 has shape [3], expected [2], the element shape of the list.',
    );
    expect(backend.stats().handles).toBe(0);
  });

  test('changes the list itself where nobody else reads it', () => {
    const backend = leakFree();
    const changed = (last: boolean, refs: number): boolean => {
      const l: ListValue = { ...listOf(null), refs };
      const result = run(backend, list.put, [l, host(1, 2), int(0)], aList, writes, last);
      for (let k = 1; k < refs; k++) release(backend, l);
      const same = result === l;
      expect(shown(backend, result)).toEqual([[1, 2]]);
      if (!same) expect(l.items).toEqual([null]);
      return same;
    };
    expect([changed(true, 1), changed(false, 1), changed(true, 2)]).toEqual([true, false, false]);
  });
});

test('place puts elements at indices', () => {
  const backend = leakFree();
  const placed = (indices: HostTensor, attrs: unknown): unknown =>
    shown(
      backend,
      run(
        backend,
        list.place,
        [listOf(null, null, host(9, 9)), listOf(backend.upload(host(1, 2)), host(3, 4)), indices],
        aList,
        attrs,
      ),
    );
  expect(placed(ints(1, 0), writes)).toEqual([
    [3, 4],
    [1, 2],
    [9, 9],
  ]);
  expect(placed(ints(3, 3), sums)).toEqual([null, null, [9, 9], [4, 6]]);
  expect(() => placed(ints(1), writes)).toThrow('ListPlace: expected an index for each of 2 elements, got 1.');
  expect(() => placed(ints(0, 2), writes)).toThrow('ListPlace: element 2 was written already.');
  expect(() => placed(ints(0, 3), writes)).toThrow('ListPlace: index 3 is out of range for a list of 3');
});

test('pick takes elements at indices', () => {
  const backend = leakFree();
  const picked = (indices: HostTensor, bounded: boolean): unknown =>
    shown(backend, run(backend, list.pick, [listOf(backend.upload(host(1, 2)), null), indices], aList, { bounded }));
  expect(picked(ints(1, 0, 0), true)).toEqual([null, [1, 2], [1, 2]]);
  expect(picked(ints(0, 5), false)).toEqual([[1, 2], null]);
  expect(() => picked(ints(0, 5), true)).toThrow('ListPick: index 5 is out of range for a list of 2.');
});

describe('add', () => {
  const added = (backend: Backend, a: ListValue, b: ListValue): Value => run(backend, list.add, [a, b], aList);

  test('adds what both have, takes what one has, wherever it is', () => {
    const backend = leakFree();
    const a = listOf(backend.upload(host(1, 2)), null, backend.upload(host(3, 4)), null, host(1, 1), host(2, 2));
    const b = listOf(
      backend.upload(host(10, 20)),
      backend.upload(host(5, 6)),
      null,
      null,
      backend.upload(host(5, 5)),
      host(3, 3),
    );
    const sum = added(backend, a, b);
    expect(shown(backend, sum)).toEqual([[11, 22], [5, 6], [3, 4], null, [6, 6], [5, 5]]);
  });

  test('takes what lies beyond the end of one from the other', () => {
    const backend = leakFree();
    expect(shown(backend, added(backend, listOf(host(1, 2)), listOf(null, host(3, 4))))).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(shown(backend, added(backend, listOf(null, host(3, 4)), listOf(host(1, 2))))).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  test('adds lists of lists', () => {
    const backend = leakFree();
    const nested = (n: number): ListValue => listOf(listOf(backend.upload(host(n, n)), null), null);
    expect(shown(backend, added(backend, nested(1), nested(2)))).toEqual([[[3, 3], null], null]);
  });

  test('leaves nothing behind when shapes differ', () => {
    const backend = leakFree();
    const lists = ([n, m]: number[][]): ListValue => listOf(backend.upload(host(...n)), backend.upload(host(...m)));
    expect(() => added(backend, lists([[1], [1, 2]]), lists([[1], [1, 2, 3]]))).toThrow('Add');
    expect(backend.stats().handles).toBe(0);
  });
});

test('without a kernel that lists need they are taken apart and joined in host memory', () => {
  const backend = leakFree();
  const lacking = (op: Op): Backend => ({
    ...backend,
    kernels: new Map([...backend.kernels].filter(([key]) => key !== op)),
  });
  const on = (op: Op, f: Op, inputs: Value[], to: Register): unknown => shown(backend, run(lacking(op), f, inputs, to));
  expect(on(shape.unpack, list.unstack, [matrix(backend), int(2)], aList)).toEqual([
    [1, 2],
    [3, 4],
  ]);
  const stacked = target('device', rowsOfTwo);
  expect(on(shape.pack, list.stack, [listOf(host(1, 2)), int(1)], stacked)).toEqual([
    [1, 2],
    [1, 2],
  ]);
  expect(on(create.fill, list.stack, [listOf(null), int(1)], stacked)).toEqual([
    [1, 2],
    [0, 0],
  ]);
});
