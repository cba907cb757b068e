import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { loadMnist } from '@tensorloom/datasets';
import type { SessionOptions } from 'tensorloom';
import type { JobOptions } from './jobs.js';
import { stepsPerEpoch, trainMnistClassifier } from './mnist-classifier.js';
import type { RowReader } from './mnist-cells.js';
import { plotTraining } from './plot.js';
import { progressBar } from './progress.js';

/** An MNIST classifier to train: how it reads images, what its plot is called, the name of the file with it, and its seed. */
export interface MnistClassifier {
  readonly readRows: RowReader;
  readonly title: string;
  readonly plotName: string;
  readonly defaultSeed: number;
}

const defaultEpochs = 5;

/** Trains an MNIST classifier, tells how it goes, saves a plot. Returns whether it came to its end before `signal`. */
export async function trainMnist(
  { readRows, title, plotName, defaultSeed }: MnistClassifier,
  {
    epochs = defaultEpochs,
    limit,
    seed = defaultSeed,
    backend,
    quiet,
  }: Pick<JobOptions, 'epochs' | 'limit' | 'seed' | 'backend' | 'quiet'>,
  session: SessionOptions,
  signal: AbortSignal,
): Promise<boolean> {
  const mnist = await loadMnist({ limit, seed });
  const steps = stepsPerEpoch(mnist.train);
  const losses: number[] = [];
  const accuracies: { train: number; test: number }[] = [];
  const progress = progressBar(!quiet && process.stderr.isTTY);
  if (!quiet) {
    console.error(
      `${mnist.train.numExamples} training images, ${mnist.test.numExamples} test images, backend ${backend}`,
    );
  }

  try {
    for await (const event of trainMnistClassifier(mnist, { readRows, epochs, seed, session })) {
      if (event.kind === 'step') {
        if (event.step === 0) progress.start(`epoch ${event.epoch}`, steps);
        losses.push(event.loss);
        progress.step(event.loss);
        // A backend may never wait for anything outside the program: let the signal be seen.
        await setImmediate();
      } else {
        progress.stop();
        const { epoch, trainAccuracy: train, testAccuracy: test } = event;
        accuracies.push({ train, test });
        console.log(`${epoch} Train accuracy: ${digits(train)} Test accuracy: ${digits(test)}`);
      }
      if (signal.aborted) break;
    }
  } finally {
    progress.stop();
  }

  const finished = accuracies.length === epochs;
  if (!finished) console.error(`Interrupted after ${losses.length} of ${epochs * steps} steps.`);
  const plotFile = join('runs', `${plotName}.svg`);
  await mkdir(dirname(plotFile), { recursive: true });
  await writeFile(plotFile, plotTraining(title, { stepsPerEpoch: steps, losses, accuracies }));
  console.log(`Loss and accuracy: ${plotFile}`);
  return finished;
}

/** A fraction as the book prints it: no more digits than it has. */
const digits = (fraction: number): string => String(Number(fraction.toFixed(6)));
