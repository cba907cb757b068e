import { concatenated } from './concatenated.js';
import { EventWriter, firstRecord } from './event-writer.js';

/** Keeps events in memory, in browsers too: `toBytes` is an event file, to download or to send, which TensorBoard reads from a folder. */
export class EventBuffer extends EventWriter {
  readonly #records: Uint8Array[] = [firstRecord()];

  protected append(bytes: Uint8Array): void {
    this.#records.push(bytes);
  }

  /** The event file so far. Its name has to have `tfevents` in it. */
  toBytes(): Uint8Array<ArrayBuffer> {
    return concatenated(this.#records);
  }
}
