import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** What a training run is of: training goes on only with the same. */
export interface TrainingSettings {
  readonly title: string;
  readonly seed: number;
  readonly limit: number | null;
}

/** What a training run went through so far, for the plot of a run that goes on. */
export interface TrainingLog {
  readonly settings: TrainingSettings;
  /** One per step. */
  readonly losses: number[];
  /** One per epoch. */
  readonly accuracies: { train: number; test: number }[];
}

/** Writes the log of a run, in a folder that is made when there is none. */
export async function writeLog(path: string, log: TrainingLog): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, JSON.stringify(log));
}

/** The log of a run as it was after `steps` steps. Rejects when there is none of a run with these settings. */
export async function readLog(
  path: string,
  settings: TrainingSettings,
  steps: number,
  stepsPerEpoch: number,
): Promise<TrainingLog> {
  let log: TrainingLog;
  try {
    log = JSON.parse(await readFile(path, 'utf8')) as TrainingLog;
  } catch (cause) {
    throw new Error(`--resume: cannot read ${path}. Train from the start, without --resume.`, { cause });
  }
  const [was, is] = [log.settings, settings].map((s) => JSON.stringify(s));
  if (was !== is)
    throw new Error(`--resume: the run was one of ${was}, got ${is}. Give the options that it was begun with.`);
  if (log.losses.length < steps)
    throw new Error(
      `--resume: ${path} ends after ${log.losses.length} steps, the checkpoint after ${steps}. Train from the start, without --resume.`,
    );
  // It may be ahead of the checkpoint, before which it is written. The last epoch tells how it went again.
  const epochs = Math.max(0, Math.ceil(steps / stepsPerEpoch) - 1);
  return { settings, losses: log.losses.slice(0, steps), accuracies: log.accuracies.slice(0, epochs) };
}
