import { defineConfig } from 'vitest/config';
import { alias } from './vitest.aliases.js';
import browser from './vitest.browser.config.js';

/** `npm run conformance`: every backend, in Node and in a browser, reports to `.conformance`; see conformance/. */
export default defineConfig({
  test: {
    fileParallelism: false,
    projects: [
      {
        resolve: { alias },
        test: {
          name: 'node',
          include: ['conformance/*.test.ts'],
          exclude: ['**/*.browser.test.ts'],
          testTimeout: 900_000,
        },
      },
      {
        ...browser,
        test: { ...browser.test, name: 'browser', include: ['conformance/*.browser.test.ts'], testTimeout: 900_000 },
      },
    ],
  },
});
