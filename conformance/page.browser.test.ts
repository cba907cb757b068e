import { gpujs } from '@tensorloom/backend-gpujs';
import { tfjs } from '@tensorloom/backend-tfjs';
import type { Backend } from '@tensorloom/runtime';
import { expect, test } from 'vitest';
import { commands } from 'vitest/browser';
import { exceptionsOf } from './exceptions.js';
import { reportOf } from './report.js';

const backends: Record<string, () => Promise<Backend>> = {
  'tfjs-webgl': () => tfjs('webgl'),
  'tfjs-webgpu': () => tfjs('webgpu'),
  'gpujs-webgl2': () => gpujs({ mode: 'webgl2' }),
  'gpujs-webgpu': () => gpujs({ mode: 'webgpu' }),
};

test.each(Object.entries(backends))('%s', async (name, make) => {
  const report = await reportOf(await make(), exceptionsOf(name));
  expect(report.name).toBe(name);
  expect(report.own / report.ops).toBeGreaterThanOrEqual(0.95);
  await commands.writeFile(`.conformance/${name}.json`, JSON.stringify(report, null, 1));
});
