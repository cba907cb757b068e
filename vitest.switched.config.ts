import { defineConfig } from 'vitest/config';
import { alias, path } from './vitest.aliases.js';

const at = (name: string): string => path(`packages/tensorloom/test/switched/${name}.ts`);
/** What stands in for the packages in each mode. */
const switches: Record<string, { find: string; replacement: string }[]> = {
  plain: [
    { find: '@tensorloom/runtime', replacement: at('runtime') },
    { find: '@tensorloom/backend-cpu', replacement: at('backend-cpu-plain') },
  ],
  threads: [{ find: '@tensorloom/backend-cpu', replacement: at('backend-cpu-threads') }],
};

/** The tests of what users see, with everything that makes it fast switched off (`--mode plain`), or on three threads (`--mode threads`). */
export default defineConfig(({ mode }) => {
  if (!(mode in switches))
    throw new Error(`vitest.switched: expected --mode ${Object.keys(switches).join(' or ')}, got ${mode}.`);
  return {
    test: {
      maxWorkers: '100%',
      projects: ['graph', 'autodiff', 'nn', 'train', 'rnn', 'tensorloom'].map((name) => ({
        resolve: { alias: [...switches[mode], ...alias] },
        test: {
          name,
          root: path(`packages/${name}`),
          environment: 'node',
          isolate: false,
          include: ['test/**/*.test.ts'],
          // What pages print is rounded as the backend they run on rounds.
          exclude: ['test/**/*.browser.test.ts', 'test/**/*.long.test.ts', 'test/chapter-pages.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      })),
    },
  };
});
