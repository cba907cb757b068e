import { defineConfig } from 'vitest/config';

/** The tests of the packages as they are published: packed, installed in an empty folder, imported, type-checked and bundled. */
export default defineConfig({
  test: {
    name: 'packages',
    include: ['scripts/test-packages/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 240_000,
  },
});
