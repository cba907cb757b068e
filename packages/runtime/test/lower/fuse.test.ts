import {
  type Tensor,
  biasAdd,
  cast,
  device,
  matmul,
  placeholder,
  reduceSum,
  resetDefaultGraph,
  variable,
  where,
  whileLoop,
} from '@tensorloom/graph';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { type Devices, soloDevice } from '../../src/lower/device.js';
import { lower, passes } from '../../src/lower/lower.js';
import type { Program, Step } from '../../src/lower/program.js';
import { printProgram } from '../../src/lower/print-program.js';
import { fusing } from '../fusing.js';
import { leakFree, runProgram } from '../support.js';
import { randomGraphs } from './random-graphs.js';

beforeEach(() => resetDefaultGraph());

/** The kernels of a program and of the bodies in it, in order; fused ones by what they compute. */
function kernelsOf(program: Program): string[] {
  const of = (step: Step): string[] => {
    if (step.kind === 'kernel') return [/Fused.*\{(.*)\}/.exec(printed(program, step))?.[1] ?? step.op.name];
    if (step.kind === 'loop') return [...(step.cond === null ? [] : kernelsOf(step.cond)), ...kernelsOf(step.body)];
    return step.kind === 'cond' ? [...kernelsOf(step.then), ...kernelsOf(step.otherwise)] : [];
  };
  return program.steps.flatMap(of);
}
const printed = (program: Program, step: Step): string =>
  printProgram({ ...program, params: [], steps: [step], results: [] });

const programOf = (fetches: readonly Tensor[], fed: readonly Tensor[], devices: Devices = soloDevice(true)): Program =>
  lower(fetches, [], fed, passes, devices);
const x = (...shape: (number | null)[]): Tensor => placeholder('float32', shape);

describe('one kernel is made', () => {
  test('of ops that only each other read, biases and choices among them', () => {
    const [a, b, w] = [x(null, 3), x(3), x(3, 3)];
    const h = biasAdd(matmul(a, w), b).tanh();
    const y = where(h.greater(0), h.square(), h.neg());
    const program = programOf([y], [a, b, w]);
    expect(kernelsOf(program)).toHaveLength(2);
    expect(kernelsOf(program)[1].split(' ').sort()).toEqual(['Add', 'Greater', 'Neg', 'Select', 'Square', 'Tanh']);
  });

  test('in bodies of loops, of what a step does between products', () => {
    const [w, first] = [x(2, 2), x(null, 2)];
    const [y] = whileLoop(
      (h) => reduceSum(h).less(100),
      (h) => [matmul(h, w).add(h).sigmoid()],
      [first],
    );
    const { steps } = programOf([y], [w, first]);
    const [body] = steps.flatMap((s) => (s.kind === 'loop' ? [s.body] : []));
    expect(kernelsOf(body)).toEqual(['MatMul', 'Add Sigmoid']);
  });
});

describe('not joined are', () => {
  test('what something else reads, or is fetched', () => {
    const a = x(2);
    const h = a.exp();
    expect(kernelsOf(programOf([h.neg().abs(), h], [a]))).toEqual(['Exp', 'Neg Abs']);
    expect(kernelsOf(programOf([h.neg().add(reduceSum(h))], [a]))).toEqual(['Exp', 'Sum', 'Neg Add']);
  });

  test('small things with large ones, which would compute them for every element', () => {
    const [a, s] = [x(50), x()];
    expect(kernelsOf(programOf([a.mul(s.exp().neg())], [a, s]))).toEqual(['Exp Neg', 'Mul']);
  });

  test('integers, and ops of different devices', () => {
    const floats = x(100);
    const n = cast(floats, 'int32');
    expect(kernelsOf(programOf([n.add(n).neg()], [floats]))).toEqual(['Cast', 'Add', 'Neg']);
    const [one, two] = [{ name: 'a' }, { name: 'b' }];
    const devices: Devices = { count: 2, first: one, choose: (spec) => (spec === 'b' ? two : one), fuses: () => true };
    const a = x(2);
    const y = device('b', () => a.exp().neg())
      .abs()
      .sqrt();
    expect(kernelsOf(programOf([y], [a], devices))).toEqual(['Exp Neg', 'Abs Sqrt']);
    expect(kernelsOf(programOf([y], [a], { ...devices, fuses: (d) => d === two }))).toEqual(['Exp Neg', 'Abs', 'Sqrt']);
  });

  test('more operands or steps than a kernel takes', () => {
    const many = Array.from({ length: 12 }, () => x(2));
    const sum = many.reduce((a, b) => a.add(b));
    expect(kernelsOf(programOf([sum], many))).toHaveLength(2);
    let deep = x(2);
    const fed = [deep];
    for (let i = 0; i < 40; i++) deep = deep.neg();
    expect(kernelsOf(programOf([deep], fed)).map((k) => k.split(' ').length)).toEqual([8, 32]);
  });
});

test('what an assignment takes may be fused', () => {
  const v = variable([1, 2]);
  expect(kernelsOf(programOf([v.assignSub(v.mul(2).exp())], []))).toEqual(['Mul Exp']);
});

test('random graphs compute the same bits, fused or not', () => {
  let regions = 0;
  const backend = leakFree();
  const fuser = fusing(backend, () => regions++);
  fc.assert(
    fc.property(randomGraphs, ({ fetches, targets, feeds, variables }) => {
      const fed = feeds.map(([t]) => t);
      const args = feeds.map(([, v]) => v);
      const run = (on: Devices): unknown =>
        runProgram(lower(fetches, targets, fed, passes, on), args, { backend: fuser, variables }).map((v) => [
          v.shape,
          new Uint8Array(v.data.buffer),
        ]);
      expect(run(soloDevice(true))).toEqual(run(soloDevice(false)));
    }),
    { numRuns: 50 },
  );
  expect(regions).toBeGreaterThan(20);
});
