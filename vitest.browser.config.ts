import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { alias, path } from './vitest.aliases.js';
import { launchOptions } from './vitest.chromium.js';

/** Tests that run in a browser: `*.browser.test.ts`, in headless Chromium, with WebGL 2 and WebGPU in software where there is no GPU. */
export default defineConfig({
  resolve: {
    alias: [
      ...['datasets', 'train'].map((name) => ({
        find: `@tensorloom/${name}`,
        replacement: path(`packages/${name}/src/index.browser.ts`),
      })),
      ...alias,
    ],
  },
  // Found only while tests run, they would make the page load anew.
  optimizeDeps: {
    include: [
      '@tensorflow/tfjs-core',
      ...['cpu', 'wasm', 'webgl', 'webgpu'].map((engine) => `@tensorflow/tfjs-backend-${engine}`),
      'fast-check',
      'gpu.js',
    ],
  },
  test: {
    include: ['packages/*/test/**/*.browser.test.ts'],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 60_000,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({ launchOptions }),
      instances: [{ browser: 'chromium' }],
    },
  },
});
