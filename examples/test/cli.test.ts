import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cli } from '../src/cli.js';
import { jobs } from '../src/jobs.js';
import { usage } from '../src/options.js';
import { programs } from '../src/programs.js';

/** What a command line prints, and its exit code. */
async function run(args: string, signal = new AbortController().signal) {
  const out = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  const err = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  try {
    const code = await cli(
      args.split(' ').filter((arg) => arg !== ''),
      signal,
    );
    return { code, out: out.mock.calls.flat().join('\n'), err: err.mock.calls.flat().join('\n') };
  } finally {
    out.mockRestore();
    err.mockRestore();
  }
}

describe('cli', () => {
  it('--help prints the usage', async () => {
    expect(await run('--help')).toEqual({ code: 0, out: usage, err: '' });
  });

  it('--list names every program, those that train too', async () => {
    const { code, out } = await run('--list');
    expect(code).toBe(0);
    for (const name of [...programs.keys(), ...jobs.keys()]) expect(out).toMatch(new RegExp(`^${name} `, 'm'));
  });

  it('prints the values of a program', async () => {
    const { code, out, err } = await run('--example static-rnn');
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^Y0 =\n\[\[ ?0\.30741\d+ -0\.32884\d+ /);
    expect(out).toMatch(/\nY1 =\n\[\[ ?0\.99998/);
  });

  it('answers a wrong option with a sentence and code 2', async () => {
    expect(await run('--epochs none')).toEqual({
      code: 2,
      out: '',
      err:
        "--epochs: expected an integer of at least 1, got 'none'.\n" + 'Run `npm start -- --help` to see the options.',
    });
  });

  it('answers a failure with its message and code 1', async () => {
    programs.set('broken', { about: '', run: () => Promise.reject(new Error('loadMnist: cannot read train-images.')) });
    try {
      expect(await run('--example broken')).toEqual({ code: 1, out: '', err: 'loadMnist: cannot read train-images.' });
    } finally {
      programs.delete('broken');
    }
  });
});

describe('the programs that train', () => {
  const start = process.cwd();
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'examples-'));
    process.chdir(folder);
  });
  afterEach(async () => {
    process.chdir(start);
    await rm(folder, { recursive: true });
  });

  it('the main job prints a line per epoch, and saves a plot', async () => {
    const { code, out, err } = await run('--epochs 2 --limit 300 --quiet');
    expect([code, err]).toEqual([0, '']);
    const line = (epoch: number): string => `${epoch} Train accuracy: [01](\\.\\d{1,6})? Test accuracy: 0\\.\\d{1,4}`;
    expect(out).toMatch(new RegExp(`^${line(0)}\n${line(1)}\nLoss and accuracy: runs.mnist\\.svg$`));
    expect(await readFile(join(folder, 'runs', 'mnist.svg'), 'utf8')).toMatch(/^<svg /);
  });

  it('the main job writes for TensorBoard, which changes no number', async () => {
    const plain = await run('--epochs 1 --limit 300 --quiet');
    const logged = await run('--epochs 1 --limit 300 --quiet --logdir log');
    expect(logged).toEqual({ ...plain, out: `${plain.out}\nFor TensorBoard: tensorboard --logdir log` });
    const [name, ...others] = await readdir('log');
    expect(others).toEqual([]);
    const text = (await readFile(join('log', name))).toString('latin1');
    for (const part of [
      'training/loss',
      'weights/rnn/basic_rnn_cell/kernel',
      'accuracy/test',
      'digits/image/0',
      'about',
    ])
      expect(text).toContain(part);
  });

  it('the main job, interrupted, ends after the step at hand, says so, and plots what there is', async () => {
    const { code, out, err } = await run('--epochs 2 --limit 300', AbortSignal.abort());
    expect(code).toBe(130);
    expect(out).toMatch(/^Loss and accuracy: runs.mnist\.svg$/);
    expect(err).toBe(
      '300 training images, 10000 test images, backend cpu\nInterrupted after 1 of 4 steps. --resume goes on from there.',
    );
    expect(await readFile(join(folder, 'runs', 'mnist.svg'), 'utf8')).toMatch(/^<svg /);
  });

  /** A signal that is aborted when it is asked for the nth time: after each step, and after each epoch. */
  const abortedAtQuestion = (n: number): AbortSignal => {
    const controller = new AbortController();
    let asked = 0;
    vi.spyOn(controller.signal, 'aborted', 'get').mockImplementation(() => ++asked >= n);
    return controller.signal;
  };

  it('the main job, interrupted and resumed, comes to what it comes to unbroken', async () => {
    const args = '--epochs 3 --limit 450';
    const unbroken = await run(`${args} --quiet`);
    const files = async (): Promise<Buffer[]> =>
      Promise.all(['log.json', 'model-9'].map((name) => readFile(join(folder, 'runs', 'mnist', name))));
    const its = await files();

    const first = await run(args, abortedAtQuestion(5));
    expect([first.code, first.err]).toEqual([
      130,
      '450 training images, 10000 test images, backend cpu\nInterrupted after 4 of 9 steps. --resume goes on from there.',
    ]);
    const second = await run(`${args} --resume`);
    expect([second.code, second.err]).toEqual([
      0,
      `450 training images, 10000 test images, backend cpu\nGoing on after 4 of 9 steps, from ${join('runs', 'mnist', 'model-4')}`,
    ]);
    const lines = (out: string): string[] => out.split('\n').filter((line) => /^\d/.test(line));
    expect([...lines(first.out), ...lines(second.out)]).toEqual(lines(unbroken.out));
    expect(await files()).toEqual(its);

    // There is nothing left to do: the last line is printed again.
    const third = await run(`${args} --quiet --resume`);
    expect([third.code, third.out]).toEqual([0, unbroken.out.split('\n').slice(-2).join('\n')]);
  });

  it('the main job cannot go on from nothing, nor with other options', async () => {
    expect(await run('--limit 300 --resume')).toMatchObject({
      code: 1,
      err: `--resume: there is no checkpoint in ${join('runs', 'mnist')}. Train from the start, without --resume.`,
    });
    await run('--epochs 1 --limit 300 --quiet');
    const { code, err } = await run('--epochs 2 --limit 300 --seed 7 --resume');
    expect(code).toBe(1);
    expect(err).toMatch(
      /^--resume: the run was one of .*"seed":42,.* got .*"seed":7,.* Give the options that it was begun with\.$/,
    );
  });

  it.each(['time-series', 'time-series-reshape'])(
    '%s prints the MSE every 100 iterations, and saves a plot',
    async (name) => {
      const { code, out, err } = await run(`--example ${name} --iterations 101 --quiet`);
      expect([code, err]).toEqual([0, '']);
      const plot = `runs.${name}\\.svg`;
      expect(out).toMatch(new RegExp(`^0\tMSE: 1\\d\\.\\d+\n100\tMSE: 0\\.5\\d+\nTargets and predictions: ${plot}$`));
      expect(await readFile(join(folder, 'runs', `${name}.svg`), 'utf8')).toMatch(/^<svg /);
    },
  );
});
