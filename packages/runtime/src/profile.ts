import type { Step } from './lower/program.js';

/** One step of a profiled run. A step that runs others, as a loop does, contains them. */
export interface ProfileEvent {
  /** The node of the graph that it belongs to; that of a loop that runs step by step has events of each trip beneath it. */
  readonly name: string;
  /** What was done: an op, or `upload`, `download`, `read`, `release`. */
  readonly op: string;
  /** Milliseconds since the run began. */
  readonly start: number;
  /** Milliseconds, those of steps within included. */
  readonly duration: number;
  /** Milliseconds, those of steps within not included. */
  readonly self: number;
  /** Bytes on the device that were in use after it and not before; negative when it gave some back. */
  readonly bytes: number;
  /** How many steps it is within. */
  readonly depth: number;
  /** How it ran, where there is something to say: a loop as one kernel, and how often it went round. */
  readonly detail?: string;
}

interface Open {
  readonly name: string;
  readonly op: string;
  readonly start: number;
  readonly bytes: number;
  readonly owner: object;
  within: number;
  detail?: string;
}

/** Takes down what a run does. */
export class Recorder {
  readonly events: ProfileEvent[] = [];
  readonly #begun = performance.now();
  readonly #open: Open[] = [];
  /** The most bytes that were seen in use. */
  peakBytes = 0;

  constructor(readonly bytesInUse: () => number) {}

  /** A step begins, of a program that `owner` is. */
  begin(owner: object, step: Step, name: string): void {
    const op = 'op' in step ? step.op.name : step.kind === 'loop' ? 'Loop' : step.kind;
    this.#open.push({ name, op, owner, start: this.#now(), bytes: this.bytesInUse(), within: 0 });
  }

  /** Says more about the step at work. */
  note(detail: string): void {
    const open = this.#open.at(-1);
    if (open !== undefined) open.detail = detail;
  }

  /** The step of `owner` that is at work, if one is, has ended. */
  end(owner: object): void {
    const open = this.#open.at(-1);
    if (open === undefined || open.owner !== owner) return;
    this.#open.pop();
    const duration = this.#now() - open.start;
    const bytes = this.bytesInUse();
    this.peakBytes = Math.max(this.peakBytes, bytes);
    const outer = this.#open.at(-1);
    if (outer !== undefined) outer.within += duration;
    const { name, op, start, within, detail } = open;
    const event = { name, op, start, duration, self: duration - within, bytes: bytes - open.bytes };
    const depth = this.#open.length;
    this.events.push(detail === undefined ? { ...event, depth } : { ...event, depth, detail });
  }

  #now(): number {
    return performance.now() - this.#begun;
  }
}

/** What all steps of one op took together. */
export interface ProfileRow {
  readonly op: string;
  readonly count: number;
  /** Milliseconds, without those of steps within. */
  readonly self: number;
  /** Bytes that they took on the device. */
  readonly bytes: number;
}

/** What one run took, step by step. `results` is what `run` gives. TensorFlow: `RunMetadata.step_stats`. */
export class Profile<R = unknown> {
  /** Milliseconds that lowering, binding and compiling took before the run; next to nothing when the program was known. */
  readonly preparing: number;
  /** Milliseconds of the run itself. */
  readonly running: number;
  /** Steps in the order in which they ended. */
  readonly events: readonly ProfileEvent[];
  /** The most bytes that were in use on the device after any step. */
  readonly peakBytes: number;

  constructor(
    readonly results: R,
    { preparing, running, recorder }: { preparing: number; running: number; recorder: Recorder },
  ) {
    this.preparing = preparing;
    this.running = running;
    this.events = recorder.events;
    this.peakBytes = recorder.peakBytes;
  }

  /** What each op took, the one that took longest first. */
  get rows(): readonly ProfileRow[] {
    const rows = new Map<string, { op: string; count: number; self: number; bytes: number }>();
    for (const { op, self, bytes } of this.events) {
      const row = rows.get(op) ?? { op, count: 0, self: 0, bytes: 0 };
      rows.set(op, row);
      row.count++;
      row.self += self;
      row.bytes += Math.max(0, bytes);
    }
    return [...rows.values()].sort((a, b) => b.self - a.self);
  }

  /** A table of the ops: milliseconds, share, how often, kilobytes taken; then the steps that took longest. */
  toString(): string {
    const total = this.events.reduce((sum, { self }) => sum + self, 0);
    const share = (ms: number): string => `${total === 0 ? 0 : ((100 * ms) / total).toFixed(1)} %`;
    const lines = [
      [`ms`, 'share', 'count', 'KB', 'op'],
      ...this.rows.map(({ op, count, self, bytes }) => [
        self.toFixed(3),
        share(self),
        String(count),
        (bytes / 1000).toFixed(1),
        op,
      ]),
    ];
    const longest = [...this.events].sort((a, b) => b.self - a.self).slice(0, 10);
    const steps = [
      ['ms', 'share', 'op', 'node'],
      ...longest.map(({ name, op, self, detail }) => [
        self.toFixed(3),
        share(self),
        op,
        detail === undefined ? name : `${name} (${detail})`,
      ]),
    ];
    const head = `${this.running.toFixed(3)} ms, after ${this.preparing.toFixed(3)} ms of preparation; at most ${(this.peakBytes / 1000).toFixed(1)} KB in use`;
    return [head, '', ...table(lines, 4), '', ...table(steps, 2)].join('\n');
  }

  /** The events in Chrome's trace format, as JSON: a file with this text opens in `chrome://tracing` and in Perfetto. */
  toTrace(): string {
    const traceEvents = this.events.map(({ name, op, start, duration, bytes, detail }) => ({
      name: op,
      cat: 'op',
      ph: 'X',
      // Microseconds.
      ts: 1000 * start,
      dur: 1000 * duration,
      pid: 1,
      tid: 1,
      args: { node: name, bytes, ...(detail === undefined ? {} : { detail }) },
    }));
    return JSON.stringify({ traceEvents, displayTimeUnit: 'ms' });
  }
}

/** Columns of text, those before `left` aligned on the right. */
function table(rows: readonly (readonly string[])[], left: number): string[] {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((r) => r[i].length)));
  return rows.map((r) =>
    r
      .map((cell, i) => (i < left ? cell.padStart(widths[i]) : cell.padEnd(widths[i])))
      .join('  ')
      .trimEnd(),
  );
}
