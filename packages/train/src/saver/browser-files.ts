import type { Files } from './files.js';

/** Files in the origin's private file system, where the browser has one. Closing a file that was written replaces the old one at once. */
export const browserFiles: Files = {
  async read(path) {
    const file = await find(path);
    return file === null ? null : new Uint8Array(await (await file.getFile()).arrayBuffer());
  },

  exists: async (path) => (await find(path)) !== null,

  async replace(path, bytes) {
    const [folder, name] = await place(path, true);
    const file = await folder.getFileHandle(name, { create: true });
    const stream = await file.createWritable();
    try {
      await stream.write(Uint8Array.from(bytes));
    } catch (error) {
      await stream.abort();
      throw error;
    }
    await stream.close();
  },

  remove: (path) => orNull(place(path, false).then(([folder, name]) => folder.removeEntry(name))).then(() => undefined),

  split(path) {
    const at = path.lastIndexOf('/');
    return [path.slice(0, Math.max(0, at)), path.slice(at + 1)];
  },
  join: (folder, name) => (folder === '' ? name : `${folder}/${name}`),
};

/** The folder of a path, and the file's name in it. */
async function place(path: string, create: boolean): Promise<[FileSystemDirectoryHandle, string]> {
  // Missing in older browsers and on pages that are not served securely, whatever the types say.
  const { storage } = navigator as { storage?: Partial<StorageManager> };
  if (storage?.getDirectory === undefined) {
    throw new Error(
      'Saver: there are no files here, expected a browser with a private file system. Use toBytes() and fromBytes().',
    );
  }
  let folder = await storage.getDirectory();
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  const name = parts.pop() ?? '';
  for (const part of parts) folder = await folder.getDirectoryHandle(part, { create });
  return [folder, name];
}

const find = (path: string): Promise<FileSystemFileHandle | null> =>
  orNull(place(path, false).then(([folder, name]) => folder.getFileHandle(name)));

/** What a promise gives, `null` where a file or a folder is missing. */
async function orNull<T>(promise: Promise<T>): Promise<T | null> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotFoundError') return null;
    throw error;
  }
}
