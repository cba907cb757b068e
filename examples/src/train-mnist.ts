import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { loadMnist } from '@tensorloom/datasets';
import { type SessionOptions, summary, train } from 'tensorloom';
import type { JobOptions } from './jobs.js';
import { stepsPerEpoch, trainMnistClassifier } from './mnist-classifier.js';
import type { RowReader } from './mnist-cells.js';
import { plotTraining } from './plot.js';
import { progressBar } from './progress.js';
import { readLog, writeLog } from './training-log.js';

/** An MNIST classifier to train: how it reads images, what its plot is called, the name of the file with it, and its seed. */
export interface MnistClassifier {
  readonly readRows: RowReader;
  readonly title: string;
  readonly plotName: string;
  readonly defaultSeed: number;
}

const defaultEpochs = 5;

/**
 * Trains an MNIST classifier, tells how it goes, saves a plot; a checkpoint after each epoch, and where it is interrupted. Returns
 * whether it came to its end before `signal`.
 */
export async function trainMnist(
  { readRows, title, plotName, defaultSeed }: MnistClassifier,
  {
    epochs = defaultEpochs,
    limit,
    seed = defaultSeed,
    backend,
    quiet,
    resume,
    logdir,
  }: Pick<JobOptions, 'epochs' | 'limit' | 'seed' | 'backend' | 'quiet' | 'resume' | 'logdir'>,
  session: SessionOptions,
  signal: AbortSignal,
): Promise<boolean> {
  const mnist = await loadMnist({ limit, seed });
  const steps = stepsPerEpoch(mnist.train);
  const folder = join('runs', plotName);
  const logFile = join(folder, 'log.json');
  const settings = { title, seed, limit: limit ?? null };
  const resumeFrom = resume ? await latestIn(folder) : undefined;
  const done = resumeFrom === undefined ? 0 : stepOf(resumeFrom);
  const log =
    resumeFrom === undefined ? { settings, losses: [], accuracies: [] } : await readLog(logFile, settings, done, steps);
  const { losses, accuracies } = log;
  const progress = progressBar(!quiet && process.stderr.isTTY);
  if (!quiet) {
    console.error(
      `${mnist.train.numExamples} training images, ${mnist.test.numExamples} test images, backend ${backend}`,
    );
    if (resumeFrom !== undefined)
      console.error(`Going on after ${done} of ${epochs * steps} steps, from ${resumeFrom}`);
  }

  // A run that begins anew has nothing to do with the checkpoints of the last one.
  let stale = !resume;
  const checkpoints = join(folder, 'model');
  let shown = -1;
  const writer = logdir === undefined ? undefined : new summary.FileWriter(logdir);
  try {
    const options = { readRows, epochs, seed, session, checkpoints, resumeFrom, log: writer, signal };
    for await (const event of trainMnistClassifier(mnist, options)) {
      if (event.kind === 'step') {
        if (event.epoch !== shown) progress.start(`epoch ${event.epoch}`, steps, event.step);
        shown = event.epoch;
        losses.push(event.loss);
        progress.step(event.loss);
        // A backend may never wait for anything outside the program: let the signal be seen.
        await setImmediate();
      } else if (event.kind === 'epoch') {
        progress.stop();
        const { epoch, trainAccuracy, testAccuracy } = event;
        accuracies.push({ train: trainAccuracy, test: testAccuracy });
        console.log(`${epoch} Train accuracy: ${digits(trainAccuracy)} Test accuracy: ${digits(testAccuracy)}`);
      } else {
        progress.stop();
        if (stale) await rm(folder, { recursive: true, force: true });
        stale = false;
        await writeLog(logFile, log);
      }
    }
  } finally {
    progress.stop();
    writer?.close();
  }

  const finished = accuracies.length >= epochs;
  if (!finished)
    console.error(`Interrupted after ${losses.length} of ${epochs * steps} steps. --resume goes on from there.`);
  const plotFile = join('runs', `${plotName}.svg`);
  await mkdir(dirname(plotFile), { recursive: true });
  await writeFile(plotFile, plotTraining(title, { stepsPerEpoch: steps, losses, accuracies }));
  console.log(`Loss and accuracy: ${plotFile}`);
  if (logdir !== undefined) console.log(`For TensorBoard: tensorboard --logdir ${logdir}`);
  return finished;
}

/** The newest checkpoint of the last run. Throws when there is none. */
async function latestIn(folder: string): Promise<string> {
  const path = await train.latestCheckpoint(folder);
  if (path === null)
    throw new Error(`--resume: there is no checkpoint in ${folder}. Train from the start, without --resume.`);
  return path;
}

/** The step that a checkpoint was saved after, as its path says. */
const stepOf = (path: string): number => Number(path.slice(path.lastIndexOf('-') + 1));

/** A fraction as the book prints it: no more digits than it has. */
const digits = (fraction: number): string => String(Number(fraction.toFixed(6)));
