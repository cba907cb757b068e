import type { NDArray } from 'tensorloom';
import { describe, expect, it } from 'vitest';
import { backendNames, openBackend } from '../src/backends.js';
import { programs } from '../src/programs.js';

/** Runs a program, on the CPU unless another backend is named. */
async function values(name: string, backend = 'cpu'): Promise<Readonly<Record<string, NDArray>>> {
  const program = programs.get(name);
  if (program === undefined) throw new Error(`no program ${name}`);
  return program.run(await openBackend(backend));
}

/** The values along the last axis at `indices` of the others. */
const row = (array: NDArray, ...indices: number[]): number[] =>
  Array.from({ length: array.shape.at(-1) ?? 0 }, (_, i) => array.get(...indices, i));

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(actual.length).toBe(expected.length);
  Array.from(actual).forEach((value, i) => {
    expect(Math.abs(value - expected[i]), `element ${i}: ${value} for ${expected[i]}`).toBeLessThan(1e-5);
  });
}

// The numbers are those A. Géron prints in chapter 14 of "Hands-On Machine Learning", 1st edition.
describe('the programs print what the book does', () => {
  it('manual-rnn', async () => {
    const { Y0, Y1 } = await values('manual-rnn');
    expectClose(row(Y0, 0), [-0.0664006, 0.9625767, 0.68105793, 0.7091854, -0.898216]);
    expectClose(row(Y1, 1), [-0.12210419, 0.62805265, 0.9671843, -0.9937122, -0.2583937]);
  });

  it('static-rnn', async () => {
    const { Y0, Y1 } = await values('static-rnn');
    expectClose(row(Y0, 0), [0.30741334, -0.32884315, -0.6542847, -0.9385059, 0.52089024]);
    expectClose(row(Y1, 0), [0.99998885, -0.99976057, -0.0667929, -0.9999803, 0.99982214]);
  });

  it('dynamic-rnn', async () => {
    const { outputs } = await values('dynamic-rnn');
    expect(outputs.shape).toEqual([4, 2, 5]);
    expectClose(row(outputs, 0, 0), [-0.85115266, 0.87358344, 0.5802911, 0.8954789, -0.0557505]);
  });
});

it('packing-sequences gives the outputs of all instances at all steps', async () => {
  const { outputs } = await values('packing-sequences');
  expect(outputs.shape).toEqual([4, 2, 5]);
  expectClose(outputs.data, (await values('packing-sequences', 'reference')).outputs.data);
});

it('sequence-lengths: the short instance puts out zeros past its end, and keeps its state', async () => {
  const { outputs, states } = await values('sequence-lengths');
  expect(row(outputs, 1, 1)).toEqual([0, 0, 0, 0, 0]);
  expect(row(states, 1)).toEqual(row(outputs, 1, 0));
  for (const full of [0, 2, 3]) expect(row(states, full)).toEqual(row(outputs, full, 1));
});

it.each(backendNames)('sequence-lengths gives the same on %s', async (backend) => {
  const expected = await values('sequence-lengths', 'reference');
  const actual = await values('sequence-lengths', backend);
  expectClose(actual.outputs.data, expected.outputs.data);
  expectClose(actual.states.data, expected.states.data);
});
