import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createCpu } from '@tensorloom/backend-cpu';
import { gpujs } from '@tensorloom/backend-gpujs';
import { reference } from '@tensorloom/backend-reference';
import { tfjs } from '@tensorloom/backend-tfjs';
import type { Backend } from '@tensorloom/runtime';
import type { ConformanceOptions } from '@tensorloom/testkit';
import { expect, test } from 'vitest';
import { exceptionsOf } from './exceptions.js';
import { reportOf } from './report.js';

const backends: Record<string, () => Backend | Promise<Backend>> = {
  reference,
  cpu: createCpu,
  'tfjs-cpu': () => tfjs('cpu'),
  'tfjs-wasm': () => tfjs('wasm'),
  'gpujs-cpu': () => gpujs({ mode: 'cpu' }),
  'gpujs-webasm': () => gpujs({ mode: 'webasm' }),
};

test.each(Object.entries(backends))('%s', async (name, make) => {
  const options: ConformanceOptions = exceptionsOf(name);
  const report = await reportOf(await make(), options);
  expect(report.name).toBe(name);
  expect(report.own / report.ops).toBeGreaterThanOrEqual(0.95);
  const folder = fileURLToPath(new URL('../.conformance', import.meta.url));
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/${name}.json`, JSON.stringify(report, null, 1));
});
