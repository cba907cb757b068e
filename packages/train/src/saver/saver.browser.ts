import { CheckpointSaver, type SaverOptions, latestIn } from './checkpoint-saver.js';
import { browserFiles } from './browser-files.js';

/**
 * Saves the variables of a session as safetensors files, and restores them: on disk in Node, in the origin's private file system in
 * browsers. What is saved is chosen when the saver is made: all variables that there are then, optimizers' slots and the global step
 * among them, unless `varList` says otherwise. Throws `TypeError` when there are none. TensorFlow: `tf.train.Saver`.
 */
export class Saver extends CheckpointSaver {
  constructor(options: SaverOptions = {}) {
    super(browserFiles, options);
  }
}

/**
 * The path of the newest checkpoint in a folder, by its index; `null` when there is none. Rejects with a `CheckpointError` when the
 * index is damaged. TensorFlow: `tf.train.latest_checkpoint`.
 */
export const latestCheckpoint = (folder: string, latestFilename?: string): Promise<string | null> =>
  latestIn(browserFiles, folder, latestFilename);
