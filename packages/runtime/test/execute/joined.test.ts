import { elementwise, shape } from '@tensorloom/graph';
import { expect, test } from 'vitest';
import type { Backend } from '../../src/backend.js';
import { Joined, joined } from '../../src/execute/joined.js';
import { kernelFor } from '../../src/foreign.js';
import { asynchronous, leakFree, present } from '../support.js';

const numbers = { dtype: 'float32', shape: [2], data: Float32Array.of(1, 2) } as const;
const call = { attrs: {}, host: [], donated: [false, false] };

const pair = (a: Backend = leakFree(), b: Backend = leakFree()): [Backend, Backend] => {
  const both = joined(new Map(Object.entries({ a, b })));
  return [present(both.get('a')), present(both.get('b'))];
};

test('any of them keeps, frees and downloads what is on another', async () => {
  const [a, b] = pair();
  const x = a.upload(numbers);
  const y = b.retain(x);
  b.free(x);
  expect((await b.download(y)).data).toEqual(numbers.data);
  expect([a.stats().handles, b.stats().handles]).toEqual([1, 0]);
  b.free(y);
});

test('a kernel copies what is elsewhere, and gives its result here', async () => {
  const [a, b] = pair();
  const [x, y] = [a.upload(numbers), b.upload(numbers)];
  const [sum] = [await present(b.kernels.get(elementwise.add))([x, y], call)].flat();
  expect([a.stats().handles, b.stats().handles]).toEqual([1, 2]);
  expect((await a.download(sum)).data).toEqual(Float32Array.of(2, 4));
  [x, y, sum].forEach((t) => a.free(t));
});

test('a kernel that waits, of inputs that have to be waited for', async () => {
  const [a, b] = pair(asynchronous(leakFree()), asynchronous(leakFree()));
  const x = a.upload(numbers);
  const made = await present(b.kernels.get(shape.unpack))([x], { ...call, attrs: { axis: 0, num: 2 } });
  const rows = [made].flat();
  expect(await Promise.all(rows.map(async (t) => (await b.download(t)).data[0]))).toEqual([1, 2]);
  [x, ...rows].forEach((t) => b.free(t));
});

test('a kernel that fails leaves no copy behind', async () => {
  const [a, b] = pair();
  const [x, y] = [a.upload(numbers), b.upload({ ...numbers, shape: [3], data: new Float32Array(3) })];
  await expect((async () => await present(b.kernels.get(elementwise.add))([x, y], call))()).rejects.toThrow();
  [x, y].forEach((t) => a.free(t));
});

test('they say what the backends say, and have the kernels that the runtime adds', () => {
  const plain = { ...leakFree(), inHostMemory: () => 'a reason' };
  const [a, b] = pair(plain);
  expect([a.name, a.description, a.dtypes]).toEqual([plain.name, plain.description, plain.dtypes]);
  expect(a.inHostMemory?.(elementwise.add, 'int32')).toBe('a reason');
  expect(b.inHostMemory?.(elementwise.add, 'int32')).toBeUndefined();
  expect(a).toBeInstanceOf(Joined);
  expect(kernelFor(a, elementwise.add)).toBe(a.kernels.get(elementwise.add));
});
