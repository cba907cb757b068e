import { setTimeout } from 'node:timers/promises';
import { gradients } from '@tensorloom/autodiff';
import {
  Graph,
  type NDArray,
  type Tensor,
  argMax,
  cast,
  concat,
  constant,
  gather,
  placeholder,
  randomNormal,
  randomUniform,
  reduceMax,
  reduceMean,
  reduceSum,
  scan,
  sigmoid,
  split,
  tanh,
  transpose,
  where,
  whileLoop,
  withGraph,
} from '@tensorloom/graph';
import { type Backend, type StaticLoop, Session } from '@tensorloom/runtime';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { createCpu } from '../../src/index.js';
import { SharedCode } from '../../src/threads/shared-code.js';

/** A backend, and for each loop it was asked to compile whether it did. */
function watched(options: Parameters<typeof createCpu>[0] = {}): { backend: Backend; compiled: boolean[] } {
  const own = createCpu({ threads: 1, ...options });
  const compiled: boolean[] = [];
  const compile = own.compileLoop?.bind(own);
  const compileLoop = (loop: StaticLoop): ReturnType<NonNullable<Backend['compileLoop']>> => {
    const kernel = compile?.(loop);
    compiled.push(kernel !== undefined);
    return kernel;
  };
  return { backend: Object.assign(own, { compileLoop }), compiled };
}

/** The same backend running loops op by op. */
const stepByStep = (): Backend => Object.assign(createCpu({ threads: 1 }), { compileLoop: () => undefined });

const scattered = (size: number, seed: number): Float32Array =>
  Float32Array.from({ length: size }, (_, i) => Math.sin(i * 12.9898 + seed));

interface Sizes {
  readonly steps: number;
  readonly batch: number;
  readonly depth: number;
}

/** A recurrence with gates, masks and reductions, its outputs and gradients. */
function recurrence({ steps, batch, depth }: Sizes, reverse = false): { fetches: Tensor[]; feeds: [Tensor, object][] } {
  const x = placeholder('float32', [null, batch, depth]);
  const lengths = placeholder('int32', [batch]);
  const [kernel, input, bias] = [
    constant({ shape: [depth, 3 * depth], data: scattered(3 * depth * depth, 1) }),
    constant({ shape: [depth, 3 * depth], data: scattered(3 * depth * depth, 2) }),
    constant({ shape: [3 * depth], data: scattered(3 * depth, 3) }),
  ];
  const start = constant({ shape: [batch, depth], data: scattered(batch * depth, 4) });
  const ys = scan<[Tensor, Tensor], Tensor>(
    ([h, t], row) => {
      const [a, b, c] = split(row.matmul(input).add(h.matmul(kernel)).add(bias), 3, { axis: 1 });
      const [f, g] = [sigmoid(a), tanh(b)];
      const mixed = concat([f.mul(h), g.mul(c)], 1).matmul(
        constant(1)
          .add(concat([kernel, kernel], 0))
          .mul(0.1),
      );
      const [first] = split(mixed, 3, { axis: 1 });
      const scaled = first.sub(reduceMax(first, 1, { keepdims: true })).mul(reduceMean(h, 1, { keepdims: true }));
      return [where(t.less(lengths).expandDims(1), tanh(scaled.add(g)), h), t.add(1)];
    },
    x,
    { initializer: [start, constant(0, { dtype: 'int32' })], reverse },
  );
  const [h, counter] = ys;
  const loss = reduceSum(h.square());
  const fetches = [h, counter, loss, ...gradients(loss, [x, kernel, input, bias, start])].filter((t) => t !== null);
  const feeds: [Tensor, object][] = [
    [x, { shape: [steps, batch, depth], data: scattered(steps * batch * depth, 5) }],
    [lengths, Int32Array.from({ length: batch }, (_, i) => (i * 7) % (steps + 1))],
  ];
  return { fetches, feeds };
}

const bits = (arrays: readonly NDArray[]): string[] =>
  arrays.map(
    ({ shape, data }) =>
      `${shape.join()}: ${Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64')}`,
  );

const run = (backend: Backend, graph: Graph, fetches: Tensor[], feeds: [Tensor, object][]): NDArray[] => {
  const session = new Session({ graph, backend });
  const results = session.runSync(fetches, feeds as never);
  expect(bits(session.runSync(fetches, feeds as never))).toEqual(bits(results));
  session.close();
  expect(backend.stats()).toEqual({ handles: 0, bytes: 0 });
  return results;
};

function expectClose(a: readonly NDArray[], b: readonly NDArray[]): void {
  a.forEach((x, i) => {
    expect(x.shape).toEqual(b[i].shape);
    expect(x.dtype).toBe(b[i].dtype);
    const largest = Math.max(1, ...Array.from(b[i].data, Math.abs));
    x.data.forEach((v, k) => {
      expect(Math.abs(v - b[i].data[k])).toBeLessThanOrEqual(2e-5 * largest);
    });
  });
}

describe('a compiled loop', () => {
  it('computes what it computes op by op, and its gradient does', () => {
    const sizes = fc.record({
      steps: fc.integer({ min: 1, max: 6 }),
      batch: fc.integer({ min: 1, max: 9 }),
      depth: fc.integer({ min: 1, max: 9 }),
    });
    fc.assert(
      fc.property(sizes, fc.boolean(), (s, reverse) => {
        const graph = new Graph();
        const { fetches, feeds } = withGraph(graph, () => recurrence(s, reverse));
        const { backend, compiled } = watched();
        const whole = run(backend, graph, fetches, feeds);
        expect(compiled).toEqual([true, true]);
        expectClose(whole, run(stepByStep(), graph, fetches, feeds));
      }),
      { numRuns: 40 },
    );
  });

  it.each([
    ['each thread with rows of its own', { steps: 20, batch: 23, depth: 33 }, false],
    ['threads that help with products of one row', { steps: 20, batch: 1, depth: 192 }, true],
  ])('gives the same bits on any number of threads: %s', async (_, sizes, helps) => {
    const kernel = vi.spyOn(SharedCode.prototype, 'kernel');
    const graph = new Graph();
    const { fetches, feeds } = withGraph(graph, () => recurrence(sizes));
    const [alone, two, three] = [1, 2, 3].map((threads) => watched({ threads }));
    const expected = bits(run(alone.backend, graph, fetches, feeds));
    for (const { backend, compiled } of [two, three]) {
      // Workers join when they are ready.
      for (let i = 0; i < 5; i++) {
        expect(bits(run(backend, graph, fetches, feeds))).toEqual(expected);
        await setTimeout(50);
      }
      expect(compiled).not.toContain(false);
    }
    expect(kernel.mock.calls.some(([name]) => name === 'helpJob')).toBe(helps);
    kernel.mockRestore();
  });

  it('runs as long as its condition holds, and keeps a row of each trip', () => {
    const graph = new Graph();
    const { fetches, feeds } = withGraph(graph, () => {
      const from = placeholder('float32', []);
      const [n, x] = whileLoop(
        (_, v) => v.less(1000),
        (i, v) => [i.add(1), v.mul(1.01).add(0.01)],
        [constant(0, { dtype: 'int32' }), from],
      );
      const [dx] = gradients(x, [from]);
      return { fetches: [n, x, dx], feeds: [[from, constant(1)]] as [Tensor, object][] };
    });
    const { backend, compiled } = watched();
    const session = new Session({ graph, backend });
    const [n, x, dx] = session.runSync(fetches as Tensor[], [[feeds[0][0], 1]]);
    expect(compiled).toEqual([true, true]);
    let [count, value] = [0, 1];
    for (; value < 1000; count++) value = Math.fround(Math.fround(value * Math.fround(1.01)) + Math.fround(0.01));
    expect(n.item()).toBe(count);
    expect(x.item()).toBeCloseTo(value, 1);
    expect(dx.item() / 1.01 ** count).toBeCloseTo(1, 3);
    session.close();
  });

  it('is left to the runtime where an op has to be checked, and then says which', () => {
    const graph = new Graph();
    const { backend, compiled } = watched();
    const fetch = withGraph(graph, () =>
      scan((a, x) => a.floordiv(x), constant([3, 0, 1], { dtype: 'int32' }), {
        initializer: constant(7, { dtype: 'int32' }),
      }),
    );
    expect(() => new Session({ graph, backend }).runSync(fetch)).toThrow(/FloorDiv/);
    expect(compiled.every((c) => !c)).toBe(true);
  });

  it('takes ops that it cannot cut by rows on one thread', () => {
    const graph = new Graph();
    const { fetches, feeds } = withGraph(graph, () => {
      const x = placeholder('float32', [null, 4, 4]);
      const y = scan((a, row) => transpose(a).matmul(row).add(reduceSum(a, 0)).mul(0.1), x);
      return {
        fetches: [y, cast(argMax(y, 2), 'float32')],
        feeds: [[x, { shape: [5, 4, 4], data: scattered(80, 9) }]] as [Tensor, object][],
      };
    });
    const { backend, compiled } = watched({ threads: 2 });
    expectClose(run(backend, graph, fetches, feeds), run(stepByStep(), graph, fetches, feeds));
    expect(compiled).toEqual([true]);
  });

  it.each([false, true])('draws the random numbers that it draws step by step, reverse: %s', (reverse) => {
    const graph = new Graph();
    const { fetches, feed } = withGraph(graph, () => {
      const x = placeholder('float32', [null, 5, 3]);
      const kept = scan(
        (h, row) => {
          const noise = randomNormal([5, 3], { seed: 3 });
          return h.mul(0.5).add(where(randomUniform([5, 3], { seed: 4 }).less(0.7), row.add(noise), row));
        },
        x,
        { initializer: constant({ shape: [5, 3], data: new Float32Array(15) }), reverse },
      );
      const [dx] = gradients(reduceSum(kept.square()), [x]);
      return { fetches: [kept, dx].filter((t) => t !== null), feed: x };
    });
    const { backend, compiled } = watched();
    const sessions = [backend, stepByStep()].map((b) => new Session({ graph, backend: b }));
    for (const steps of [4, 1, 6]) {
      const feeds = [[feed, { shape: [steps, 5, 3], data: scattered(steps * 15, 1) }]] as const;
      const [whole, turned] = sessions.map((session) => session.runSync(fetches, feeds));
      expectClose(whole, turned);
      expect(whole[0].data).toEqual(turned[0].data);
    }
    expect(compiled).not.toContain(false);
    sessions.forEach((session) => session.close());
    expect(backend.stats()).toEqual({ handles: 0, bytes: 0 });
  });

  it('leaves random numbers as they were where it fails', () => {
    const graph = new Graph();
    const { ys, indices } = withGraph(graph, () => {
      const at = placeholder('int32', [null, 2]);
      const table = constant({ shape: [4], data: scattered(4, 1) });
      const start = constant({ shape: [2], data: new Float32Array(2) });
      const sums = scan((h, i) => h.add(gather(table, i)).add(randomUniform([2], { seed: 7 })), at, {
        initializer: start,
      });
      return { ys: sums, indices: at };
    });
    const { backend, compiled } = watched();
    const sessions = [backend, stepByStep()].map((b) => new Session({ graph, backend: b }));
    const run = (session: Session, ...values: number[]): NDArray =>
      session.runSync(ys, [[indices, { shape: [values.length / 2, 2], data: Int32Array.from(values) }]]);
    const [whole, turned] = sessions.map((session) => {
      const first = run(session, 0, 1, 2, 3, 1, 1);
      expect(() => run(session, 0, 1, 2, 9)).toThrow('index 9 at position 1 is out of range');
      return [first, run(session, 3, 2, 1, 0)];
    });
    expect(compiled).toEqual([true]);
    expect(whole.map(({ data }) => data)).toEqual(turned.map(({ data }) => data));
    sessions.forEach((session) => session.close());
  });
});
