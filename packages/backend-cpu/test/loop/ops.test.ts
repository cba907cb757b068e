import { type DType, type Op, sizeOf } from '@tensorloom/graph';
import type { DeviceTensor, HostTensor, StaticLoop, StaticTensor } from '@tensorloom/runtime';
import { type Sample, samplers } from '@tensorloom/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cpu } from '../../src/cpu.js';
import { Compiler } from '../../src/emit/compile.js';
import { type CpuBuffer, Handles } from '../../src/handles.js';
import { compileLoop } from '../../src/loop/compile.js';
import { loopOps } from '../../src/loop/ops/index.js';
import { Memory } from '../../src/memory.js';
import { type Job, Pool } from '../../src/threads/pool.js';
import { SharedCode } from '../../src/threads/shared-code.js';
import { instantiate } from '../../src/wasm.js';
import { backend, runOn } from '../support.js';

const TRIPS = 3;

/** Runs the pieces of a job one after the other on this thread: how many pieces there were is in `pieces`. */
class Cutting extends Pool {
  pieces = 0;

  override run(_: number, job: Job, threads: number, rows: number, __: number, args: number): void {
    const cuts = Math.min(threads, rows);
    for (let i = 0; i < cuts; i++) {
      const [begin, end] = [i, i + 1].map((k) => Math.floor((rows * k) / cuts));
      job(begin, end, i, args);
      this.pieces++;
    }
  }
}

const memory = new Memory(64);
const pool = new Cutting(memory);
const code = new SharedCode(pool, instantiate('plain', memory));
const handles = new Handles(memory);
const common = { memory, handles, wasm: code.kernels.wasm, compiler: new Compiler(memory, false) };
const whole: Cpu = { ...common, threads: { count: 1, code, worth: 0 } };
const cut: Cpu = { ...common, threads: { count: 3, code, worth: 0 } };

/** The inputs at a trip: the same elements, each time in other places. */
const turned = ({ dtype, shape, data }: HostTensor, t: number): HostTensor => ({
  dtype,
  shape,
  data: data.map((_, i) => data[(i + t) % data.length]),
});

function stacked(rows: readonly HostTensor[]): HostTensor {
  const [{ dtype, shape, data }] = rows;
  const all = data.constructor as new (length: number) => typeof data;
  const joined = new all(rows.length * data.length);
  rows.forEach((row, i) => {
    joined.set(row.data, i * data.length);
  });
  return { dtype, shape: [rows.length, ...shape], data: joined };
}

interface Case {
  readonly op: Op;
  readonly sample: Sample;
  /** Which device inputs are the same at every trip. */
  readonly isConst: readonly boolean[];
}

/** What a kernel gives at each trip. */
function expected({ op, sample: { inputs, attrs }, isConst }: Case): HostTensor[][] {
  const host = op.hostInputs.map((i) => inputs[i]);
  const device = inputs.filter((_, i) => !op.hostInputs.includes(i));
  return Array.from({ length: TRIPS }, (_, t) => {
    const given = device.map((x, i) => (isConst[i] ? x : turned(x, t)));
    return runOn(backend, op, given, { attrs, host, donated: given.map(() => false) });
  });
}

/** The loop whose body is the op. */
function loopOf({ op, sample: { inputs, attrs }, isConst }: Case, results: readonly StaticTensor[]): StaticLoop {
  const device = inputs.filter((_, i) => !op.hostInputs.includes(i));
  const indices = device.map((_, i) => i);
  const outputs = results.map((_, i) => device.length + i);
  return {
    values: [...device, ...results].map(({ dtype, shape }) => ({ dtype, shape })),
    constants: new Map(),
    consts: indices.filter((i) => isConst[i]),
    carry: [],
    xs: indices.filter((i) => !isConst[i]),
    body: {
      steps: [{ op, attrs, inputs: indices, host: op.hostInputs.map((i) => inputs[i]), outputs }],
      results: outputs,
    },
    cond: null,
    reverse: false,
  };
}

/** What the compiled loop gives, each output as its rows; `undefined` where it is not compiled. */
function compiled(cpu: Cpu, c: Case, results: readonly StaticTensor[]): HostTensor[] | undefined {
  const before = handles.stats();
  const kernel = compileLoop(cpu, loopOf(c, results));
  if (kernel === undefined) return undefined;
  const device = c.sample.inputs.filter((_, i) => !c.op.hostInputs.includes(i));
  const upload = (x: HostTensor): DeviceTensor<CpuBuffer> => handles.upload(x);
  const consts = device.filter((_, i) => c.isConst[i]).map(upload);
  const xs = device
    .filter((_, i) => !c.isConst[i])
    .map((x) => upload(stacked(Array.from({ length: TRIPS }, (_, t) => turned(x, t)))));
  const run = kernel.run({ consts, carry: [], xs, trips: TRIPS });
  const ys = (run?.ys ?? []).map((y) => handles.download(y));
  [...consts, ...xs, ...(run?.ys ?? [])].forEach((x) => handles.free(x));
  kernel.dispose();
  expect(run?.trips).toBe(TRIPS);
  expect(handles.stats()).toEqual(before);
  return ys;
}

const cases = (op: Op, dtype: DType): fc.Arbitrary<Case> =>
  fc.record({
    op: fc.constant(op),
    sample: samplers.get(op)?.draw(dtype, true) ?? fc.constant({ inputs: [], attrs: {} }),
    isConst: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
  });

/** Whether elements are the same, whatever the bits of NaN. */
function expectSame(rows: HostTensor, each: readonly HostTensor[]): void {
  const all = stacked(each);
  expect(rows.dtype).toBe(all.dtype);
  expect(rows.shape).toEqual(all.shape);
  expect([...rows.data]).toEqual([...all.data]);
}

describe.each([...loopOps.keys()].map((op) => [op.name, op] as const))('%s in a compiled loop', (_, op) => {
  const dtypes = samplers.get(op)?.dtypes ?? [];

  it('gives what its kernel gives at every trip, also where rows of the batch are cut', () => {
    let times = 0;
    for (const dtype of dtypes) {
      fc.assert(
        fc.property(cases(op, dtype), (c) => {
          const trips = expected(c);
          fc.pre(trips[0].every(({ shape }) => sizeOf(shape) > 0));
          const ys = compiled(whole, c, trips[0]);
          if (ys === undefined) return;
          times++;
          ys.forEach((rows, i) => {
            expectSame(
              rows,
              trips.map((results) => results[i]),
            );
          });
          const parted = compiled(cut, c, trips[0]);
          expect(parted?.map(({ data }) => [...data])).toEqual(ys.map(({ data }) => [...data]));
        }),
        { numRuns: 20, seed: 1 },
      );
    }
    expect(times).toBeGreaterThan(0);
  });
});

it('rows of the batch were cut', () => {
  expect(pool.pieces).toBeGreaterThan(100);
});
