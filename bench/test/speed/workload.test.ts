import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type Given, givenOf, workloads, writeWorkload } from '../../src/speed/workload.js';

const letters = Object.keys(workloads);

/** Comparing bytes is a thousand times as fast as comparing elements. */
const bytesOf = ({ data }: Given): Buffer => Buffer.from(data.buffer, data.byteOffset, data.byteLength);

const sizeOf = (shape: readonly number[]): number => shape.reduce((n, d) => n * d, 1);

test.each(letters)('%s: every tensor is full, finite, not all the same, and the same every time', (letter) => {
  const given = givenOf(workloads[letter]);
  const tensors = Object.entries({ ...given.data, ...given.weights });
  const again = givenOf(workloads[letter]);
  for (const [name, tensor] of tensors) {
    const { shape, data } = tensor;
    expect(data.length, name).toBe(sizeOf(shape));
    expect(data.every(Number.isFinite), name).toBe(true);
    if (!/bias/i.test(name) && data.length > 1)
      expect(
        data.some((x) => x !== data[0]),
        name,
      ).toBe(true);
    expect(bytesOf({ ...again.data, ...again.weights }[name]).equals(bytesOf(tensor)), name).toBe(true);
  }
});

test('the sizes are those of the cells', () => {
  const shapes = (letter: string): Record<string, readonly number[]> =>
    Object.fromEntries(Object.entries(givenOf(workloads[letter]).weights).map(([name, { shape }]) => [name, shape]));
  expect(shapes('A')).toEqual({ kernel: [178, 150], bias: [150], denseKernel: [150, 10], denseBias: [10] });
  expect(shapes('C')).toMatchObject({ kernel: [320, 1024], bias: [1024] });
  expect(shapes('D')).toMatchObject({ kernel: [24, 32], candidateKernel: [24, 16], denseKernel: [16, 1] });
  expect(Object.keys(shapes('F'))[0]).toBe('embedding');
});

test.each(letters)('%s: a contender in another language reads the same numbers', async (letter) => {
  const folder = await mkdtemp(join(tmpdir(), 'tensorloom-workload-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeWorkload(workloads[letter], folder);
  const description = JSON.parse(await readFile(join(folder, 'workload.json'), 'utf8')) as {
    readonly weights: readonly string[];
    readonly tensors: Readonly<Record<string, { readonly shape: readonly number[]; readonly dtype: string }>>;
  };
  const { data, weights } = givenOf(workloads[letter]);
  expect(description).toMatchObject({ ...workloads[letter], weights: Object.keys(weights) });
  const tensors = { ...data, ...weights };
  expect(Object.keys(description.tensors)).toEqual(Object.keys(tensors));
  for (const [name, given] of Object.entries(tensors)) {
    const { shape, dtype } = description.tensors[name];
    expect(shape).toEqual(given.shape);
    expect(dtype).toBe(given.data instanceof Int32Array ? 'int32' : 'float32');
    expect((await readFile(join(folder, `${name}.bin`))).equals(bytesOf(given)), name).toBe(true);
  }
});
