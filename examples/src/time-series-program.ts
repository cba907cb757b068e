import type * as tl from 'tensorloom';

/** How to run a time-series program; when `signal` aborts, it ends its training after the iteration at hand. */
export interface TimeSeriesOptions {
  /** Training steps; default 1500, the chapter's. */
  readonly iterations?: number;
  readonly session?: tl.SessionOptions;
  readonly signal?: AbortSignal;
}

/** What such a program tells: each iteration, every 100th with its MSE, and at the end its predictions [1, 20, 1]. */
export type TimeSeriesEvent =
  | { readonly kind: 'iteration'; readonly iteration: number; readonly mse: tl.NDArray | undefined }
  | { readonly kind: 'prediction'; readonly yPred: tl.NDArray };

/** A program that learns to predict a time series one step ahead, then does it for the training instance. */
export type TimeSeriesProgram = (options?: TimeSeriesOptions) => AsyncGenerator<TimeSeriesEvent, void>;

const nSteps = 20;
const resolution = 0.1;
const tStart = 12.2;

/** The times of the training instance and, one step on, of its targets: `np.linspace(12.2, 12.2 + 0.1 * 21, 21)`. */
export const tInstance: readonly number[] = Array.from(
  { length: nSteps + 1 },
  (_, i) => tStart + (i * resolution * (nSteps + 1)) / nSteps,
);
