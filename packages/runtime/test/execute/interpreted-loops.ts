import { reference } from '@tensorloom/backend-reference';
import { allocate, sizeOf } from '@tensorloom/graph';
import type { Backend, DeviceTensor, HostTensor } from '../../src/backend.js';
import { kernelFor } from '../../src/foreign.js';
import type { LoopArguments, LoopResults, StaticBlock, StaticLoop } from '../../src/static-loop.js';

/** What was asked of a backend whose loops are interpreted. */
export interface Interpreted {
  readonly backend: Backend;
  readonly loops: StaticLoop[];
  /** How many trips each run was for at most, and took. */
  readonly runs: { readonly trips: number; readonly taken: number }[];
  disposed: number;
  /** Whether runs give up. */
  fails: boolean;
}

/** The reference backend with loops that "run as one kernel", of which notes are taken. */
export function interpreted(): Interpreted {
  const own = reference();
  const notes: Interpreted = { backend: own, loops: [], runs: [], disposed: 0, fails: false };
  const compileLoop: Backend['compileLoop'] = (loop) => {
    notes.loops.push(loop);
    return {
      run: (args) => {
        const results = notes.fails ? undefined : run(own, loop, args);
        notes.runs.push({ trips: args.trips, taken: results?.trips ?? 0 });
        return results;
      },
      dispose: () => notes.disposed++,
    };
  };
  Object.assign(own, { compileLoop });
  return notes;
}

function run(backend: Backend, loop: StaticLoop, { consts, carry, xs, trips }: LoopArguments): LoopResults {
  const download = (x: DeviceTensor): HostTensor => {
    const host = backend.download(x);
    if (host instanceof Promise) throw new Error('expected a backend that does not wait');
    return host;
  };
  const values = new Map<number, HostTensor>(loop.constants);
  loop.consts.forEach((v, i) => values.set(v, download(consts[i])));
  loop.carry.forEach((v, i) => values.set(v, download(carry[i])));
  const sequences = xs.map(download);
  const rows: HostTensor[][] = loop.body.results.slice(carry.length).map(() => []);
  let taken = 0;
  for (; taken < trips; taken++) {
    if (loop.cond !== null) {
      const [go] = compute(backend, loop.cond, values);
      if (go.data[0] === 0) break;
    }
    const t = loop.reverse ? trips - 1 - taken : taken;
    loop.xs.forEach((v, i) => values.set(v, rowOf(sequences[i], t)));
    const results = compute(backend, loop.body, values);
    loop.carry.forEach((v, i) => values.set(v, results[i]));
    results.slice(carry.length).forEach((y, i) => (rows[i][t] = y));
  }
  return {
    carry: loop.carry.map((v) => backend.upload(at(values, v))),
    ys: rows.map((ys, i) => backend.upload(stacked(ys, loop.values[loop.body.results[carry.length + i]]))),
    trips: taken,
  };
}

function at(values: ReadonlyMap<number, HostTensor>, v: number): HostTensor {
  const value = values.get(v);
  if (value === undefined) throw new Error(`value ${v} is not there`);
  return value;
}

/** What a block computes. */
function compute(
  backend: Backend,
  { steps, results }: StaticBlock,
  given: ReadonlyMap<number, HostTensor>,
): HostTensor[] {
  const values = new Map(given);
  for (const { op, attrs, inputs, host, outputs } of steps) {
    const device = inputs.map((v) => backend.upload(at(values, v)));
    const made = kernelFor(backend, op)?.(device, { attrs, host, donated: device.map(() => false) });
    if (made === undefined || made instanceof Promise) throw new Error(`${op.name}: no kernel that does not wait`);
    [made].flat().forEach((y, i) => {
      const value = backend.download(y);
      if (!(value instanceof Promise)) values.set(outputs[i], { ...value, data: value.data.slice() });
      backend.free(y);
    });
    device.forEach((x) => backend.free(x));
  }
  return results.map((v) => at(values, v));
}

function rowOf({ dtype, shape: [, ...row], data }: HostTensor, t: number): HostTensor {
  const size = sizeOf(row);
  return { dtype, shape: row, data: data.slice(t * size, (t + 1) * size) };
}

function stacked(rows: readonly HostTensor[], { dtype, shape }: Pick<HostTensor, 'dtype' | 'shape'>): HostTensor {
  const size = sizeOf(shape);
  const data = allocate(dtype, rows.length * size);
  rows.forEach((row, i) => data.set(row.data, i * size));
  return { dtype, shape: [rows.length, ...shape], data };
}
