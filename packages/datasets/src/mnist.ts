import { NDArray } from '@tensorloom/graph';
import { Dataset } from './dataset.js';
import { readIdx } from './idx.js';

/** What part of MNIST to take, and in what order. */
export interface MnistOptions {
  /** At most this many training images, the first ones; all by default. The test images are always all there. */
  readonly limit?: number | undefined;
  /** How many of the first training images are set aside as `validation`; TensorFlow's tutorials take 5000, we none. */
  readonly validationSize?: number | undefined;
  /** Fixes the order of batches. Integer from 0 to 2^32 - 1. */
  readonly seed?: number | undefined;
}

/** Handwritten digits: images float32 [n, 784] with pixels from 0 (paper) to 1 (ink), labels int32 [n] from 0 to 9. */
export interface Mnist {
  readonly train: Dataset;
  readonly validation: Dataset;
  readonly test: Dataset;
}

/** The names of MNIST's four files. */
export const mnistFiles = {
  trainImages: 'train-images-idx3-ubyte',
  trainLabels: 'train-labels-idx1-ubyte',
  testImages: 't10k-images-idx3-ubyte',
  testLabels: 't10k-labels-idx1-ubyte',
} as const;

/** The contents of MNIST's four files, unpacked. */
export type MnistBytes = Readonly<Record<keyof typeof mnistFiles, Uint8Array>>;

const classes = 10;

/**
 * MNIST from the bytes of its files, wherever they came from; Fashion-MNIST's have the same form.
 * Throws `RangeError` when a file is damaged, images and labels do not match, or an option is out of range.
 */
export function parseMnist(bytes: MnistBytes, { limit, validationSize = 0, seed }: MnistOptions = {}): Mnist {
  const train = readExamples(bytes, 'trainImages', 'trainLabels');
  const test = readExamples(bytes, 'testImages', 'testLabels');
  checkCount('validationSize', validationSize, 0, train.labels.length);
  const left = train.labels.length - validationSize;
  if (limit !== undefined) checkCount('limit', limit, 1, left);
  const dataset = (from: Examples, start: number, count: number): Dataset => {
    const pixels = from.images.subarray(start * from.depth, (start + count) * from.depth);
    const labels = from.labels.subarray(start, start + count);
    return new Dataset(
      new NDArray('float32', [count, from.depth], scale(pixels)),
      new NDArray('int32', [count], Int32Array.from(labels)),
      { seed },
    );
  };
  return {
    train: dataset(train, validationSize, limit ?? left),
    validation: dataset(train, 0, validationSize),
    test: dataset(test, 0, test.labels.length),
  };
}

interface Examples {
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
  /** Pixels of an image. */
  readonly depth: number;
}

function readExamples(
  bytes: MnistBytes,
  imageFile: keyof typeof mnistFiles,
  labelFile: keyof typeof mnistFiles,
): Examples {
  const images = readIdx(bytes[imageFile], 3, mnistFiles[imageFile]);
  const labels = readIdx(bytes[labelFile], 1, mnistFiles[labelFile]);
  const [count, height, width] = images.shape;
  if (count !== labels.shape[0]) {
    throw new RangeError(
      `${mnistFiles[labelFile]}: expected ${count} labels, one per image of ${mnistFiles[imageFile]}, ` +
        `got ${labels.shape[0]}. Fetch both again.`,
    );
  }
  const wrong = labels.data.findIndex((label) => label >= classes);
  if (wrong >= 0) {
    throw new RangeError(
      `${mnistFiles[labelFile]}: expected labels from 0 to ${classes - 1}, ` +
        `got ${labels.data[wrong]} at ${wrong}. Fetch it again.`,
    );
  }
  return { images: images.data, labels: labels.data, depth: height * width };
}

/** Bytes as floats in [0, 1], multiplied in float32 as TensorFlow's reader does. */
function scale(pixels: Uint8Array): Float32Array<ArrayBuffer> {
  const floats = new Float32Array(pixels.length);
  const unit = Math.fround(1 / 255);
  for (let i = 0; i < pixels.length; i++) floats[i] = pixels[i] * unit;
  return floats;
}

function checkCount(option: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new RangeError(`${option}: expected an integer from ${least} to ${most} training images, got ${value}.`);
  }
}
