import { type Shape, type Spec, constant, list, listSpec, resetDefaultGraph, tensorSpec } from '@tensorloom/graph';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Backend, HostTensor } from '../../src/backend.js';
import { runList } from '../../src/execute/lists.js';
import { type ListValue, type Value, isDevice, isHost, isList, release } from '../../src/execute/values.js';
import type { Register } from '../../src/lower/program.js';
import { leakFree } from '../support.js';

beforeEach(() => resetDefaultGraph());

const tensor = (dims: readonly number[], ...data: number[]): HostTensor => ({
  dtype: 'float32',
  shape: dims,
  data: Float32Array.from(data),
});
const ints = (...data: number[]): HostTensor => ({ dtype: 'int32', shape: [data.length], data: Int32Array.from(data) });
const int = (n: number): HostTensor => ({ dtype: 'int32', shape: [], data: Int32Array.of(n) });
const target = (holds: Register['holds'], spec: Spec): Register => ({ holds, spec, origin: constant(0) });
const listOf = (...items: ListValue['items']): ListValue => ({ dtype: 'float32', items, refs: 1 });

/** Runs an op, releases its inputs and its result, and gives the result's shapes and elements. */
function run(
  backend: Backend,
  op: (typeof list)['split' | 'concat' | 'lengths'],
  inputs: readonly Value[],
  to: Register,
  elementShape?: Shape,
): { where: string; value: unknown } {
  const machine = { backend, variables: new Map(), stream: () => expect.fail('nothing is drawn') };
  const show = (v: Value | null): unknown => {
    if (v === null) return null;
    if (isList(v)) return v.items.map(show);
    const host = isHost(v) ? v : (backend.download(v) as HostTensor);
    return [host.shape, [...host.data]];
  };
  try {
    const done = runList({ op, attrs: { elementShape }, last: false }, inputs, machine, to).next();
    if (!done.done) throw new Error('the backend works asynchronously');
    const result = { where: isDevice(done.value) ? 'device' : 'host', value: show(done.value) };
    release(backend, done.value);
    return result;
  } finally {
    inputs.forEach((v) => release(backend, v));
  }
}

describe('split', () => {
  const pieces = (backend: Backend, x: Value, lengths: HostTensor, size?: number): unknown =>
    run(
      backend,
      list.split,
      [x, lengths, ...(size === undefined ? [] : [int(size)])],
      target('list', listSpec('float32', [null, 2])),
    ).value;
  const x = tensor([3, 2], 1, 2, 3, 4, 5, 6);

  test('takes consecutive pieces, empty ones too, wherever the tensor is', () => {
    const backend = leakFree();
    for (const from of [x, backend.upload(x)]) {
      expect(pieces(backend, from, ints(2, 0, 1), 3)).toEqual([
        [
          [2, 2],
          [1, 2, 3, 4],
        ],
        [[0, 2], []],
        [
          [1, 2],
          [5, 6],
        ],
      ]);
    }
    expect(pieces(backend, x, ints(3))).toHaveLength(1);
    expect(pieces(backend, tensor([0, 2]), ints())).toEqual([]);
  });

  test('refuses lengths that do not fit', () => {
    const backend = leakFree();
    expect(() => pieces(backend, x, ints(1))).toThrow(
      'ListSplit: expected lengths that add up to 3, the first dimension of [3,2], got 1.',
    );
    expect(() => pieces(backend, x, ints(3), 2)).toThrow(
      'ListSplit: the list holds 2 elements and does not grow, got 1 lengths.',
    );
    expect(() => pieces(backend, x, int(3))).toThrow('ListSplit: expected lengths to be a vector, got shape [].');
    expect(() => pieces(backend, tensor([], 1), ints(1))).toThrow('expected a tensor of rank 1 or more, got a scalar.');
  });
});

describe('concat', () => {
  const to = target('device', tensorSpec('float32', [null, 2]));
  const joined = (
    backend: Backend,
    items: ListValue['items'],
    elementShape?: Shape,
    more: readonly HostTensor[] = [],
  ) => run(backend, list.concat, [listOf(...items), ...more], to, elementShape);

  test('joins elements along their first axis', () => {
    const backend = leakFree();
    const value = [
      [3, 2],
      [1, 2, 3, 4, 5, 6],
    ];
    const items = (): ListValue['items'] => [backend.upload(tensor([2, 2], 1, 2, 3, 4)), tensor([1, 2], 5, 6)];
    expect(joined(backend, items())).toEqual({ where: 'device', value });
    const hosted = [tensor([2, 2], 1, 2, 3, 4), tensor([1, 2], 5, 6)];
    expect(run(backend, list.concat, [listOf(...hosted)], target('host', to.spec))).toEqual({ where: 'host', value });
  });

  test('has zeros where nothing was set: of the element shape, or of the lengths', () => {
    const backend = leakFree();
    const two = (): ListValue['items'] => [null, backend.upload(tensor([1, 2], 5, 6))];
    expect(joined(backend, two(), [2, 2]).value).toEqual([
      [3, 2],
      [0, 0, 0, 0, 5, 6],
    ]);
    expect(joined(backend, two(), undefined, [ints(1, 1, 1), ints(3, 2)]).value).toEqual([
      [3, 2],
      [0, 0, 5, 6, 0, 0],
    ]);
    expect(joined(backend, [], undefined, [ints(1), ints(1, 2)]).value).toEqual([
      [1, 2],
      [0, 0],
    ]);
    expect(joined(backend, [], [4, 2]).value).toEqual([[0, 2], []]);
  });

  test('names the element that does not fit', () => {
    const backend = leakFree();
    expect(() => joined(backend, [tensor([1, 2], 5, 6), null], [null, 2])).toThrow(
      'ListConcat: element 1 was never set and its shape is not known.',
    );
    expect(() => joined(backend, [])).toThrow(
      'ListConcat: the list is empty and the shape of its elements is not known.',
    );
    expect(() => joined(backend, [tensor([1], 3), tensor([], 3)])).toThrow(
      'ListConcat: element 1 is a scalar, expected rank 1 or more. Use stack().',
    );
    expect(() => joined(backend, [tensor([1], 3), tensor([1, 1], 3)])).toThrow(
      'ListConcat: element 1 has shape [1,1], another [1]; expected them to differ in the first dimension only.',
    );
    expect(backend.stats().handles).toBe(0);
  });
});

test('lengths are the first dimensions, where they are wanted', () => {
  const backend = leakFree();
  const of = (holds: 'host' | 'device') =>
    run(
      backend,
      list.lengths,
      [listOf(tensor([2, 1], 1, 2), null, tensor([1, 1], 3))],
      target(holds, tensorSpec('int32', [null])),
    );
  expect([of('host'), of('device')]).toEqual(['host', 'device'].map((where) => ({ where, value: [[3], [2, 0, 1]] })));
});
