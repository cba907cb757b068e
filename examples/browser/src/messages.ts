import type { BackendName } from './backends.js';

/** What the page trains: the classifier of handwritten digits, or the predictor of a time series. */
export type TaskName = 'mnist' | 'time-series';

/** The values of a network's trainable variables, in the order they were made. */
export type Weights = readonly Float32Array[];

/** How well a network does on what it was not trained on: the part of the test images it tells right, or its prediction of a window of the series. */
export type Evaluation =
  | { readonly task: 'mnist'; readonly testAccuracy: number }
  | { readonly task: 'time-series'; readonly prediction: Float32Array };

/** What a backend makes of some weights and inputs: a network's outputs, then the loss and the time (in ms) of each of some training steps. */
export interface Measurement {
  readonly outputs: Float32Array;
  readonly losses: readonly number[];
  readonly stepTimes: readonly number[];
}

/** What the page asks of a trainer. `data` is the address of the folder with the data; `pixels` are an image's, 28 by 28 of them from 0 to 1. */
export type Request =
  | { readonly kind: 'open'; readonly backend: BackendName }
  | { readonly kind: 'prepare'; readonly task: TaskName; readonly data: string }
  | { readonly kind: 'train' }
  | { readonly kind: 'pause' }
  | { readonly kind: 'classify'; readonly pixels: Float32Array }
  | { readonly kind: 'example' }
  | { readonly kind: 'read-weights' }
  | { readonly kind: 'measure'; readonly weights: Weights; readonly steps: number }
  | { readonly kind: 'close' };

/** What a trainer tells: answers to requests, and while it trains each of its steps. */
export type Reply =
  | { readonly kind: 'opened'; readonly description: string }
  | { readonly kind: 'prepared'; readonly totalSteps: number }
  | {
      readonly kind: 'step';
      /** Counted from 1. */
      readonly step: number;
      readonly loss: number;
      /** The part of the batch that is told right; of a classifier. */
      readonly accuracy: number | undefined;
      readonly milliseconds: number;
    }
  | { readonly kind: 'evaluated'; readonly step: number; readonly evaluation: Evaluation }
  | { readonly kind: 'paused' }
  | { readonly kind: 'finished' }
  | { readonly kind: 'classified'; readonly probabilities: Float32Array }
  | { readonly kind: 'example'; readonly pixels: Float32Array; readonly label: number }
  | { readonly kind: 'weights'; readonly weights: Weights }
  | { readonly kind: 'measured'; readonly measurement: Measurement }
  | { readonly kind: 'failed'; readonly reason: string };

/** The reply of a kind. */
export type ReplyOf<K extends Reply['kind']> = Extract<Reply, { readonly kind: K }>;
