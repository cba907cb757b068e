import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { SessionOptions } from 'tensorloom';
import type { JobOptions } from './jobs.js';
import { progressBar } from './progress.js';
import type { TrainingProgram } from './training-program.js';

const folder = 'runs';

/** Runs a program that trains, tells how it goes, keeps its files in `runs/`. Returns whether training came to its end before `signal`. */
export async function trainProgram(
  program: TrainingProgram,
  { epochs, iterations, backend, quiet }: Pick<JobOptions, 'epochs' | 'iterations' | 'backend' | 'quiet'>,
  session: SessionOptions,
  signal: AbortSignal,
): Promise<boolean> {
  const progress = progressBar(!quiet && process.stderr.isTTY);
  let training = false;
  let steps = 0;
  let done = 0;

  /** Takes the bar away; says so when training was cut short. */
  const stop = (): void => {
    progress.stop();
    if (training && done < steps) console.error(`Interrupted after ${done} of ${steps} steps.`);
    training = false;
  };

  try {
    for await (const event of program({ epochs, iterations, session, signal })) {
      if (event.kind === 'training') {
        stop();
        if (!quiet) console.error(`${event.title}: ${event.steps} steps, backend ${backend}`);
        training = true;
        steps += event.steps;
        progress.start(event.title, event.steps);
      } else if (event.kind === 'step') {
        done++;
        progress.step(event.loss);
        // A backend may never wait for anything outside the program: let the signal be seen.
        await setImmediate();
      } else if (event.kind === 'line') {
        if (training && done < steps) progress.print(event.text);
        else {
          stop();
          console.log(event.text);
        }
      } else {
        stop();
        const file = join(folder, event.name);
        await mkdir(folder, { recursive: true });
        await writeFile(file, event.contents);
        console.log(`${event.about}: ${file}`);
      }
    }
  } finally {
    stop();
  }
  return done === steps;
}
