import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What is computed: a step of training with Adam, or for `decode` a run of decoding. */
export interface Workload {
  readonly title: string;
  readonly cell: 'rnn' | 'lstm' | 'gru';
  readonly activation: 'tanh' | 'relu';
  readonly batch: number;
  readonly steps: number;
  readonly inputs: number;
  readonly units: number;
  readonly outputs: number;
  /** Softmax cross-entropy of the last output; squared error of the last output or of each; greedy decoding. */
  readonly kind: 'classes' | 'last' | 'each' | 'decode';
}

const training = { cell: 'lstm', activation: 'tanh', kind: 'last', outputs: 1 } as const;

/** The workloads, by their letters. */
export const workloads: Readonly<Record<string, Workload>> = {
  A: {
    ...training,
    title: 'MNIST: 28 rows of 28 pixels, 150 tanh neurons, 10 classes, batch 150',
    ...{ cell: 'rnn', kind: 'classes', batch: 150, steps: 28, inputs: 28, units: 150, outputs: 10 },
  },
  B: {
    ...training,
    title: 'time series: 20 steps of 1 input, 100 relu neurons, an output per step, batch 50',
    ...{ cell: 'rnn', activation: 'relu', kind: 'each', batch: 50, steps: 20, inputs: 1, units: 100 },
  },
  C: {
    ...training,
    title: 'LSTM: 100 steps of 64 inputs, 256 units, 10 classes, batch 64',
    ...{ kind: 'classes', batch: 64, steps: 100, inputs: 64, units: 256, outputs: 10 },
  },
  D: {
    ...training,
    title: 'small: GRU, 50 steps of 8 inputs, 16 units, batch 1',
    ...{ cell: 'gru', batch: 1, steps: 50, inputs: 8, units: 16 },
  },
  E: {
    ...training,
    title: 'long: LSTM, 2,000 steps of 32 inputs, 32 units, batch 8',
    ...{ batch: 8, steps: 2000, inputs: 32, units: 32 },
  },
  F: {
    ...training,
    title: 'decode: LSTM, 200 greedy steps, 256 units, vocabulary of 1,000, batch 1',
    ...{ kind: 'decode', batch: 1, steps: 200, inputs: 256, units: 256, outputs: 1000 },
  },
};

/** A tensor that all contenders begin with. */
export interface Given {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}

/** Numbers between -limit and limit that look random and are the same every time. */
const scattered = (shape: readonly number[], limit: number, seed: number): Given => {
  const size = shape.reduce((n, d) => n * d, 1);
  const at = (i: number): number => (((Math.sin(i * 12.9898 + seed) * 43758.5453) % 1) * 2 - 1) * limit;
  return { shape, data: Float32Array.from({ length: size }, (_, i) => at(i)) };
};

const glorot = (rows: number, columns: number, seed: number): Given =>
  scattered([rows, columns], Math.sqrt(6 / (rows + columns)), seed);

const filled = (length: number, value: number): Given => ({
  shape: [length],
  data: new Float32Array(length).fill(value),
});

/** Data and initial weights, with TensorFlow's layout of kernels: those of `weights` in the order in which a graph makes its variables. */
export function givenOf(w: Workload): {
  readonly data: Record<string, Given>;
  readonly weights: Record<string, Given>;
} {
  const { cell, kind, batch, steps, inputs, units, outputs } = w;
  const rows = inputs + units;
  const gates = cell === 'lstm' ? 4 : cell === 'gru' ? 2 : 1;
  const weights: Record<string, Given> = {
    ...(kind === 'decode' && { embedding: scattered([outputs, inputs], 1, 7) }),
    kernel: glorot(rows, gates * units, 2),
    bias: filled(gates * units, cell === 'gru' ? 1 : 0),
    ...(cell === 'gru' && { candidateKernel: glorot(rows, units, 4), candidateBias: filled(units, 0) }),
    denseKernel: glorot(units, outputs, 3),
    denseBias: filled(outputs, 0),
  };
  if (kind === 'decode') return { data: {}, weights };
  const y =
    kind === 'classes'
      ? { shape: [batch], data: Int32Array.from({ length: batch }, (_, i) => i % outputs) }
      : scattered(kind === 'each' ? [batch, steps, outputs] : [batch, outputs], 1, 5);
  return { data: { x: scattered([batch, steps, inputs], 1, 1), y }, weights };
}

/** Writes what a contender in another language needs into a folder: `workload.json`, and a file of bytes for each tensor. */
export async function writeWorkload(w: Workload, folder: string): Promise<void> {
  const { data, weights } = givenOf(w);
  const tensors = { ...data, ...weights };
  await mkdir(folder, { recursive: true });
  for (const [name, { data: bytes }] of Object.entries(tensors)) await writeFile(join(folder, `${name}.bin`), bytes);
  const shapes = Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, data: d }]) => [
      name,
      { shape, dtype: d instanceof Int32Array ? 'int32' : 'float32' },
    ]),
  );
  const description = { ...w, weights: Object.keys(weights), tensors: shapes };
  await writeFile(join(folder, 'workload.json'), JSON.stringify(description));
}
