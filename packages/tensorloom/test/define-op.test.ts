import { readFileSync } from 'node:fs';
import { loops } from '@tensorloom/backend-cpu';
import { onTensors } from '@tensorloom/backend-tfjs';
import { reference } from '@tensorloom/backend-reference';
import { ConformanceError, conformance, ndarrays } from '@tensorloom/testkit';
import { beforeEach, describe, expect, expectTypeOf, test } from 'vitest';
import * as tl from 'tensorloom';

beforeEach(() => tl.resetDefaultGraph());

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

test('the op in the docs is the one that is tested', () => {
  const blocks = [...read('../../../docs/ops.md').matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code);
  const code = read('swish.test.ts');
  expect(blocks).toContain(code);
  expect(code.split('\n').length).toBeLessThan(60);
});

/** The larger and the smaller of two tensors of one shape. */
const sorted = tl.defineOp({
  name: 'Sorted',
  infer: ([a, b]) => [a.spec, b.spec],
  gradient({ inputs: [a, b] }, dMax, dMin) {
    const first = a.greater(b);
    return [tl.where(first, dMax, dMin), tl.where(first, dMin, dMax)];
  },
  kernels: {
    host([a, b], [max, min]) {
      a.data.forEach((v, i) => {
        max.data[i] = Math.max(v, b.data[i]);
        min.data[i] = Math.min(v, b.data[i]);
      });
    },
  },
});

/** x, repeated along a new first axis as often as a host input says. */
const repeated = tl.defineOp({
  name: 'Repeated',
  hostInputs: [1],
  infer: ([x, times]) => [tl.tensorSpec(x.spec.dtype, x.spec.shape && [times.value?.[0] ?? null, ...x.spec.shape])],
  gradient: (_, dy) => [dy.reduceSum(0), null],
  kernels: {
    host([x, times], [y]) {
      for (let i = 0; i < times.data[0]; i++) y.data.set(x.data, i * x.data.length);
    },
  },
});

const run = async <const F extends tl.Fetch>(fetches: F, backend?: tl.Backend): Promise<tl.Fetched<F>> => {
  const session = new tl.Session(backend === undefined ? {} : { backend });
  try {
    return await session.run(fetches);
  } finally {
    session.close();
  }
};

describe('an op', () => {
  test('has as many outputs as its inference gives', async () => {
    const [max, min] = sorted([1, 5, 3], [4, 2, 3]);
    expectTypeOf(sorted(1, 2)).toEqualTypeOf<[tl.Tensor, tl.Tensor]>();
    expectTypeOf(repeated(1, 2)).toEqualTypeOf<tl.Tensor>();
    expect(max.name).toBe('Sorted:0');
    const got = await run({ max, min });
    expect([got.max.toArray(), got.min.toArray()]).toEqual([
      [4, 5, 3],
      [1, 2, 3],
    ]);
  });

  test('gets its host inputs as numbers, in inference too', async () => {
    const y = repeated([1, 2], 3);
    expect(y.shape).toEqual([3, 2]);
    const times = tl.placeholderWithDefault(tl.constant(2, { dtype: 'int32' }), []);
    expect(repeated([1, 2], times).shape).toEqual([null, 2]);
    const got = await run([y, repeated([true], times)]);
    expect(got.map((r) => r.toArray())).toEqual([
      [
        [1, 2],
        [1, 2],
        [1, 2],
      ],
      [[true], [true]],
    ]);
  });

  test('runs by its plain loops on a backend that has no kernel for it, in loops too', async () => {
    const [x] = tl.whileLoop(
      (y) => y.reduceSum().less(20),
      (y) => [sorted(y.mul(2), [3, 3])[0]],
      [tl.constant([1, 2])],
    );
    for (const backend of [reference(), undefined]) expect((await run(x, backend)).toArray()).toEqual([12, 16]);
  });

  test('takes attributes by name, with values of its own where a call gives none', async () => {
    const shift = tl.defineOp({
      name: 'Shift',
      attrs: { by: 1, times: 1 },
      infer: ([x]) => [x.spec],
      gradient: (_, dy) => [dy],
      kernels: {
        host: ([x], [y], { by, times }) => x.data.forEach((v, i) => (y.data[i] = v + by * times)),
      },
    });
    const got = await run([shift(1), shift(1, { by: 10 }), shift(1, { times: 3, name: 'far' }).mul(1)]);
    expect(got.map((r) => r.item())).toEqual([2, 11, 4]);
    expect(shift(1, { name: 'near' }).name).toBe('near:0');
    const wrong: object = { bye: 1 };
    expect(() => void Reflect.apply(shift, undefined, [1, wrong])).toThrow(
      "Shift: 'bye' is not an option, expected one of by, times, name.",
    );
    // @ts-expect-error: not an attribute
    expect(() => shift(1, { bye: 1 })).toThrow('bye');
  });
});

describe('a gradient', () => {
  test('gets one for each output, zeros where none came', async () => {
    const [a, b] = [tl.constant([1, 5]), tl.constant([4, 2])];
    const [max, min] = sorted(a, b);
    const [both, one] = [tl.gradients([max.mul(2), min.mul(3)], [a, b]), tl.gradients(min, [a, b])];
    const got = await run([...both, ...one].flatMap((d) => d ?? []));
    expect(got.map((r) => r.toArray())).toEqual([
      [3, 2],
      [2, 3],
      [1, 0],
      [0, 1],
    ]);
  });

  test('may be none, on purpose', () => {
    const flat = tl.defineOp({ name: 'Flat', infer: ([x]) => [x.spec], gradient: null, kernels: {} });
    const x = tl.constant(1);
    expect(tl.gradients(flat(x), x)).toEqual([null]);
  });

  test('for too few inputs is told', () => {
    const bad = tl.defineOp({ name: 'Bad', infer: ([x]) => [x.spec], gradient: (_, dy) => [dy], kernels: {} });
    const x = tl.constant(1);
    expect(() => tl.gradients(bad(x, x), x)).toThrow(
      "gradients: the gradient of 'Bad' gave 1 tensors, expected 2. Return one for each input, null where none flows.\n  node:    'Bad' = Bad(",
    );
  });
});

describe('kernels', () => {
  const neg = (kernels: Parameters<typeof tl.defineOp>[0]['kernels']) =>
    tl.defineOp({ name: 'Opposite', infer: ([x]) => [x.spec], gradient: null, kernels });

  test('are told apart by the name of the backend, or by what stands before its dash', async () => {
    const from = (value: number) => (backend: tl.Backend) => () =>
      backend.upload({ dtype: 'float32', shape: [], data: Float32Array.of(value) });
    const op = neg({ tiny: from(1), 'tiny-b': from(2), host: ([x], [y]) => y.data.set(x.data) });
    const named = (name: string): tl.Backend => ({ ...reference(), name });
    for (const [name, value] of [
      ['tiny', 1],
      ['tiny-a', 1],
      ['tiny-b', 2],
      ['tinyb', 7],
    ] as const) {
      expect((await run(op(7), named(name))).item()).toBe(value);
    }
  });

  test('that are missing, or for another backend, are told', async () => {
    await expect(run(neg({})(1))).rejects.toThrow("Opposite: backend 'cpu' has no kernel for this op.");
    const fill = (): void => undefined;
    await expect(run(neg({ cpu: fill })(1))).rejects.toThrow(
      "Opposite: expected kernels.cpu to give a kernel for backend 'cpu', got undefined. Plain loops stand under 'host'.",
    );
    await expect(run(neg({ reference: loops(fill) })(1), reference())).rejects.toThrow(
      "cpu: loops() makes kernels for backend 'cpu', got 'reference'. Put it under the key 'cpu'.",
    );
    await expect(run(neg({ cpu: onTensors(([x]) => x) })(1))).rejects.toThrow(
      "tfjs: onTensors() makes kernels for backends of tfjs, got 'cpu'. Put it under the key 'tfjs'.",
    );
  });

  test('that are wrong fail conformance', async () => {
    const op = neg({
      host: ([x], [y]) => x.data.forEach((v, i) => (y.data[i] = -v)),
      cpu: loops(([x], [y]) => y.data.set(x.data)),
    });
    const sampler = {
      dtypes: ['float32'] as const,
      draw: () => ndarrays('float32', [3], {}).map((x) => ({ inputs: [x], attrs: {} })),
    };
    const { backend } = new tl.Session();
    await expect(conformance(backend, { samplers: new Map([[op.op, sampler]]) })).rejects.toThrow(ConformanceError);
  });
});
