import * as tf from '@tensorflow/tfjs-core';
import { tfjs } from '@tensorloom/backend-tfjs';
import { conformance } from '@tensorloom/testkit';
import { elementwise } from '@tensorloom/graph';
import { expect, test } from 'vitest';

const engines = ['wasm', 'webgl', 'webgpu'] as const;
const options = { wasmPaths: '/node_modules/@tensorflow/tfjs-backend-wasm/dist/' };

/** Near its poles the tangent is as far off as the angle, which a GPU reduces in float32. */
const exceptions = new Map([[elementwise.tan, { rtol: 1e-3 }]]);
const onGpu = { specials: false, tolerance: { rtol: 1e-4, atol: 1e-4 }, exceptions };

test.each(engines)('every op on engine %s agrees with the reference, and no tensor is left', async (engine) => {
  const backend = await tfjs(engine, options);
  console.log(backend.description);
  const before = tf.memory().numTensors;
  await conformance(backend, { complete: true, samples: 12, ...(engine === 'wasm' ? {} : onGpu) });
  expect(tf.memory().numTensors).toBe(before);
});
