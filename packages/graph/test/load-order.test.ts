import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeEach, expect, test, vi } from 'vitest';

const files = readdirSync(fileURLToPath(new URL('../src', import.meta.url)), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replaceAll('\\', '/').replace(/\.ts$/, ''));

beforeEach(() => vi.resetModules());

test.each(files)('%s can be the first file that is loaded', async (file) => {
  await import(/* @vite-ignore */ new URL(`../src/${file}.ts`, import.meta.url).href);
  const { constant, getVariable, whileLoop } = await import('../src/index.js');
  const v = getVariable('v', [2]);
  const [y] = whileLoop(
    (x) => x.less(3).reduceAll(),
    (x) => [x.add(v)],
    [constant([1, 2])],
  );
  expect(y.toString()).toBe('Tensor(while/while:0 float32[2])');
});
