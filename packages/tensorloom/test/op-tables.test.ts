import { rules } from '@tensorloom/autodiff';
import { createCpu } from '@tensorloom/backend-cpu';
import { reference } from '@tensorloom/backend-reference';
import { type Op, computing, families } from '@tensorloom/graph';
import { type ConformanceResult, conformance, samplers } from '@tensorloom/testkit';
import { beforeAll, describe, expect, test } from 'vitest';

type Entry = readonly [string, Op];
const entriesOf = (tables: Readonly<Record<string, Readonly<Record<string, Op>>>>): Entry[] =>
  Object.entries(tables).flatMap(([family, ops]) =>
    Object.entries(ops).map(([key, op]): Entry => [`${family}.${key}`, op]),
  );

const all = entriesOf(families);
const kernels = entriesOf(computing).filter(([, op]) => !op.onHost);

test('ops have names of their own', () => {
  const names = all.map(([, op]) => op.name);
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
});

test.each(all)('%s has a gradient rule or an intended null', (_, op) => {
  expect(rules.has(op)).toBe(true);
});

describe('ops that compute', () => {
  const backends = [reference(), createCpu()];

  test.each(kernels)('%s has a kernel on reference and cpu', (_, op) => {
    for (const { name, kernels: table } of backends) expect(table.has(op), name).toBe(true);
  });

  let report: readonly ConformanceResult[] = [];
  beforeAll(async () => {
    report = await conformance(createCpu(), { samples: 20 });
  });

  test.each(kernels)('%s agrees with the reference on 20 samples of every dtype it takes', (_, op) => {
    const sampler = samplers.get(op);
    expect(sampler?.dtypes.length).toBeGreaterThan(0);
    const results = report.filter((r) => r.op === op.name);
    expect(results.map((r) => [r.dtype, r.status])).toEqual(sampler?.dtypes.map((dtype) => [dtype, 'passed']));
    for (const { samples } of results) expect(samples).toBeGreaterThanOrEqual(20);
  });
});

test('nothing is sampled but the ops of the tables', () => {
  const known = new Set(kernels.map(([, op]) => op));
  expect([...samplers.keys()].filter((op) => !known.has(op)).map((op) => op.name)).toEqual([]);
});
