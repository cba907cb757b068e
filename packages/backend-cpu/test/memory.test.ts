import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Block, Memory, capacityOf, sizeClassOf } from '../src/memory.js';

const PAGE = 65_536;

describe('size classes', () => {
  it('hold what is asked and 16 bytes more, wasting at most a quarter', () => {
    fc.assert(
      fc.property(fc.oneof(fc.nat(1000), fc.nat(2 ** 31)), (bytes) => {
        const capacity = capacityOf(sizeClassOf(bytes));
        expect(capacity).toBeGreaterThanOrEqual(bytes + 16);
        expect(capacity).toBeLessThanOrEqual(Math.max(1.25 * (bytes + 16), bytes + 32));
        expect(capacity % 16).toBe(0);
      }),
    );
  });

  it('are the least that fit: none is skipped', () => {
    for (let sizeClass = 1; sizeClass < 80; sizeClass++) {
      expect(sizeClassOf(capacityOf(sizeClass) - 16)).toBe(sizeClass);
      expect(sizeClassOf(capacityOf(sizeClass - 1) - 15)).toBe(sizeClass);
    }
  });
});

describe('Memory', () => {
  it('gives aligned blocks that do not overlap', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(5000), fc.boolean()), { maxLength: 60 }), (requests) => {
        const memory = new Memory(1);
        const live: Block[] = [];
        for (const [bytes, releaseOne] of requests) {
          const block = memory.allocate(bytes);
          expect(block.address % 16).toBe(0);
          expect(block.references).toBe(1);
          for (const other of live) {
            const apart =
              block.address + block.capacity <= other.address || other.address + other.capacity <= block.address;
            expect(apart).toBe(true);
          }
          live.push(block);
          if (releaseOne) memory.release(live.splice(bytes % live.length, 1)[0]);
        }
      }),
    );
  });

  it('serves a request from the blocks released before', () => {
    const memory = new Memory(1);
    const block = memory.allocate(1000);
    memory.release(block);
    expect(memory.allocate(990).address).toBe(block.address);
    expect(memory.allocate(990).address).not.toBe(block.address);
  });

  it.each([true, false])('grows, keeping contents and renewing views (shared: %s)', (shared) => {
    const memory = new Memory(2, 100, shared);
    const block = memory.allocate(64);
    const before = memory.views;
    before.int32[block.address / 4] = 42;
    const large = memory.allocate(10 * PAGE);
    expect(memory.views === before).toBe(false);
    // Shared memory does not move, so that what looked at it before still does.
    expect(before.bool.length).toBe(shared ? 2 * PAGE : 0);
    expect(memory.views.bool.length).toBeGreaterThanOrEqual(large.address + large.capacity);
    expect(memory.views.int32[block.address / 4]).toBe(42);
  });

  it('doubles, so that growth stays rare', () => {
    const memory = new Memory(4);
    let growths = 0;
    for (let views = memory.views, i = 0; i < 4000; i++) {
      memory.allocate(4000);
      if (memory.views !== views) growths++;
      ({ views } = memory);
    }
    expect(growths).toBeLessThanOrEqual(7);
  });

  it('grows by what is needed where doubling is refused, and says so when even that is', () => {
    const memory = new Memory(8, 10);
    const block = memory.allocate(8 * PAGE - 32);
    expect(memory.views.bool.length).toBe(9 * PAGE);
    expect(block.address + block.capacity).toBeLessThanOrEqual(9 * PAGE);
    expect(() => memory.allocate(3 * PAGE)).toThrow(
      new RangeError(
        'cpu: out of memory: 1 MiB are needed, 1 MiB are in use and the engine gives no more. Use smaller batches, or free what is kept.',
      ),
    );
    expect(memory.allocate(100).address).toBeGreaterThanOrEqual(block.address + block.capacity);
  });

  it('keeps one scratch block, replaced when it is too small', () => {
    const memory = new Memory(1);
    const small = memory.scratch(1000);
    expect(memory.scratch(500)).toBe(small);
    const large = memory.scratch(5000);
    expect(memory.scratch(1000)).toBe(large);
    expect(memory.allocate(1000).address).toBe(small);
  });

  it('keeps any number of constants for good, equal ones once', () => {
    const memory = new Memory(1);
    const one = memory.constant(new Uint32Array(Float32Array.of(1).buffer));
    const pi = memory.constant(new Uint32Array(Float64Array.of(Math.PI).buffer));
    expect(memory.constant(new Uint32Array(Float32Array.of(1).buffer))).toBe(one);
    expect(pi).not.toBe(one);
    for (let i = 0; i < 10_000; i++) memory.constant(Uint32Array.of(i));
    expect(memory.constant(new Uint32Array(Float32Array.of(1).buffer))).toBe(one);
    expect([...memory.views.float32.subarray(one / 4, one / 4 + 4)]).toEqual([1, 1, 1, 1]);
    expect([...memory.views.float64.subarray(pi / 8, pi / 8 + 2)]).toEqual([Math.PI, Math.PI]);
  });
});
