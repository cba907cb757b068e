import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Locator, type Page } from 'playwright';
import { preview, type PreviewServer } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchOptions } from '../../../vitest.chromium.js';
import { backendNames } from '../src/backends.js';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Serves the built page; 'plain' without the headers that shared memory needs. */
async function serve(
  mode: 'production' | 'plain',
): Promise<{ readonly server: PreviewServer; readonly address: string }> {
  const server = await preview({ root, mode, logLevel: 'error', preview: { port: 4180, strictPort: false } });
  const address = server.resolvedUrls?.local[0];
  if (address === undefined) throw new Error('the server has no address');
  return { server, address };
}

/** The page in a fresh context, with all backends checked; `before` runs in it first. Errors are those that nobody handled. */
async function open(
  browser: Browser,
  address: string,
  before: () => void = () => undefined,
): Promise<{ readonly page: Page; readonly errors: string[] }> {
  const context = await browser.newContext();
  await context.addInitScript(before);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(address);
  await page.locator('.badge.checking').first().waitFor({ state: 'detached', timeout: 120_000 });
  return { page, errors };
}

const button = (page: Page, name: string): Locator => page.getByRole('button', { name, exact: true });
const state = (page: Page): Locator => page.locator('#state');
const stepsOf = async (page: Page): Promise<number> => Number.parseInt(await page.locator('#step').innerText());
const percentOf = async (locator: Locator): Promise<number> => Number.parseFloat(await locator.innerText());

/** The names of the backends that the page says run here. */
const readyBackends = (page: Page): Promise<string[]> =>
  page
    .locator('#backend-menu label.ready input')
    .evaluateAll((inputs) => inputs.map((input) => input.getAttribute('value') ?? ''));

async function reach(page: Page, step: number, timeout = 120_000): Promise<void> {
  await expect.poll(() => stepsOf(page), { timeout, interval: 50 }).toBeGreaterThanOrEqual(step);
}

/** Clicks, and waits for the state that answers it; how long that took, in milliseconds. */
async function answered(page: Page, name: string, answer: RegExp): Promise<number> {
  const started = performance.now();
  await button(page, name).click();
  await expect.poll(() => state(page).innerText(), { timeout: 30_000, interval: 10 }).toMatch(answer);
  return performance.now() - started;
}

/** The longest time between two frames of the page, and the longest task on its thread, over some time; in milliseconds. */
const longestPause = (page: Page, milliseconds: number): Promise<{ readonly frame: number; readonly task: number }> =>
  page.evaluate(async (duration) => {
    let task = 0;
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) task = Math.max(task, entry.duration);
    });
    observer.observe({ type: 'longtask' });
    let frame = 0;
    const nextFrame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
    const started = await nextFrame();
    for (let last = started; last - started < duration;) {
      const now = await nextFrame();
      frame = Math.max(frame, now - last);
      last = now;
    }
    observer.disconnect();
    return { frame, task };
  }, milliseconds);

/** Draws a line through points of the drawing area, given as parts of its side. */
async function draw(page: Page, ...points: readonly (readonly [number, number])[]): Promise<void> {
  const pad = page.locator('#pad');
  await pad.scrollIntoViewIfNeeded();
  const box = await pad.boundingBox();
  if (box === null) throw new Error('there is nothing to draw on');
  const at = ([x, y]: readonly [number, number]): [number, number] => [box.x + x * box.width, box.y + y * box.height];
  await page.mouse.move(...at(points[0]));
  await page.mouse.down();
  for (const point of points.slice(1)) await page.mouse.move(...at(point), { steps: 12 });
  await page.mouse.up();
}

describe('the page', () => {
  let browser: Browser;
  let served: Awaited<ReturnType<typeof serve>>;
  beforeAll(async () => {
    [browser, served] = await Promise.all([chromium.launch(launchOptions), serve('production')]);
  });
  afterAll(async () => {
    await browser.close();
    await served.server.close();
  });

  it('trains on digits in a worker, and meanwhile answers', async () => {
    const { page, errors } = await open(browser, served.address);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    await page.getByRole('radio', { name: 'Digits' }).check();
    await page.getByRole('radio', { name: /^CPU/ }).check();
    await button(page, 'Train').click();
    await expect.poll(() => state(page).innerText(), { timeout: 30_000 }).toMatch(/^Training: .*, in a worker\.$/);

    await reach(page, 1);
    await expect.poll(() => page.locator('#accuracy').innerText(), { timeout: 30_000 }).toMatch(/%/);
    const accuracyAtFirst = await percentOf(page.locator('#accuracy'));

    // On a busy machine a frame may be late; what the page itself does would show each time.
    let pause = await longestPause(page, 2500);
    for (let again = 0; again < 2 && pause.frame >= 100; again++) pause = await longestPause(page, 2500);
    console.log(
      `Longest pause of the page's thread while the worker trains: ${pause.frame.toFixed(0)} ms between frames, ` +
        `longest task ${pause.task === 0 ? 'under 50' : pause.task.toFixed(0)} ms.`,
    );
    expect(pause.frame).toBeLessThan(100);
    expect(pause.task).toBeLessThan(100);

    const untilPaused = await answered(page, 'Pause', /^Paused/);
    const paused = await stepsOf(page);
    expect(untilPaused).toBeLessThan(1000);
    await page.waitForTimeout(300);
    expect(await stepsOf(page)).toBe(paused);

    const untilResumed = await answered(page, 'Resume', /^Training/);
    expect(untilResumed).toBeLessThan(1000);
    await reach(page, Math.max(paused + 20, 160));
    const accuracy = await percentOf(page.locator('#accuracy'));
    console.log(`Test accuracy: ${accuracyAtFirst} % after 1 step, ${accuracy} % after ${await stepsOf(page)}.`);
    expect(accuracy).toBeGreaterThan(accuracyAtFirst + 40);

    const untilStopped = await answered(page, 'Stop', /^Stopped/);
    expect(untilStopped).toBeLessThan(1000);
    console.log(
      `Clicks answered: pause in ${untilPaused.toFixed(0)} ms, resume in ${untilResumed.toFixed(0)} ms, ` +
        `stop in ${untilStopped.toFixed(0)} ms.`,
    );

    // The network stays, and reads what is drawn.
    await draw(page, [0.3, 0.25], [0.7, 0.25], [0.45, 0.8]);
    await expect.poll(() => page.locator('#answer').innerText()).toMatch(/^Takes it for a 7 /);
    const percentages = await page.locator('#bars li > :last-child').allInnerTexts();
    expect(percentages).toHaveLength(10);
    expect(percentages.reduce((sum, text) => sum + Number.parseFloat(text), 0)).toBeCloseTo(100, -1);

    await button(page, 'Test image').click();
    await expect.poll(() => page.locator('#answer').innerText()).toMatch(/^Takes it for a 7, and it is a 7 /);
    await button(page, 'Clear').click();
    await expect.poll(() => page.locator('#answer').innerText()).toBe('Draw something.');
    await page.locator('#pad').focus();
    for (let i = 0; i < 12; i++) await page.keyboard.press('Shift+ArrowDown');
    await expect.poll(() => page.locator('#answer').innerText()).toMatch(/^Takes it for a \d /);

    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('trains the time series on every backend, each in a worker', async () => {
    const { page, errors } = await open(browser, served.address);
    const ready = await readyBackends(page);
    for (const reason of await page.locator('#backend-menu label.unavailable').allInnerTexts()) console.log(reason);
    expect(ready).toEqual(backendNames);
    await page.getByRole('radio', { name: 'Time series' }).check();
    for (const name of ready) {
      await page.locator(`#backend-menu input[value="${name}"]`).check();
      await answered(page, 'Train', /^Training: .*, in a worker\.$/s);
      await reach(page, 3);
      await button(page, 'Stop').click();
      await expect.poll(() => state(page).innerText(), { timeout: 30_000 }).toMatch(/^Stopped/);
      const loss = Number(await page.locator('#loss').innerText());
      console.log(
        `${name}: loss ${loss} after ${await stepsOf(page)} steps, ${await page.locator('#step-time').innerText()} each.`,
      );
      expect(loss).toBeGreaterThan(0);
      expect(loss).toBeLessThan(16);
    }
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('compares the backends that run here', async () => {
    const { page, errors } = await open(browser, served.address);
    const ready = await readyBackends(page);
    await page.getByRole('radio', { name: 'Time series' }).check();
    await button(page, 'Compare').click();
    await expect
      .poll(() => page.locator('#compare-state').innerText(), { timeout: 280_000, interval: 250 })
      .toBe('Compared on the untrained network for the time series.');
    const rows = page.locator('#comparison tbody tr');
    expect(await rows.count()).toBe(ready.length);
    for (const row of await rows.all()) {
      const cells = await row.locator('th, td').allInnerTexts();
      console.log(cells.map((cell) => cell.trim()).join(' | '));
      const [, , outputs, losses, time] = cells;
      expect(Number.parseFloat(time)).toBeGreaterThan(0);
      if ((await row.getAttribute('data-backend')) === 'cpu') continue;
      expect(Number(outputs)).toBeLessThan(1e-3);
      expect(Number(losses)).toBeLessThan(1e-3);
    }
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('shows backends that do not run here, with the reason', async () => {
    const without = await chromium.launch({
      ...launchOptions,
      args: ['--no-sandbox', '--disable-gpu', '--disable-software-rasterizer'],
    });
    try {
      const { page } = await open(without, served.address);
      expect(await readyBackends(page)).toEqual(['cpu', 'tfjs-wasm']);
      const missing = page.locator('#backend-menu label.unavailable');
      expect(await missing.count()).toBe(4);
      for (const entry of await missing.all()) {
        expect(await entry.locator('input').isDisabled()).toBe(true);
        expect(await entry.locator('small').innerText()).toMatch(/web(gl|gpu).* (load|run|adapter)/i);
      }
    } finally {
      await without.close();
    }
  });

  it('trains in slices on its own thread where there are no workers, and meanwhile answers', async () => {
    const { page, errors } = await open(browser, served.address, () => Reflect.deleteProperty(globalThis, 'Worker'));
    await button(page, 'Train').click();
    await expect.poll(() => state(page).innerText(), { timeout: 30_000 }).toMatch(/on the page’s thread\.$/);
    await reach(page, 5);
    const pause = await longestPause(page, 2500);
    console.log(`Longest pause of a page that trains on its own thread: ${pause.frame.toFixed(0)} ms between frames.`);
    expect(pause.frame).toBeLessThan(1000);
    expect(await answered(page, 'Pause', /^Paused/)).toBeLessThan(1000);
    expect(await answered(page, 'Stop', /^Stopped/)).toBeLessThan(1000);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('works where memory cannot be shared', async () => {
    const plain = await serve('plain');
    try {
      const { page, errors } = await open(browser, plain.address);
      expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
      expect(await readyBackends(page)).toEqual(expect.arrayContaining(['cpu', 'tfjs-wasm']));
      await button(page, 'Train').click();
      await reach(page, 5);
      expect(errors).toEqual([]);
      await page.context().close();
    } finally {
      await plain.server.close();
    }
  });
});
