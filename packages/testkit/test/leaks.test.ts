import { reference } from '@tensorloom/backend-reference';
import { NDArray } from '@tensorloom/graph';
import { describe, expect, it } from 'vitest';
import { expectNoLeaks } from '../src/leaks.js';

const x = new NDArray('float32', [2], Float32Array.of(1, 2));

describe('expectNoLeaks', () => {
  it('gives the result of a function that frees what it made', async () => {
    const backend = reference();
    const clean = (): number => {
      backend.free(backend.upload(x));
      return 3;
    };
    expect(expectNoLeaks(backend, clean)).toBe(3);
    await expect(expectNoLeaks(backend, async () => clean())).resolves.toBe(3);
  });

  it('throws when a handle is left, also when only a promise tells', async () => {
    const backend = reference();
    const message =
      "expectNoLeaks: backend 'reference' held 0 handles (0 bytes) before and 1 (8 bytes) after. Free each handle once.";
    expect(() => expectNoLeaks(backend, () => backend.upload(x))).toThrow(message);
    const later = async (): Promise<void> => {
      await Promise.resolve();
      backend.upload(x);
    };
    await expect(expectNoLeaks(backend, later)).rejects.toThrow('1 handles (8 bytes) before and 2 (16 bytes) after');
  });

  it('throws when more is freed than was made', () => {
    const backend = reference();
    const handle = backend.upload(x);
    expect(() => expectNoLeaks(backend, () => backend.free(handle))).toThrow('1 handles (8 bytes) before and 0');
  });
});
