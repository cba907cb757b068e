import { mkdirSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright';
import { type PreviewServer, preview } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchOptions } from '../../vitest.chromium.js';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const pages = readdirSync(at('../chapter')).map((name) => name.replace(/\.md$/, ''));

let server: PreviewServer;
let browser: Browser;
beforeAll(async () => {
  const site = { root: at('..'), build: { outDir: '.vitepress/dist' }, configFile: false as const };
  server = await preview({ ...site, logLevel: 'error', preview: { port: 4190, strictPort: false } });
  browser = await chromium.launch(launchOptions);
  mkdirSync(at('../../runs'), { recursive: true });
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

test.each(pages)('the programs of %s print in a browser what the page says', async (name) => {
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(`${server.resolvedUrls?.local[0] ?? ''}docs/chapter/${name}.html`, { waitUntil: 'networkidle' });
  const programs = page.locator('.runnable');
  const count = await programs.count();
  expect(count).toBeGreaterThan(0);
  const said = await page.locator('.runnable + .language-txt code').allInnerTexts();
  expect(said).toHaveLength(count);
  for (let i = 0; i < count; i++) {
    await programs.nth(i).getByRole('button').click();
    const output = programs.nth(i).locator('pre.done');
    await output.waitFor({ timeout: 60_000 });
    expect((await output.innerText()).trim()).toBe(said[i].trim());
  }
  await page.screenshot({ path: at(`../../runs/docs-${name}.png`), fullPage: true });
  expect(errors).toEqual([]);
});
