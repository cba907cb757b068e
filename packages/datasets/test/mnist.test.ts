import { describe, expect, it } from 'vitest';
import { parseMnist } from '../src/index.js';
import { idx, smallMnist } from './files.js';

describe('parseMnist', () => {
  it('scales pixels to [0, 1] and flattens images', () => {
    const { train, test } = parseMnist(smallMnist(20, 5));
    expect(train.images.dtype).toBe('float32');
    expect(train.images.shape).toEqual([20, 6]);
    expect(train.images.get(0, 0)).toBe(0);
    expect(train.images.get(3, 5)).toBeCloseTo(3 / 255, 7);
    expect(test.images.get(0, 0)).toBe(1);
    expect(train.labels.dtype).toBe('int32');
    expect(Array.from(test.labels.data)).toEqual([0, 1, 2, 3, 4]);
    expect(train.numExamples).toBe(20);
  });

  it('takes all training images unless told otherwise', () => {
    const { train, validation, test } = parseMnist(smallMnist(20, 5));
    expect([train.numExamples, validation.numExamples, test.numExamples]).toEqual([20, 0, 5]);
  });

  it('sets the first images aside for validation, then takes as many as the limit', () => {
    const { train, validation, test } = parseMnist(smallMnist(20, 5), { validationSize: 6, limit: 4 });
    expect(Array.from(validation.labels.data)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(Array.from(train.labels.data)).toEqual([6, 7, 8, 9]);
    expect(train.images.get(0, 0)).toBeCloseTo(6 / 255, 7);
    expect(test.numExamples).toBe(5);
  });

  it('shuffles by the seed', () => {
    const labels = (seed: number): number[] =>
      Array.from(parseMnist(smallMnist(20, 5), { seed }).train.nextBatch(20)[1].data);
    expect(labels(1)).toEqual(labels(1));
    expect(labels(1)).not.toEqual(labels(2));
  });

  it('refuses counts out of range', () => {
    const small = smallMnist(20, 5);
    expect(() => parseMnist(small, { limit: 21 })).toThrow(
      new RangeError('limit: expected an integer from 1 to 20 training images, got 21.'),
    );
    expect(() => parseMnist(small, { limit: 16, validationSize: 5 })).toThrow(/from 1 to 15 training images, got 16/);
    expect(() => parseMnist(small, { limit: 0 })).toThrow(/got 0/);
    expect(() => parseMnist(small, { validationSize: 2.5 })).toThrow(
      new RangeError('validationSize: expected an integer from 0 to 20 training images, got 2.5.'),
    );
  });

  it('refuses labels that are not one per image, or no digit', () => {
    const small = smallMnist(3, 2);
    expect(() => parseMnist({ ...small, trainLabels: idx([2], Uint8Array.of(1, 2)) })).toThrow(
      new RangeError(
        'train-labels-idx1-ubyte: expected 3 labels, one per image of train-images-idx3-ubyte, got 2. ' +
          'Fetch both again.',
      ),
    );
    expect(() => parseMnist({ ...small, testLabels: idx([2], Uint8Array.of(9, 10)) })).toThrow(
      new RangeError('t10k-labels-idx1-ubyte: expected labels from 0 to 9, got 10 at 1. Fetch it again.'),
    );
  });

  it('names the file that is damaged', () => {
    const small = smallMnist(3, 2);
    const cut = small.testImages.subarray(0, small.testImages.length - 1);
    expect(() => parseMnist({ ...small, testImages: cut })).toThrow(/^t10k-images-idx3-ubyte: the file is cut short/);
  });
});
