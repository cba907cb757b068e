/** Options of a file writer. */
export interface FileWriterOptions {
  /** How many events wait before they are written; default 10. */
  readonly maxQueue?: number;
  /** How long they wait at most, in seconds; default 120. */
  readonly flushSecs?: number;
  /** What the file's name ends with; default: nothing. */
  readonly filenameSuffix?: string;
}
