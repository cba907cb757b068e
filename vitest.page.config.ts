import { defineConfig } from 'vitest/config';

/** The tests of the page in `examples/browser` as it is built: a browser opens it, clicks, and looks. */
export default defineConfig({
  test: {
    name: 'page',
    include: ['examples/browser/e2e/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 120_000,
  },
});
