import { type Op, create, elementwise, matrix, mixed, reduce, shape } from '@tensorloom/graph';
import { describe, expect, it } from 'vitest';
import { cpu, createCpu } from '../src/index.js';
import { tensor } from './support.js';

const x = tensor('float32', [2, 2], [1, 2, 3, 4]);

describe('createCpu', () => {
  it('has a kernel for every op that runs on a device', () => {
    const ops: Op[] = [elementwise, mixed, shape, reduce, matrix, create].flatMap((family) =>
      Object.values<Op>(family),
    );
    const { kernels, dtypes, name } = createCpu();
    expect(ops.filter((op) => !op.onHost && !kernels.has(op)).map((op) => op.name)).toEqual([]);
    expect([...dtypes].sort()).toEqual(['bool', 'float32', 'float64', 'int32']);
    expect(name).toBe('cpu');
  });

  it('says what runs', () => {
    expect(createCpu({ simd: 'plain', threads: 1 }).description).toBe('WebAssembly with SIMD, one thread');
    expect(createCpu({ simd: 'plain', threads: 3 }).description).toBe('WebAssembly with SIMD, 3 threads');
    expect(createCpu().description).toMatch(/^WebAssembly with (relaxed )?SIMD, (one thread|[234] threads)$/);
  });

  it.each([0, -1, 1.5, NaN])('refuses %s threads', (threads) => {
    expect(() => createCpu({ threads })).toThrow(
      new RangeError(`cpu: expected threads to be a whole number of 1 or more, got ${threads}.`),
    );
  });

  it('counts the handles of each backend apart', () => {
    const [a, b] = [createCpu(), createCpu()];
    const held = [a.upload(x), a.upload(x)];
    const again = a.retain(held[0]);
    expect(a.stats().handles).toBe(3);
    expect(b.stats()).toEqual({ handles: 0, bytes: 0 });
    for (const t of [...held, again]) a.free(t);
    expect(a.stats()).toEqual({ handles: 0, bytes: 0 });
    expect(() => a.free(again)).toThrow(/freed before/);
  });

  it('gives everything back when disposed', () => {
    const backend = createCpu();
    backend.upload(x);
    backend.dispose();
    expect(backend.stats()).toEqual({ handles: 0, bytes: 0 });
  });
});

describe('cpu', () => {
  it('promises the same', async () => {
    const backend = await cpu();
    const t = backend.upload(x);
    expect(backend.download(t)).toEqual(x);
    backend.free(t);
  });
});
