import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { expect, test } from 'vitest';
import * as browser from '../src/index.browser.js';
import * as node from '../src/index.js';

/** The imports that are left of an entry when a bundler has put its files together. */
async function importsOf(entry: string): Promise<readonly string[]> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      lib: { entry: fileURLToPath(new URL(`../src/${entry}`, import.meta.url)), formats: ['es'] },
      rolldownOptions: { external: /^(node:|@tensorloom)/ },
    },
  });
  const outputs = Array.isArray(built) ? built.flatMap(({ output }) => output) : [];
  return outputs.flatMap((file) => (file.type === 'chunk' ? file.imports : []));
}

test('the browser’s entry has the names of the other', () => {
  expect(Object.keys(browser).sort()).toEqual(Object.keys(node).sort());
});

test('the browser’s entry asks for nothing that only Node has', async () => {
  expect(await importsOf('index.ts')).toContain('node:fs/promises');
  const imports = await importsOf('index.browser.ts');
  expect(imports).toContain('@tensorloom/graph');
  expect(imports.filter((name) => name.startsWith('node:'))).toEqual([]);
});
