import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';
import type { Graph } from '@tensorloom/graph';
import { concatenated } from './concatenated.js';
import { EventWriter, firstRecord } from './event-writer.js';
import type { FileWriterOptions } from './file-writer-options.js';

/** An open event file: how much of it is written for good. */
interface EventFile {
  readonly descriptor: number;
  size: number;
}

let filesMade = 0;
const openWriters = new Set<FileWriter>();
let flushesAtExit = false;

/** What nobody closed is written when the process ends by itself. */
function flushAtExit(): void {
  if (flushesAtExit) return;
  flushesAtExit = true;
  process.on('exit', () => {
    for (const writer of openWriters) writer.flush();
  });
}

/**
 * Writes summaries and graphs to an event file in a folder, which is made when there is none, for TensorBoard to show. Each writer has a file of
 * its own, named as TensorFlow's. Events wait in memory, `maxQueue` of them or `flushSecs` long, until `flush`, `close`, or the end of the process.
 * In browsers, where there are no folders, making one throws: use `EventBuffer`. TensorFlow: `tf.summary.FileWriter`.
 */
export class FileWriter extends EventWriter implements Disposable {
  readonly #logdir: string;
  readonly #maxQueue: number;
  readonly #flushSecs: number;
  readonly #filenameSuffix: string;
  readonly #waiting: Uint8Array[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #file: EventFile | undefined;

  constructor(
    logdir: string,
    graph?: Graph | Uint8Array,
    { maxQueue = 10, flushSecs = 120, filenameSuffix = '' }: FileWriterOptions = {},
  ) {
    super();
    this.#logdir = logdir;
    this.#maxQueue = maxQueue;
    this.#flushSecs = flushSecs;
    this.#filenameSuffix = filenameSuffix;
    this.reopen();
    if (graph !== undefined) this.addGraph(graph);
  }

  /** The folder that the events are written to. */
  get logdir(): string {
    return this.#logdir;
  }

  /** After `close`: begins another file in the folder. Before, nothing happens. */
  reopen(): void {
    if (this.#file !== undefined) return;
    mkdirSync(this.#logdir, { recursive: true });
    this.#file = { descriptor: openSync(join(this.#logdir, this.#newName()), 'wx'), size: 0 };
    openWriters.add(this);
    flushAtExit();
    this.#waiting.push(firstRecord());
    this.flush();
  }

  /** Writes what waits. Throws when the file cannot be written; then it waits on, and is written by a later call. */
  flush(): void {
    if (this.#file === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const bytes = concatenated(this.#waiting);
    const { descriptor, size } = this.#file;
    // From where the last call ended, so that one that failed half-way leaves nothing behind.
    for (let done = 0; done < bytes.length;) {
      done += writeSync(descriptor, bytes, done, bytes.length - done, size + done);
    }
    this.#file.size += bytes.length;
    this.#waiting.length = 0;
  }

  /** Writes what waits, and closes the file; again, nothing happens. */
  close(): void {
    if (this.#file === undefined) return;
    this.flush();
    closeSync(this.#file.descriptor);
    this.#file = undefined;
    openWriters.delete(this);
  }

  /** `close`. */
  [Symbol.dispose](): void {
    this.close();
  }

  protected append(bytes: Uint8Array): void {
    if (this.#file === undefined)
      throw new Error('FileWriter: it is closed, and takes no events. Call reopen() first.');
    this.#waiting.push(bytes);
    if (this.#waiting.length >= this.#maxQueue) this.flush();
    else this.#timer ??= this.#flushLater();
  }

  /** A timer that keeps no process from ending, which flushes then. */
  #flushLater(): ReturnType<typeof setTimeout> {
    const timer = setTimeout(() => {
      try {
        this.flush();
      } catch {
        // There is nobody to tell here: the next call that writes fails too, and says so.
      }
    }, this.#flushSecs * 1000);
    timer.unref();
    return timer;
  }

  /** TensorFlow 2's name, which adds to TensorFlow 1's what tells files of the same second apart. */
  #newName(): string {
    const seconds = String(Math.floor(Date.now() / 1000)).padStart(10, '0');
    const own = `${process.pid}.${threadId}.${filesMade++}`;
    return `events.out.tfevents.${seconds}.${hostname()}.${own}${this.#filenameSuffix}`;
  }
}
