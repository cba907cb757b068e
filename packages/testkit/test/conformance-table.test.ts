import { reference } from '@tensorloom/backend-reference';
import { elementwise, matrix } from '@tensorloom/graph';
import { expect, test } from 'vitest';
import { type ConformanceResult, conformance, conformanceTable, samplers, summarize } from '../src/index.js';

const passed = { kind: 'op', status: 'passed', samples: 3, worstError: 0.5 } as const;
const report: ConformanceResult[] = [
  { ...passed, op: 'Transfer', kind: 'transfer', dtype: 'float32' },
  { ...passed, op: 'Add', dtype: 'float32' },
  { ...passed, op: 'Add', dtype: 'int32', inHostMemory: 'exactness' },
  { ...passed, op: 'MatMul', dtype: 'float32', inHostMemory: 'no kernel' },
  { ...passed, op: 'All', dtype: 'bool' },
  { ...passed, op: 'Exp', dtype: 'float32', status: 'missing', samples: 0, worstError: 0 },
  {
    ...passed,
    op: 'Neg',
    dtype: 'float32',
    status: 'failed',
    worstError: 0,
    failure: 'element 0: expected 1, got 2.\n inputs: ...',
  },
  { ...passed, op: 'a loop', kind: 'program', dtype: 'float32', worstError: 0.75 },
];

test('an op is its own when float32, or what it takes, ran on the device, and everything passed', () => {
  expect(summarize(report)).toEqual({
    ops: 5,
    own: 2,
    programs: 1,
    programsPassed: 1,
    worstError: 0.75,
    exceptions: [
      { op: 'Add', dtype: 'int32', reason: 'exactness' },
      { op: 'MatMul', dtype: 'float32', reason: 'no kernel' },
      { op: 'Exp', dtype: 'float32', reason: 'it has no kernel' },
      { op: 'Neg', dtype: 'float32', reason: 'element 0: expected 1, got 2.' },
    ],
  });
});

test('the table names the backend, what ran, and every check', () => {
  expect(conformanceTable({ name: 'tiny', description: 'a device' }, report.slice(0, 3))).toMatchInlineSnapshot(`
    "tiny (a device): 1 of 1 ops on the device, 0 of 0 programs.

    | op | dtype | status | samples | worst error / allowed | where |
    |---|---|---|---|---|---|
    | Transfer | float32 | passed | 3 | 0.500 | device |
    | Add | float32 | passed | 3 | 0.500 | device |
    | Add | int32 | passed | 3 | 0.500 | host: exactness |"
  `);
});

test('of a backend that has everything, all ops are its own', async () => {
  const few = new Map([...samplers].filter(([op]) => op === elementwise.add || op === matrix.matmul));
  expect(summarize(await conformance(reference(), { samplers: few, samples: 3 }))).toMatchObject({ ops: 2, own: 2 });
});
