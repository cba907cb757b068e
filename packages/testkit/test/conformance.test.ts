import { reference } from '@tensorloom/backend-reference';
import { type Op, computing, elementwise, mixed, shape } from '@tensorloom/graph';
import type { Backend, DeviceTensor, HostTensor, Kernel } from '@tensorloom/runtime';
import { describe, expect, it } from 'vitest';
import { ConformanceError, type ConformanceOptions, type ConformanceResult, conformance } from '../src/conformance.js';
import { programs } from '../src/programs/programs.js';
import { samplers } from '../src/samples/index.js';

/** A reference backend with other kernels for some ops. */
const changed = (change: (base: Backend) => readonly (readonly [Op, Kernel<unknown>])[]): Backend => {
  const base = reference();
  return { ...base, name: 'changed', kernels: new Map([...base.kernels, ...change(base)]) };
};

const only = (...ops: Op[]): ConformanceOptions => ({
  samplers: new Map([...samplers].filter(([op]) => ops.includes(op))),
});

const kernelOf = (backend: Backend, op: Op): Kernel<unknown> => {
  const kernel = backend.kernels.get(op);
  if (kernel === undefined) throw new Error(`no kernel for ${op.name}`);
  return kernel;
};

/** A kernel of an op with one input, which maps each element on the host. */
const mapping =
  (backend: Backend, f: (v: number) => number): Kernel<unknown> =>
  async ([x]) => {
    const { dtype, shape: dims, data } = await backend.download(x);
    return backend.upload({ dtype, shape: dims, data: data.map(f) });
  };

/** The kernel of an op, but with another last element in its first result. */
const spoiling =
  (backend: Backend, op: Op): Kernel<unknown> =>
  async (inputs, call) => {
    const results = [await kernelOf(backend, op)(inputs, call)].flat();
    const { dtype, shape: dims, data } = await backend.download(results[0]);
    backend.free(results[0]);
    const last = data.length - 1;
    const wrong = data.map((v, i) => (i === last ? (dtype === 'bool' ? 1 - v : v === 7 ? 8 : 7) : v));
    return [backend.upload({ dtype, shape: dims, data: wrong }), ...results.slice(1)];
  };

/** The error of a conformance run that must fail. */
async function failing(backend: Backend, options: ConformanceOptions): Promise<ConformanceError> {
  const error: unknown = await conformance(backend, options).then(
    () => undefined,
    (e: unknown) => e,
  );
  if (error instanceof ConformanceError) return error;
  throw new Error(`expected a ConformanceError, got ${String(error)}`);
}

describe('conformance', () => {
  it('passes the reference backend, complete, in every op and dtype', async () => {
    const backend = reference();
    const report = await conformance(backend, { complete: true });
    expect(report.filter((r) => r.status !== 'passed')).toEqual([]);
    const checked = report.filter((r) => r.kind !== 'program');
    expect(report.length - checked.length).toBe(programs.length);
    expect(checked.every((r) => r.samples === 25 && r.worstError === 0)).toBe(true);
    expect(report.filter((r) => r.op === 'MatMul').map((r) => r.dtype)).toEqual(['float32', 'float64', 'int32']);
    expect(new Set(checked.map((r) => r.op))).toEqual(
      new Set(['Transfer', ...[...samplers.keys()].map((op) => op.name)]),
    );
    expect(backend.stats()).toEqual({ handles: 0, bytes: 0 });
  });

  it('has a sampler for each op that the reference backend has a kernel for, but those that run on the host', () => {
    const onDevice = [...reference().kernels.keys()].filter((op) => !op.onHost);
    expect(new Set(samplers.keys())).toEqual(new Set(onDevice));
  });

  it('passes kernels that return promises', async () => {
    const backend = changed((base) => [[elementwise.add, async (...args) => kernelOf(base, elementwise.add)(...args)]]);
    const report = await conformance(backend, only(elementwise.add));
    expect(report.filter((r) => r.op === 'Add').map((r) => r.status)).toEqual(['passed', 'passed', 'passed']);
  });

  it('fails a backend with one wrong kernel, naming op and sample', async () => {
    const backend = changed((base) => [[elementwise.tanh, kernelOf(base, elementwise.sin)]]);
    const error = await failing(backend, {});
    expect(
      error.report.filter((r) => r.kind === 'op' && r.status === 'failed').map((r) => `${r.op} ${r.dtype}`),
    ).toEqual(['Tanh float32', 'Tanh float64']);
    expect(error.message).toMatch(
      /^conformance: backend 'changed' failed \d+ of \d+ checks\.\n {2}Tanh float32: element \d+ of \[/,
    );
    expect(error.message).toMatch(/expected -?[\d.]+, got -?[\d.]+\.\n {4}inputs.*: float32\[.*; attributes: \{\}/);
    expect(backend.stats().handles).toBe(0);
  });

  const computed = Object.entries(computing).flatMap(([family, ops]) =>
    Object.entries<Op>(ops).flatMap(([key, op]) => (samplers.has(op) ? [[`${family}.${key}`, op] as const] : [])),
  );
  it.each(computed)('fails a backend whose kernel for %s gets one element wrong', async (_, op) => {
    const backend = changed((base) => [[op, spoiling(base, op)]]);
    const { report } = await failing(backend, only(op));
    const results = report.filter((r) => r.op === op.name);
    expect(results.map((r) => r.status)).toEqual(samplers.get(op)?.dtypes.map(() => 'failed'));
  });

  it('fails a kernel that is wrong at special numbers only', async () => {
    const backend = changed((base) => [[elementwise.relu, mapping(base, (v) => (v > 0 ? v : 0))]]);
    const options = only(elementwise.relu);
    expect((await failing(backend, options)).message).toMatch(/expected NaN, got 0\./);
    await expect(conformance(backend, { ...options, specials: false })).resolves.toBeDefined();
    const exceptions = new Map([[elementwise.relu, { specials: false }]]);
    await expect(conformance(backend, { ...options, exceptions })).resolves.toBeDefined();
  });

  it('fails a device that takes subnormal numbers for 0, unless told', async () => {
    const flush = (v: number): number => (Math.abs(v) < 2 ** -126 ? 0 : v);
    const sign = changed((base) => [[elementwise.sign, mapping(base, (v) => (flush(v) === 0 ? 0 : Math.sign(v)))]]);
    expect((await failing(sign, only(elementwise.sign))).message).toMatch(/expected -?1, got 0\./);
    await expect(conformance(sign, { ...only(elementwise.sign), subnormals: false })).resolves.toBeDefined();
  });

  it('allows what the tolerance says, for the op or for all', async () => {
    const backend = changed((base) => [[elementwise.exp, mapping(base, (v) => Math.exp(v) * 1.0001)]]);
    const options = only(elementwise.exp);
    const worst = (report: readonly ConformanceResult[]): number => report.find((r) => r.op === 'Exp')?.worstError ?? 0;
    expect((await failing(backend, options)).message).toMatch(/Exp float32: element/);
    const loose = await conformance(backend, { ...options, tolerance: { rtol: 2e-4 } });
    expect(worst(loose)).toBeGreaterThan(0.3);
    expect(worst(loose)).toBeLessThan(0.6);
    const exceptions = new Map([[elementwise.exp, { rtol: 1e-3 }]]);
    expect(worst(await conformance(backend, { ...options, exceptions }))).toBeLessThan(0.11);
  });

  it('fails a kernel that leaves a handle', async () => {
    const backend = changed((base) => [
      [elementwise.neg, (inputs, call) => (base.retain(inputs[0]), kernelOf(base, elementwise.neg)(inputs, call))],
    ]);
    expect((await failing(backend, only(elementwise.neg))).message).toMatch(/Neg float32: expectNoLeaks/);
  });

  it('fails a kernel that overwrites what it had only borrowed', async () => {
    const overwriting = (when: (donated: boolean) => boolean): Backend => {
      const overwritten = new Set<DeviceTensor>();
      const backend = changed((base) => [
        [
          elementwise.neg,
          (inputs, call) => {
            if (when(call.donated[0])) overwritten.add(inputs[0]);
            return kernelOf(base, elementwise.neg)(inputs, call);
          },
        ],
      ]);
      const download = (x: DeviceTensor): HostTensor => {
        const { dtype, shape: dims, data } = backend.download(x) as HostTensor;
        return { dtype, shape: dims, data: overwritten.has(x) ? data.map((v) => v + 1) : data };
      };
      return { ...backend, download };
    };
    expect(
      (
        await failing(
          overwriting(() => true),
          only(elementwise.neg),
        )
      ).message,
    ).toMatch(/Neg: the kernel changed device input 0, which it had only borrowed/);
    await expect(
      conformance(
        overwriting((donated) => donated),
        only(elementwise.neg),
      ),
    ).resolves.toBeDefined();
  });

  it('fails results of another number, dtype or shape', async () => {
    const backend = changed((base) => [
      [shape.expandDims, ([x]) => base.retain(x)],
      [shape.reshape, ([x]) => ({ ...base.retain(x), shape: [99] })],
      [shape.unpack, () => []],
      [elementwise.less, (inputs, call) => kernelOf(base, elementwise.add)(inputs, call)],
    ]);
    const { message } = await failing(backend, only(shape.expandDims, shape.reshape, shape.unpack, elementwise.less));
    expect(message).toMatch(/ExpandDims float32: expected float32\[1\], got float32\[\]\./);
    expect(message).toMatch(
      /Reshape bool: Reshape: the handle says bool\[99\], downloading it gives 1 elements as bool\[99\]/,
    );
    expect(message).toMatch(/Unpack int32: expected 1 results, got 0\./);
    expect(message).toMatch(/Less float64: expected bool\[\], got float64\[\]\./);
  });

  it('lists ops without a kernel, and fails them only when all are asked for', async () => {
    const backend = { ...reference(), kernels: new Map() };
    const report = await conformance(backend, only(elementwise.add));
    expect(report.filter((r) => r.status === 'missing').map((r) => `${r.op} ${r.dtype}`)).toEqual([
      'Add float32',
      'Add float64',
      'Add int32',
    ]);
    const { message } = await failing(backend, { ...only(elementwise.add), complete: true });
    expect(message).toContain('failed 3 of 7 checks.\n  Add float32: no kernel.');
  });

  it('asks of a backend only the dtypes it holds, and of an op those it takes', async () => {
    const single: Backend = { ...reference(), dtypes: new Set(['float32']) };
    const statuses = async (options: ConformanceOptions): Promise<string[]> =>
      (await conformance(single, options)).map((r) => `${r.op} ${r.dtype} ${r.status}`);
    expect(await statuses(only(elementwise.add, elementwise.less, mixed.cast))).toEqual([
      'Transfer float32 passed',
      'Add float32 passed',
      'Less float32 missing',
      'Cast float32 passed',
    ]);
    const exceptions = new Map([[elementwise.add, { dtypes: [] }]]);
    expect(await statuses({ ...only(elementwise.add), exceptions })).toEqual(['Transfer float32 passed']);
  });

  it('fails a backend whose transfers lose elements', async () => {
    const base = reference();
    const rounding: Backend = { ...base, upload: (x) => base.upload({ ...x, data: x.data.map(Math.trunc) }) };
    const { report } = await failing(rounding, only());
    expect(report.map((r) => `${r.op} ${r.dtype} ${r.status}`)).toEqual([
      'Transfer float32 failed',
      'Transfer float64 failed',
      'Transfer int32 passed',
      'Transfer bool passed',
    ]);
  });
});
