import { resetDefaultGraph } from 'tensorloom';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Contender } from '../../src/speed/contender.js';
import { jaxJs } from '../../src/speed/contenders/jax-js.js';
import { tensorloom, tensorloomStatic } from '../../src/speed/contenders/tensorloom.js';
import { tfjs, tfjsWorkaround } from '../../src/speed/contenders/tfjs.js';
import { ALL, variants } from '../../src/speed/contenders/variants.js';
import { type Workload, workloads } from '../../src/speed/workload.js';

beforeEach(() => resetDefaultGraph());

/** A workload made small. */
const small = (letter: string): Workload => ({ ...workloads[letter], batch: 3, steps: 4, units: 6 });

async function losses(contender: Contender): Promise<number[]> {
  const found: number[] = [];
  for (let i = 0; i < 3; i++) found.push(await contender.step());
  return found;
}

function expectSame(found: readonly number[], wanted: readonly number[]): void {
  expect(wanted.every(Number.isFinite)).toBe(true);
  found.forEach((loss, i) => expect(loss).toBeCloseTo(wanted[i], 4));
}

const others = { tfjs, tfjsWorkaround, jaxJs: (w: Workload) => jaxJs(w) };

describe.each(['A', 'B', 'C'])('workload %s', (letter) => {
  test.each(Object.entries(others))('%s computes the losses that tensorloom does', async (_, make) => {
    const ours = await losses(await tensorloom(small(letter), 1));
    expectSame(await losses(await make(small(letter), 1)), ours);
    expect(ours[2]).not.toBe(ours[0]);
  });
});

describe.each(['A', 'B', 'C', 'D', 'E'])('workload %s', (letter) => {
  test('static or dynamic, the losses are the same', async () => {
    const ours = await losses(await tensorloom(small(letter), 1));
    resetDefaultGraph();
    expectSame(await losses(await tensorloomStatic(small(letter), 1)), ours);
  });

  test.each(Object.keys(variants).filter((name) => name !== ALL))('%s, the losses are the same', async (variant) => {
    const ours = await losses(await tensorloom(small(letter), 2));
    resetDefaultGraph();
    expectSame(await losses(await tensorloom(small(letter), 2, variant)), ours);
  });
});

test('decoding gives a token of the vocabulary, whatever is left out', async () => {
  const w = { ...workloads.F, steps: 9, inputs: 5, units: 6, outputs: 20 };
  const tokens: number[] = [];
  for (const variant of Object.keys(variants)) {
    resetDefaultGraph();
    tokens.push(await (await tensorloom(w, 1, variant)).step());
  }
  expect(tokens[0]).toBeLessThan(20);
  expect(new Set(tokens).size).toBe(1);
});
