import { type Mnist, mnistFiles, parseMnist } from '@tensorloom/datasets';

/** Fetches the images that the page's build wrote to the folder at `address`. Rejects with an `Error` when they are not there. */
export async function loadDigits(address: string): Promise<Mnist> {
  const read = async (name: string): Promise<Uint8Array> => {
    const url = new URL(`${name}.gz`, address);
    const response = await fetch(url);
    if (!response.ok || response.body === null) {
      throw new Error(
        `loadDigits: ${url.href} answered ${response.status}. Build the page again, which writes the data.`,
      );
    }
    const bytes = new Uint8Array(await response.arrayBuffer());
    // Some servers have the browser unpack what ends in .gz.
    return bytes[0] === 0x1f && bytes[1] === 0x8b ? unpack(bytes) : bytes;
  };
  const [trainImages, trainLabels, testImages, testLabels] = await Promise.all([
    read(mnistFiles.trainImages),
    read(mnistFiles.trainLabels),
    read(mnistFiles.testImages),
    read(mnistFiles.testLabels),
  ]);
  return parseMnist({ trainImages, trainLabels, testImages, testLabels }, { seed: 42 });
}

async function unpack(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(unpacked).arrayBuffer());
}
