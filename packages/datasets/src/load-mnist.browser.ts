import type { LoadMnistOptions } from './load-mnist.js';
import type { Mnist } from './mnist.js';

/** Stands in for the reader from disk where there is none, so that importing the package is safe everywhere. */
export async function loadMnist(_options?: LoadMnistOptions): Promise<Mnist> {
  throw new Error(
    'loadMnist: reads files from disk, which needs Node. Fetch the four files and pass their bytes to parseMnist.',
  );
}
