import { parseArgs } from 'node:util';
import { backendNames } from './backends.js';
import { cellNames, type JobOptions, jobs, mainJob } from './jobs.js';
import { programs } from './programs.js';

/** What the command line asks for. */
export interface Options extends JobOptions {
  readonly help: boolean;
  readonly list: boolean;
  readonly example: string;
}

/** A command line that cannot be followed; the message says why. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const trainingImages = 60_000;
const maxSeed = 2 ** 32 - 1;

/** What `--help` prints. */
export const usage = `Usage: npm start -- [options]

Trains a recurrent network to read handwritten digits (MNIST), and plots loss and accuracy to runs/mnist.svg.

  --cell NAME     ${cellNames.join(', ')} (default basic)
  --epochs N      times to go through the training examples (default 5; other programs have their own)
  --limit N       take only the first N of the ${trainingImages} training images
  --seed N        of the weights and of the order of images (default 42; lstm-classifier: 4)
  --backend NAME  ${backendNames.join(', ')} (default cpu)
  --logdir DIR    write what TensorBoard shows of training: loss, accuracy, weights, the graph
  --quiet         no progress bar
  --resume        go on from the last checkpoint: after each epoch there is one, and where Ctrl-C stops training
  --example NAME  run another program instead
  --iterations N  training steps of programs that count those instead (default: the program's own)
  --list          name the programs
  -h, --help      show this
`;

/** Reads the arguments after the program's name. Throws `UsageError` at unknown options and values out of range. */
export function parseOptions(args: readonly string[]): Options {
  const values = parse(args);
  const example = oneOf('--example', values.example ?? mainJob, [...programs.keys(), ...jobs.keys()]);
  for (const option of ['cell', 'epochs', 'iterations', 'limit', 'logdir', 'quiet', 'resume', 'seed'] as const) {
    if (values[option] === undefined || jobs.get(example)?.takes.includes(option)) continue;
    const takers = [...jobs].filter(([, { takes }]) => takes.includes(option)).map(([name]) => name);
    throw new UsageError(`--${option}: expected with ${takers.join(', ')} only, got with ${example}.`);
  }
  return {
    help: values.help ?? false,
    list: values.list ?? false,
    example,
    backend: oneOf('--backend', values.backend ?? 'cpu', backendNames),
    cell: oneOf('--cell', values.cell ?? 'basic', cellNames),
    epochs: integer('--epochs', values.epochs, 1, Number.MAX_SAFE_INTEGER),
    iterations: integer('--iterations', values.iterations, 1, Number.MAX_SAFE_INTEGER),
    seed: integer('--seed', values.seed, 0, maxSeed),
    limit: integer('--limit', values.limit, 1, trainingImages),
    logdir: values.logdir,
    quiet: values.quiet ?? false,
    resume: values.resume ?? false,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        help: { type: 'boolean', short: 'h' },
        list: { type: 'boolean' },
        example: { type: 'string' },
        backend: { type: 'string' },
        cell: { type: 'string' },
        epochs: { type: 'string' },
        iterations: { type: 'string' },
        seed: { type: 'string' },
        limit: { type: 'string' },
        logdir: { type: 'string' },
        quiet: { type: 'boolean' },
        resume: { type: 'boolean' },
      },
    }).values;
  } catch (cause) {
    // Node's messages go on about positional arguments, which we have none of: their first sentence is enough.
    const [message] = String(cause instanceof Error ? cause.message : cause).split(/\.\s/);
    throw new UsageError(`${message.replace(/\.$/, '')}.`, { cause });
  }
}

function integer(option: string, text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) {
    const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
    throw new UsageError(`${option}: expected an integer ${range}, got '${text}'.`);
  }
  return value;
}

function oneOf<T extends string>(option: string, value: string, known: readonly T[]): T {
  const found = known.find((name) => name === value);
  if (found === undefined) {
    throw new UsageError(`${option}: expected one of ${known.join(', ')}, got '${value}'.`);
  }
  return found;
}
