import { describe, expect, it } from 'vitest';
import { type JobOptions, jobs } from '../src/jobs.js';
import { programs } from '../src/programs.js';
import { parseOptions, usage, UsageError } from '../src/options.js';

const takers = (option: keyof JobOptions): string =>
  [...jobs]
    .filter(([, { takes }]) => takes.includes(option))
    .map(([name]) => name)
    .join(', ');

describe('parseOptions', () => {
  it('has defaults for everything', () => {
    expect(parseOptions([])).toEqual({
      help: false,
      list: false,
      example: 'mnist-classifier',
      backend: 'cpu',
      cell: 'basic',
      epochs: undefined,
      iterations: undefined,
      seed: undefined,
      limit: undefined,
      logdir: undefined,
      quiet: false,
      resume: false,
    });
  });

  it('reads every option', () => {
    const args = ['--epochs', '10', '--backend', 'tfjs-wasm', '--seed=0', '--limit', '3000', '--quiet'];
    expect(parseOptions(args)).toMatchObject({ epochs: 10, backend: 'tfjs-wasm', seed: 0, limit: 3000, quiet: true });
    expect(parseOptions(['--example', 'static-rnn', '--backend', 'reference'])).toMatchObject({
      example: 'static-rnn',
      backend: 'reference',
    });
    expect(parseOptions(['--resume']).resume).toBe(true);
    expect(parseOptions(['--logdir', 'runs/log']).logdir).toBe('runs/log');
    expect(parseOptions(['--cell', 'lstm-peephole'])).toMatchObject({ cell: 'lstm-peephole' });
    expect(parseOptions(['--example', 'time-series', '--iterations', '20', '--quiet'])).toMatchObject({
      example: 'time-series',
      iterations: 20,
      quiet: true,
    });
  });

  const refused: [args: string[], message: string][] = [
    [['--epoch', '3'], "Unknown option '--epoch'."],
    [['extra'], "Unexpected argument 'extra'."],
    [['--epochs'], "Option '--epochs <value>' argument missing."],
    [['--quiet=yes'], "Option '--quiet' does not take an argument."],
    [['--epochs', '0'], "--epochs: expected an integer of at least 1, got '0'."],
    [['--epochs', '1.5'], "--epochs: expected an integer of at least 1, got '1.5'."],
    [['--epochs', 'ten'], "--epochs: expected an integer of at least 1, got 'ten'."],
    [['--epochs='], "--epochs: expected an integer of at least 1, got ''."],
    [['--limit', '60001'], "--limit: expected an integer from 1 to 60000, got '60001'."],
    [['--seed', '4294967296'], "--seed: expected an integer from 0 to 4294967295, got '4294967296'."],
    [
      ['--backend', 'gpu'],
      "--backend: expected one of cpu, reference, tfjs, tfjs-wasm, gpujs, gpujs-webasm, got 'gpu'.",
    ],
    [
      ['--example', 'lstm'],
      `--example: expected one of ${[...programs.keys(), ...jobs.keys()].join(', ')}, got 'lstm'.`,
    ],
    [['--iterations', '0', '--example', 'time-series'], "--iterations: expected an integer of at least 1, got '0'."],
    [
      ['--example', 'manual-rnn', '--epochs', '3'],
      `--epochs: expected with ${takers('epochs')} only, got with manual-rnn.`,
    ],
    [['--iterations', '3'], `--iterations: expected with ${takers('iterations')} only, got with mnist-classifier.`],
    [['--example', 'manual-rnn', '--quiet'], `--quiet: expected with ${takers('quiet')} only, got with manual-rnn.`],
    [['--cell', 'rnn'], "--cell: expected one of basic, lstm, lstm-peephole, gru, multi, got 'rnn'."],
    [
      ['--example', 'lstm-classifier', '--cell', 'gru'],
      '--cell: expected with mnist-classifier only, got with lstm-classifier.',
    ],
  ];
  it.each(refused)('refuses %j', (args, message) => {
    expect(() => parseOptions(args)).toThrow(new UsageError(message));
  });

  it('refuses a negative number', () => {
    expect(() => parseOptions(['--seed', '-1'])).toThrow(UsageError);
    expect(() => parseOptions(['--seed=-1'])).toThrow("--seed: expected an integer from 0 to 4294967295, got '-1'.");
  });
});

it('the usage names every option', () => {
  for (const option of [
    'cell',
    'epochs',
    'limit',
    'seed',
    'backend',
    'quiet',
    'example',
    'iterations',
    'list',
    'help',
  ]) {
    expect(usage).toContain(`--${option} `);
  }
});
