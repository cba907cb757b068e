import type { Evaluation, Weights } from './messages.js';

/** A network in a session, and the data it is trained on. */
export interface Task {
  /** The steps of a whole training. */
  readonly totalSteps: number;
  /** How often to evaluate it. */
  readonly stepsPerEvaluation: number;
  /** Trains it on the next batch; the loss is that before the step, the accuracy the part of the batch it told right. */
  step(): Promise<{ readonly loss: number; readonly accuracy: number | undefined }>;
  evaluate(): Promise<Evaluation>;
  /** What it makes of inputs that are always the same. */
  outputs(): Promise<Float32Array>;
  /** The probability of each digit. Rejects when the network knows nothing of digits. */
  classify(pixels: Float32Array): Promise<Float32Array>;
  /** An image it was not trained on. Throws when the network knows nothing of digits. */
  example(): { readonly pixels: Float32Array; readonly label: number };
  readWeights(): Promise<Weights>;
  writeWeights(weights: Weights): Promise<void>;
  close(): Promise<void>;
}
