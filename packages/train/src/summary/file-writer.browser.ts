import type { Graph } from '@tensorloom/graph';
import { EventWriter } from './event-writer.js';
import type { FileWriterOptions } from './file-writer-options.js';

/**
 * Writes summaries and graphs to an event file in a folder, which is made when there is none, for TensorBoard to show. Each writer has a file of
 * its own, named as TensorFlow's. Events wait in memory, `maxQueue` of them or `flushSecs` long, until `flush`, `close`, or the end of the process.
 * In browsers, where there are no folders, making one throws: use `EventBuffer`. TensorFlow: `tf.summary.FileWriter`.
 */
export class FileWriter extends EventWriter implements Disposable {
  constructor(
    readonly logdir: string,
    _graph?: Graph | Uint8Array,
    _options?: FileWriterOptions,
  ) {
    super();
    this.#refuse();
  }

  /** After `close`: begins another file in the folder. Before, nothing happens. */
  reopen(): void {
    this.#refuse();
  }

  /** Writes what waits. */
  flush(): void {
    this.#refuse();
  }

  /** Writes what waits, and closes the file. */
  close(): void {
    this.#refuse();
  }

  /** `close`. */
  [Symbol.dispose](): void {
    this.#refuse();
  }

  protected append(): void {
    this.#refuse();
  }

  #refuse(): never {
    throw new Error(
      `FileWriter: there is no folder '${this.logdir}' here, expected Node. Use new EventBuffer(), whose toBytes() is an event file to download.`,
    );
  }
}
