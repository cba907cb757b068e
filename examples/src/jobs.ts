import type { SessionOptions } from 'tensorloom';
import type { TimeSeriesProgram } from './time-series-program.js';
import type { TrainingProgram } from './training-program.js';

/** What `--cell` may name. */
export const cellNames = ['basic', 'lstm', 'lstm-peephole', 'gru', 'multi'] as const;

/** One of `cellNames`. */
export type CellName = (typeof cellNames)[number];

/** What a job may be told on the command line. */
export interface JobOptions {
  readonly backend: string;
  readonly cell: CellName;
  /** Default: the program's own, as for the iterations. */
  readonly epochs?: number | undefined;
  readonly iterations?: number | undefined;
  readonly limit: number | undefined;
  /** The folder of event files for TensorBoard; default: none are written. */
  readonly logdir?: string | undefined;
  readonly quiet: boolean;
  /** Whether to go on from the last run's newest checkpoint. */
  readonly resume: boolean;
  readonly seed: number | undefined;
}

/** A program of the chapter that trains for a while: what it does, which options it takes besides the backend, and how to run it. */
export interface Job {
  readonly about: string;
  readonly takes: readonly (keyof JobOptions)[];
  /** Runs it until `signal` aborts; returns whether it came to its end before. */
  readonly run: (options: JobOptions, session: SessionOptions, signal: AbortSignal) => Promise<boolean>;
}

/** The main job's name: what runs when no example is named. */
export const mainJob = 'mnist-classifier';

const timeSeries = (
  name: string,
  about: string,
  load: () => Promise<{ readonly run: TimeSeriesProgram }>,
): [string, Job] => [
  name,
  {
    about,
    takes: ['iterations', 'quiet'],
    run: async (options, session, signal) =>
      (await import('./train-time-series.js')).trainTimeSeries(name, (await load()).run, options, session, signal),
  },
];

const training = (
  name: string,
  about: string,
  count: 'epochs' | 'iterations',
  load: () => Promise<{ readonly run: TrainingProgram }>,
): [string, Job] => [
  name,
  {
    about,
    takes: [count, 'quiet'],
    run: async (options, session, signal) =>
      (await import('./train-program.js')).trainProgram((await load()).run, options, session, signal),
  },
];

/** The programs that train, by name; each loads when it is run. */
export const jobs = new Map<string, Job>([
  [
    mainJob,
    {
      about: 'the main job: learns to read handwritten digits',
      takes: ['cell', 'epochs', 'limit', 'logdir', 'quiet', 'resume', 'seed'],
      run: async (options, session, signal) => {
        const { mnistCells } = await import('./mnist-cells.js');
        const { trainMnist } = await import('./train-mnist.js');
        const title = `MNIST, read row by row (cell: ${options.cell})`;
        const classifier = { readRows: mnistCells[options.cell], title, plotName: 'mnist', defaultSeed: 42 };
        return trainMnist(classifier, options, session, signal);
      },
    },
  ],
  [
    'lstm-classifier',
    {
      about: 'the same with three layers of LSTM cells',
      takes: ['epochs', 'limit', 'logdir', 'quiet', 'resume', 'seed'],
      run: async (options, session, signal) => {
        const { readByLstmLayers } = await import('./lstm-classifier.js');
        const { trainMnist } = await import('./train-mnist.js');
        const title = 'MNIST, read by three layers of 150 LSTM cells';
        const classifier = { readRows: readByLstmLayers, title, plotName: 'lstm-classifier', defaultSeed: 4 };
        return trainMnist(classifier, options, session, signal);
      },
    },
  ],
  timeSeries(
    'time-series',
    'predicts a time series; a projection at each step makes one output of 100',
    () => import('./time-series.js'),
  ),
  timeSeries(
    'time-series-reshape',
    'the same with one dense layer for all steps at once',
    () => import('./time-series-reshape.js'),
  ),
  training(
    'creative-sequence',
    'goes on from its own predictions of a time series, for 300 steps',
    'iterations',
    () => import('./creative-sequence.js'),
  ),
  training(
    'deep-rnn-dropout',
    'three layers on the time series, with dropout and without',
    'iterations',
    () => import('./deep-rnn-dropout.js'),
  ),
  training(
    'embedded-reber',
    'tells strings of the embedded Reber grammar from those with one wrong letter',
    'epochs',
    () => import('./embedded-reber.js'),
  ),
  training(
    'sentiment',
    'a sequence to a vector: tells whether the author of a review liked the film',
    'epochs',
    () => import('./sentiment.js'),
  ),
  training(
    'vector-to-sequence',
    'a vector to a sequence: sees a handwritten digit, and spells its name',
    'epochs',
    () => import('./vector-to-sequence.js'),
  ),
  training(
    'melody',
    'makes up melodies note by note, and writes one as a MIDI file',
    'epochs',
    () => import('./melody.js'),
  ),
  training(
    'skip-gram',
    'learns a vector for each word from the words around it, and draws them',
    'iterations',
    () => import('./skip-gram.js'),
  ),
  training(
    'translation',
    'dates in words to ISO 8601: an encoder, a decoder with attention, beam search',
    'epochs',
    () => import('./translation.js'),
  ),
]);
