import { reference } from '@tensorloom/backend-reference';
import { NDArray, constant, resetDefaultGraph } from '@tensorloom/graph';
import { Session } from '@tensorloom/runtime';
import { beforeEach, expect, it } from 'vitest';
import { metered } from '../src/peak-memory.js';

beforeEach(() => resetDefaultGraph());

it('tells the most that was live, not what is', () => {
  const backend = metered(reference());
  const x = new NDArray('float32', [2], Float32Array.of(1, 2));
  const [a, b] = [backend.upload(x), backend.upload(x)];
  backend.free(b);
  backend.upload(new NDArray('float32', [2], Float32Array.of(3, 4)));
  backend.free(a);
  expect(backend.peak()).toBe(16);
  expect(backend.stats().bytes).toBe(8);
  backend.reset();
  expect(backend.peak()).toBe(8);
});

it('sees what kernels make during a run', () => {
  const backend = metered(reference());
  const session = new Session({ backend });
  const x = constant([1, 2, 3, 4]);
  session.runSync(x.exp().add(x.sin().mul(x.cos())));
  session.close();
  expect(backend.peak()).toBeGreaterThanOrEqual(3 * 16);
  expect(backend.stats()).toEqual({ handles: 0, bytes: 0 });
});
