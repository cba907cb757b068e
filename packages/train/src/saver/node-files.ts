import { type FileHandle, access, mkdir, open, readFile, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Files } from './files.js';

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

let written = 0;
const cleaned = new Set<string>();

/** Files on disk. What is written has reached the disk before it gets its name, and its name before `replace` is done. */
export const nodeFiles: Files = {
  async read(path) {
    try {
      return await readFile(path);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return null;
      throw error;
    }
  },

  exists: (path) =>
    access(path).then(
      () => true,
      () => false,
    ),

  async replace(path, bytes) {
    const folder = dirname(path);
    await mkdir(folder, { recursive: true });
    if (!cleaned.has(folder)) await removeAbandoned(folder);
    cleaned.add(folder);
    // In the same folder, since only within a file system a new name takes the place of the old file at once.
    const partial = `${path}.${process.pid}.${written++}.partial`;
    try {
      await withFile(partial, 'wx', async (file) => {
        await file.writeFile(bytes);
        await file.sync();
      });
      await rename(partial, path);
    } catch (error) {
      await rm(partial, { force: true });
      throw error;
    }
    await syncFolder(folder);
  },

  remove: (path) => rm(path, { force: true }),
  split: (path) => [dirname(path), basename(path)],
  join,
};

async function withFile(path: string, flags: string, use: (file: FileHandle) => Promise<void>): Promise<void> {
  const file = await open(path, flags);
  try {
    await use(file);
  } finally {
    await file.close();
  }
}

/** Names are the folder's data. Windows has no such thing as syncing a folder. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  await withFile(folder, 'r', (file) => file.sync());
}

/** Removes what processes that have ended since had not finished writing. */
async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const pid = /\.(\d+)\.\d+\.partial$/.exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid))) await rm(join(folder, name), { force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== 'ESRCH';
  }
}
