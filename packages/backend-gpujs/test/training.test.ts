import { reference } from '@tensorloom/backend-reference';
import { describe, expect, test } from 'vitest';
import { gpujs } from '../src/index.js';
import { train } from './training.js';

const sizes = { steps: 4, inputs: 3, neurons: 5, classes: 3 };

describe.each(['cpu', 'webasm'] as const)('mode %s', (mode) => {
  test('50 training steps lose what the reference loses, and leave nothing behind', async () => {
    const expected = await train(reference(), sizes, 6, 50);
    const backend = await gpujs({ mode });
    const { losses, first, last, end } = await train(backend, sizes, 6, 50);
    losses.forEach((loss, i) => expect(loss).toBeCloseTo(expected.losses[i], 4));
    expect(last).toEqual(first);
    expect(end).toEqual({ handles: 0, bytes: 0 });
    backend.dispose();
  });
});
