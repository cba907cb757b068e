/** What a saver needs of files, in Node or in a browser. */
export interface Files {
  /** The bytes of a file, `null` when there is none. */
  read(path: string): Promise<Uint8Array | null>;
  exists(path: string): Promise<boolean>;
  /** Writes a file, in a folder that is made when there is none: whatever happens meanwhile, there is the old file or the new one. */
  replace(path: string, bytes: Uint8Array): Promise<void>;
  /** Removes a file, if there is one. */
  remove(path: string): Promise<void>;
  /** A path's folder and the file's name in it. */
  split(path: string): readonly [folder: string, name: string];
  join(folder: string, name: string): string;
}
