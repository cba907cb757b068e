import type { MnistBytes } from '../src/index.js';

/** An IDX file of unsigned bytes. */
export function idx(shape: readonly number[], elements: Uint8Array): Uint8Array {
  const file = new Uint8Array(4 + 4 * shape.length + elements.length);
  const view = new DataView(file.buffer);
  view.setUint32(0, 0x0800 | shape.length);
  shape.forEach((dimension, axis) => view.setUint32(4 + 4 * axis, dimension));
  file.set(elements, 4 + 4 * shape.length);
  return file;
}

/** MNIST in small: 2 by 3 pixels, all of training image i of value i, of test image i of value 255 - i; labels i mod 10. */
export function smallMnist(train: number, test: number): MnistBytes {
  const images = (count: number, value: (i: number) => number): Uint8Array =>
    idx(
      [count, 2, 3],
      Uint8Array.from({ length: 6 * count }, (_, k) => value(Math.floor(k / 6))),
    );
  const labels = (count: number): Uint8Array =>
    idx(
      [count],
      Uint8Array.from({ length: count }, (_, i) => i % 10),
    );
  return {
    trainImages: images(train, (i) => i),
    trainLabels: labels(train),
    testImages: images(test, (i) => 255 - i),
    testLabels: labels(test),
  };
}
