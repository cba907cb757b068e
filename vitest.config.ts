import { existsSync, readdirSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { alias, path } from './vitest.aliases.js';

const folders = [
  ...readdirSync(path('packages')).map((name) => `packages/${name}`),
  'examples',
  'examples/browser',
  'bench',
  'scripts',
];

/** `vitest` runs `*.test.ts`; `vitest --mode long` runs `*.long.test.ts`, the ones that take minutes. */
export default defineConfig(({ mode }) => {
  const long = mode === 'long';
  return {
    test: {
      // Every core: by default one is left free, which on two cores is half of them.
      maxWorkers: '100%',
      projects: folders
        .filter((folder) => existsSync(path(`${folder}/test`)))
        .map((folder) => ({
          resolve: { alias },
          test: {
            name: folder.replace('packages/', ''),
            root: path(folder),
            environment: 'node',
            // Hundreds of files that load the same modules, and all begin with a graph of their own: loading took as long as testing.
            isolate: false,
            include: [long ? 'test/**/*.long.test.ts' : 'test/**/*.test.ts'],
            exclude: ['test/**/*.browser.test.ts', ...(long ? [] : ['test/**/*.long.test.ts'])],
            testTimeout: long ? 600_000 : 30_000,
            hookTimeout: 60_000,
          },
        })),
    },
  };
});
