// @ts-check
// node scripts/pack.mjs FOLDER: packs every public package, as `npm publish` would, and prints a line each.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The public packages: their folders. */
export const publicPackages = () =>
  readdirSync(`${root}packages`).filter(
    (name) => JSON.parse(readFileSync(`${root}packages/${name}/package.json`, 'utf8')).private !== true,
  );

/**
 * Packs all public packages into a folder, which holds nothing else afterwards.
 * @param {string} folder
 * @returns {{ name: string, version: string, file: string, size: number }[]}
 */
export function pack(folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const which = publicPackages().flatMap((name) => ['-w', `packages/${name}`]);
  const said = execFileSync('npm', ['pack', '--json', '--pack-destination', resolve(folder), ...which], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  /** @type {{ name: string, version: string, filename: string, size: number }[]} */
  const packed = Object.values(JSON.parse(said));
  return packed.map(({ name, version, filename, size }) => ({ name, version, file: resolve(folder, filename), size }));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { name, version, size } of pack(process.argv[2] ?? 'packed')) {
    console.log(`${`${name}@${version}`.padEnd(40)} ${(size / 1024).toFixed(0).padStart(6)} KB`);
  }
}
