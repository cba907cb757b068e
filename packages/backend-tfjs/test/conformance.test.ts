import * as tf from '@tensorflow/tfjs-core';
import { tfjs } from '@tensorloom/backend-tfjs';
import { conformance } from '@tensorloom/testkit';
import { expect, test } from 'vitest';

test.each(['cpu', 'wasm'] as const)(
  'every op on engine %s agrees with the reference, and no tensor is left',
  { timeout: 60_000 },
  async (engine) => {
    const backend = await tfjs(engine);
    const before = tf.memory().numTensors;
    await conformance(backend, { complete: true, samples: 25 });
    expect(tf.memory().numTensors).toBe(before);
  },
);
