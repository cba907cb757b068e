import type { BackendName } from './backends.js';
import type { Measurement, TaskName, Weights } from './messages.js';
import { type Place, RemoteTrainer } from './remote-trainer.js';

/** The backend that the others are compared with. */
export const standard: BackendName = 'cpu';

const steps = 5;

/** How a backend compares with the CPU; or why it could not be compared. */
export type Comparison =
  | {
      readonly kind: 'compared';
      readonly backend: BackendName;
      readonly place: Place;
      /** The largest difference of an output, and of the loss of a training step, relative to the CPU's where that is larger than 1. */
      readonly outputs: number;
      readonly losses: number;
      /** The median of all steps but the first, which compiles; in milliseconds. */
      readonly stepTime: number;
    }
  | { readonly kind: 'failed'; readonly backend: BackendName; readonly reason: string };

/** What to compare: which backends, on which task, with which weights (default: those the network starts from). */
export interface ComparisonOptions {
  readonly backends: readonly BackendName[];
  readonly task: TaskName;
  readonly data: string;
  readonly weights: Weights | undefined;
  /** Ends the comparison at once. */
  readonly signal: AbortSignal;
  /** Hears which backend's turn it is. */
  readonly onTurn: (backend: BackendName) => void;
}

/**
 * Gives the same weights and inputs to one backend after the other, the CPU first. Throws when that one fails, for then there is
 * nothing to compare with.
 */
export async function* compareBackends(options: ComparisonOptions): AsyncGenerator<Comparison, void> {
  let { weights } = options;
  let expected: Measurement | undefined;
  for (const backend of [standard, ...options.backends.filter((name) => name !== standard)]) {
    if (options.signal.aborted) return;
    options.onTurn(backend);
    try {
      const { place, measurement, weights: used } = await measure(backend, options, weights);
      weights = used;
      expected ??= measurement;
      yield {
        kind: 'compared',
        backend,
        place,
        outputs: largestDifference(measurement.outputs, expected.outputs),
        losses: largestDifference(measurement.losses, expected.losses),
        stepTime: median(measurement.stepTimes.slice(1)),
      };
    } catch (error) {
      if (options.signal.aborted) return;
      if (expected === undefined) throw error;
      yield { kind: 'failed', backend, reason: error instanceof Error ? error.message : String(error) };
    }
  }
}

async function measure(backend: BackendName, options: ComparisonOptions, given: Weights | undefined) {
  const { task, data, signal } = options;
  const { trainer } = await RemoteTrainer.open(backend);
  const end = (): void => trainer.end();
  signal.addEventListener('abort', end);
  try {
    signal.throwIfAborted();
    await trainer.ask({ kind: 'prepare', task, data }, 'prepared');
    const weights = given ?? (await trainer.ask({ kind: 'read-weights' }, 'weights')).weights;
    const { measurement } = await trainer.ask({ kind: 'measure', weights, steps }, 'measured');
    return { place: trainer.place, measurement, weights };
  } finally {
    signal.removeEventListener('abort', end);
    trainer.end();
  }
}

/** The largest difference between elements, relative where the expected one is larger than 1; NaN where only one of the two is a number. */
export function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.NaN;
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(actual[i] - expected[i]) / Math.max(1, Math.abs(expected[i]));
    if (Number.isNaN(difference)) return Number.NaN;
    largest = Math.max(largest, difference);
  }
  return largest;
}

/** The middle one of some numbers, or the mean of the two in the middle; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
}
