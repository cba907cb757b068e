import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Graph } from '@tensorloom/graph';
import { summary } from '@tensorloom/train';
import { build } from 'vite';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { alias } from '../../../../vitest.aliases.js';
import { FileWriter as BrowserFileWriter } from '../../src/summary/file-writer.browser.js';
import { fieldsOf, number, raw, readRecords, strings } from './support.js';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'tensorloom-'))));
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

const bytes = Uint8Array.of(10, 0);
/** The steps of the events in each file of a folder, in the order they were begun. */
const stepsIn = (logdir: string): number[][] =>
  readdirSync(logdir)
    .map((name) => ({ name, made: Number(/\.(\d+)[a-z-]*$/.exec(name)?.[1]) }))
    .sort((a, b) => a.made - b.made)
    .map(({ name }) => {
      const [version, ...events] = readRecords(readFileSync(join(logdir, name))).map(fieldsOf);
      expect(strings(version, 3)).toEqual(['brain.Event:2']);
      return events.map((e) => number(e, 2));
    });

test('makes the folder, and a file with TensorFlow’s name', () => {
  const before = Math.floor(Date.now() / 1000);
  const logdir = join(folder, 'runs', 'first');
  const writer = new summary.FileWriter(logdir, undefined, { filenameSuffix: '-eval' });
  writer.close();
  const [name, ...others] = readdirSync(logdir);
  expect(others).toEqual([]);
  const [, seconds, host] = /^events\.out\.tfevents\.(\d{10})\.(.+)\.\d+\.\d+\.\d+-eval$/.exec(name) ?? [];
  expect(Number(seconds)).toBeGreaterThanOrEqual(before);
  expect(Number(seconds)).toBeLessThanOrEqual(Date.now() / 1000);
  expect(host).toBe(hostname());
  expect(writer.logdir).toBe(logdir);
});

test('events wait until the queue is full, or for flush and close', () => {
  const writer = new summary.FileWriter(folder, undefined, { maxQueue: 3 });
  const steps = (...of: number[]): void => of.forEach((step) => writer.addSummary(bytes, step));
  steps(1, 2);
  expect(stepsIn(folder)).toEqual([[]]);
  steps(3, 4);
  expect(stepsIn(folder)).toEqual([[1, 2, 3]]);
  writer.flush();
  expect(stepsIn(folder)).toEqual([[1, 2, 3, 4]]);
  steps(5);
  writer.close();
  expect(stepsIn(folder)).toEqual([[1, 2, 3, 4, 5]]);
});

test('events wait no longer than flushSecs', () => {
  vi.useFakeTimers();
  const writer = new summary.FileWriter(folder, undefined, { flushSecs: 2 });
  writer.addSummary(bytes, 1);
  vi.advanceTimersByTime(1900);
  writer.addSummary(bytes, 2);
  expect(stepsIn(folder)).toEqual([[]]);
  vi.advanceTimersByTime(200);
  expect(stepsIn(folder)).toEqual([[1, 2]]);
  writer.addSummary(bytes, 3);
  vi.advanceTimersByTime(2100);
  expect(stepsIn(folder)).toEqual([[1, 2, 3]]);
  writer.close();
});

test('writers of one folder have files of their own', () => {
  const writers = [1, 2, 3].map(() => new summary.FileWriter(folder));
  writers.forEach((writer, i) => {
    writer.addSummary(bytes, i);
    writer.close();
  });
  expect(stepsIn(folder)).toEqual([[0], [1], [2]]);
});

test('a closed writer takes nothing until it is opened again', () => {
  {
    using writer = new summary.FileWriter(folder);
    writer.addSummary(bytes, 1);
    writer.reopen();
    writer.close();
    writer.close();
    writer.flush();
    expect(() => writer.addSummary(bytes, 2)).toThrow(
      new Error('FileWriter: it is closed, and takes no events. Call reopen() first.'),
    );
    writer.reopen();
    writer.addSummary(bytes, 3);
  }
  expect(stepsIn(folder)).toEqual([[1], [3]]);
});

test('a process ends when it has nothing more to do, and what waits is written', async () => {
  const [program, logdir] = [join(folder, 'program'), join(folder, 'log')];
  await build({
    configFile: false,
    logLevel: 'error',
    resolve: { alias },
    build: {
      ssr: fileURLToPath(new URL('writing-child.ts', import.meta.url)),
      outDir: program,
      rolldownOptions: { output: { entryFileNames: 'child.mjs' } },
    },
    ssr: { noExternal: true },
  });
  execFileSync(process.execPath, [join(program, 'child.mjs'), logdir], { timeout: 20_000 });
  expect(stepsIn(logdir)).toEqual([[1, 2, 3]]);
});

test('begins with the graph that it is given', () => {
  const given = new TextEncoder().encode('a GraphDef');
  for (const graph of [given, new Graph()]) new summary.FileWriter(folder, graph).close();
  const graphs = readdirSync(folder).flatMap((name) => {
    const [, ...events] = readRecords(readFileSync(join(folder, name))).map(fieldsOf);
    return events.flatMap((e) => raw(e, 4));
  });
  expect(graphs.map((g) => new TextDecoder().decode(g)).sort()).toEqual(['', 'a GraphDef']);
});

test('says why there is no file', () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  expect(() => new summary.FileWriter(file)).toThrow('EEXIST');
});

test('in browsers there are no folders', () => {
  expect(() => new BrowserFileWriter('runs')).toThrow(
    "FileWriter: there is no folder 'runs' here, expected Node. Use new EventBuffer(), whose toBytes() is an event file to download.",
  );
});
