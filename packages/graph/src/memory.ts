import { refuse } from './node.js';

/** Every so many iterations, or `'sqrt'`: as many segments as iterations in one, about. */
export type CheckpointEvery = number | 'sqrt';

/** What a loop keeps for its gradient, and how its iterations run. */
export interface MemoryOptions {
  /**
   * Keep the loop variables for the gradient only every so many iterations; on the way back the iterations between are run again,
   * a segment at a time, with the random numbers of the first time. With `'sqrt'` memory grows like the square root of the number of
   * iterations: segments of equal length where the number is known when the loop begins, else each one longer by one than the
   * last. Default: keep all that the gradient reads. Griewank and Walther, "Evaluating Derivatives" (2008), chapter 12.
   */
  readonly checkpointEvery?: CheckpointEvery | undefined;
  /** What is kept for the gradient waits in host memory; default false. */
  readonly swapMemory?: boolean | undefined;
  /** Whether gradients pass through the loop: `gradients` gives `null` for what they would reach through it when they do not. Default true. */
  readonly backProp?: boolean | undefined;
  /** Accepted for TensorFlow's sake, a positive integer; iterations run one after the other. */
  readonly parallelIterations?: number | undefined;
}

const isPositive = (n: unknown): boolean => Number.isInteger(n) && (n as number) > 0;

/** Throws the `GraphError` of options that mean nothing. */
export function checkMemory(op: string, { checkpointEvery, parallelIterations }: MemoryOptions): void {
  if (checkpointEvery !== undefined && checkpointEvery !== 'sqrt' && !isPositive(checkpointEvery)) {
    refuse(
      op,
      `checkpointEvery is ${String(checkpointEvery)}, expected a positive integer or 'sqrt'. Leave it out to keep all.`,
    );
  }
  if (parallelIterations !== undefined && !isPositive(parallelIterations)) {
    refuse(op, `parallelIterations is ${String(parallelIterations)}, expected a positive integer. Leave it out.`);
  }
}
