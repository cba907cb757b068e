import { defineConfig } from 'vitest/config';

/** The tests of the site as it is built: a browser opens the chapter's pages, runs their programs, and compares. */
export default defineConfig({
  test: {
    name: 'docs',
    include: ['docs/e2e/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
