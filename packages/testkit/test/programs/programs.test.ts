import { createCpu } from '@tensorloom/backend-cpu';
import { reference } from '@tensorloom/backend-reference';
import { elementwise, matrix } from '@tensorloom/graph';
import type { Backend, Kernel } from '@tensorloom/runtime';
import { expect, test } from 'vitest';
import { modelPrograms } from '../../src/programs/model-programs.js';
import { type ConformanceProgram, checkProgram } from '../../src/programs/program.js';
import { programs } from '../../src/programs/programs.js';

const all: readonly ConformanceProgram[] = [...programs, ...modelPrograms];

test.each(all.map((p) => [p.name, p] as const))('the CPU runs %s', async (_, program) => {
  expect(await checkProgram(createCpu(), program)).toMatchObject({ status: 'passed' });
});

/** A backend whose kernel of an op is another one. */
const changed = (op: Parameters<Backend['kernels']['get']>[0], kernel?: Kernel<unknown>): Backend => {
  const backend = reference();
  const kernels = new Map(backend.kernels);
  if (kernel === undefined) kernels.delete(op);
  else kernels.set(op, kernel);
  return { ...backend, name: 'odd', kernels };
};

test('a wrong kernel, one that is missing, and a handle that is kept are found out', async () => {
  const [rnn] = modelPrograms;
  const neg = reference().kernels.get(elementwise.neg);
  const plain = reference();
  const wrong = changed(elementwise.tanh, (xs, call) => plain.kernels.get(elementwise.relu)?.(xs, call) ?? []);
  expect(neg).toBeDefined();
  const outcomes = [
    await checkProgram(wrong, rnn),
    await checkProgram(changed(matrix.matmul), rnn),
    await checkProgram({ ...plain, retain: (x) => (plain.retain(x), plain.retain(x)) }, rnn),
  ];
  expect(outcomes.map((o) => o.status)).toEqual(['failed', 'missing', 'failed']);
  expect(outcomes[1].failure).toMatch(/^MatMul: backend 'odd' has no kernel/);
});

test('a program that should fail and does not is found out', async () => {
  const program: ConformanceProgram = {
    name: 'none',
    build: () => ({ ...programs[0].build(), fails: /never/ }),
  };
  expect(await checkProgram(reference(), program)).toMatchObject({ status: 'failed' });
});
