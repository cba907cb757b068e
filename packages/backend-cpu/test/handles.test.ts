import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CpuTensor, Handles } from '../src/handles.js';
import { Memory } from '../src/memory.js';
import { elements, shapes, tensor, tensors } from './support.js';

const handles = (): Handles => new Handles(new Memory(1));

describe('Handles', () => {
  it.each(['float32', 'float64', 'int32', 'bool'] as const)('bring %s back as it went', (dtype) => {
    const h = handles();
    fc.assert(
      fc.property(
        shapes().chain((shape) => tensors(dtype, shape, elements(dtype))),
        (x) => {
          const device = h.upload(x);
          expect(h.download(device)).toEqual(x);
          h.free(device);
        },
      ),
    );
    expect(h.stats()).toEqual({ handles: 0, bytes: 0 });
  });

  it('give private copies', () => {
    const h = handles();
    const x = tensor('float32', [2], [1, 2]);
    const device = h.upload(x);
    x.data[0] = 9;
    h.download(device).data[1] = 9;
    expect(h.download(device).data).toEqual(Float32Array.of(1, 2));
  });

  it('count references and the bytes of blocks, whatever the order of frees', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom('new', 'view', 'free'), fc.nat())), (actions) => {
        const h = handles();
        const live: CpuTensor[] = [];
        for (const [action, n] of actions) {
          if (action === 'new') live.push(h.allocate('float32', [n % 100], (n % 100) * 4));
          else if (live.length === 0) continue;
          else if (action === 'view') live.push(h.view(live[n % live.length], 'float32', [1]));
          else h.free(live.splice(n % live.length, 1)[0]);
          const blocks = new Set(live.map((x) => x.buffer.block));
          expect(h.stats()).toEqual({
            handles: live.length,
            bytes: [...blocks].reduce((sum, b) => sum + b.capacity, 0),
          });
        }
      }),
    );
  });

  it('share a block between a tensor and its views', () => {
    const h = handles();
    const x = h.upload(tensor('float32', [3, 2], [1, 2, 3, 4, 5, 6]));
    expect(h.isOnly(x)).toBe(true);
    const row = h.view(x, 'float32', [2], 8);
    expect(h.isOnly(x)).toBe(false);
    h.free(x);
    expect(h.isOnly(row)).toBe(true);
    expect(h.download(row)).toEqual(tensor('float32', [2], [3, 4]));
    h.free(row);
    expect(h.stats()).toEqual({ handles: 0, bytes: 0 });
  });

  it('throw when a handle is freed twice, or used after that', () => {
    const h = handles();
    const x = h.upload(tensor('int32', [1], [1]));
    const again = h.view(x, 'int32', [1]);
    h.free(x);
    const message = (action: string): Error =>
      new Error(`cpu: ${action} of a tensor that was freed before. Retain it once for each free.`);
    expect(() => h.free(x)).toThrow(message('free'));
    expect(() => h.view(x, 'int32', [1])).toThrow(message('retain'));
    expect(() => h.download(x)).toThrow(message('download'));
    h.free(again);
    expect(h.stats()).toEqual({ handles: 0, bytes: 0 });
  });

  it("throw on another backend's handles", () => {
    const x = handles().upload(tensor('int32', [1], [1]));
    expect(() => handles().download(x)).toThrow(
      new Error('cpu: download of a tensor that belongs to another backend. Download it there and upload it here.'),
    );
  });

  it('give every block back when disposed', () => {
    const memory = new Memory(1);
    const h = new Handles(memory);
    const addresses = [h.allocate('float32', [10], 40), h.allocate('float32', [10], 40)].map((x) => x.buffer.address);
    h.dispose();
    expect(h.stats()).toEqual({ handles: 0, bytes: 0 });
    const next = new Handles(memory);
    const reused = [next.allocate('int32', [10], 40), next.allocate('int32', [10], 40)].map((x) => x.buffer.address);
    expect(reused.sort()).toEqual(addresses.sort());
  });
});
