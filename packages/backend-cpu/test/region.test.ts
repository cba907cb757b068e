import { elementwise } from '@tensorloom/graph';
import type { HostTensor } from '@tensorloom/runtime';
import { describe, expect, it } from 'vitest';
import { backend, build, expectTensor, indexInOperand, position, run, run1, tensor } from './support.js';

/** The element of an operand that broadcasts to `shape`. */
const elementAt = (x: HostTensor, shape: readonly number[], at: readonly number[]): number =>
  x.data[indexInOperand(position(at, shape), shape, x.shape)];

describe('broadcasting', () => {
  it('walks any number of axes that do not merge', () => {
    const x = tensor(
      'float32',
      [2, 1, 3, 1, 5],
      Array.from({ length: 30 }, (_, i) => i),
    );
    const y = tensor(
      'float32',
      [3, 1, 4, 1],
      Array.from({ length: 12 }, (_, i) => 100 * i),
    );
    const shape = [2, 3, 3, 4, 5];
    expectTensor(
      run1(elementwise.add, [x, y]),
      'float32',
      shape,
      build(shape, (at) => elementAt(x, shape, at) + elementAt(y, shape, at)),
    );
  });

  it('names the shapes that clash', () => {
    expect(() =>
      run(elementwise.add, [tensor('float32', [2, 3], new Array(6).fill(0)), tensor('float32', [4], [0, 0, 0, 0])]),
    ).toThrow(
      new RangeError(
        'Add: shapes [2,3] and [4] do not broadcast. From the last axis backwards, lengths must be equal or 1.',
      ),
    );
  });
});

describe('donation', () => {
  const upload = (values: number[], shape = [values.length]) => backend.upload(tensor('float32', shape, values));
  const add = backend.kernels.get(elementwise.add);

  it('reuses the memory of an input that nobody else holds', () => {
    const [x, y] = [upload([1, 2, 3]), upload([10, 20, 30])];
    const out = add?.([x, y], { attrs: {}, host: [], donated: [false, true] });
    expect(out).toMatchObject({ buffer: { address: y.buffer.address } });
    [x, y].forEach((t) => backend.free(t));
    backend.free(out as typeof x);
  });

  it('leaves an input alone that somebody else holds, is smaller than the result, or was not given', () => {
    const x = upload([1, 2, 3]);
    const held = backend.retain(x);
    const small = upload([7], [1]);
    const out = [
      add?.([x, small], { attrs: {}, host: [], donated: [true, true] }) as typeof x,
      add?.([small, small], { attrs: {}, host: [], donated: [false, false] }) as typeof x,
    ];
    for (const t of out) expect([x.buffer.address, small.buffer.address]).not.toContain(t.buffer.address);
    expect(backend.download(x)).toMatchObject({ data: Float32Array.of(1, 2, 3) });
    [x, held, small, ...out].forEach((t) => backend.free(t));
  });

  it('does not overwrite what later rows still need', () => {
    const columns = 150;
    const values = Array.from({ length: 40 * columns }, (_, i) => i);
    const x = tensor('float32', [40, columns], values);
    const bias = tensor(
      'float32',
      [columns],
      Array.from({ length: columns }, (_, i) => 1000 * i),
    );
    const out = run1(elementwise.add, [x, bias], { donated: [true, false] });
    expectTensor(
      out,
      'float32',
      [40, columns],
      values.map((v, i) => v + 1000 * (i % columns)),
    );
  });
});
