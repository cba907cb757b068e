import type { SessionOptions } from 'tensorloom';

/** How to run a program that trains; when `signal` aborts, it ends its training after the step at hand, and shows what there is. */
export interface TrainingProgramOptions {
  /** Times to go through the examples, or training steps, whichever the program counts; default: the program's own. */
  readonly epochs?: number | undefined;
  readonly iterations?: number | undefined;
  readonly session?: SessionOptions;
  readonly signal?: AbortSignal;
}

/** What such a program tells: that training begins, each of its steps, lines to read, and files to keep. */
export type ProgramEvent =
  | { readonly kind: 'training'; readonly title: string; readonly steps: number }
  | { readonly kind: 'step'; readonly loss: number }
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'file'; readonly name: string; readonly about: string; readonly contents: string | Uint8Array };

/** A program that learns something, an event at a time. */
export type TrainingProgram = (options?: TrainingProgramOptions) => AsyncGenerator<ProgramEvent, void>;
