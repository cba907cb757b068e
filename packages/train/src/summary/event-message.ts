import Pbf from 'pbf';

const statuses = { start: 1, stop: 2, checkpoint: 3 } as const;

/** What became of a session: it began, at the step of a checkpoint perhaps, it ended, or it was saved. TensorFlow: `SessionLog`. */
export interface SessionLog {
  readonly status: keyof typeof statuses;
  readonly checkpointPath?: string;
  readonly msg?: string;
}

/** What an event tells: a summary, a graph, what became of the session, or the version that begins a file. */
export type EventContent =
  | { readonly summary: Uint8Array }
  | { readonly graphDef: Uint8Array }
  | { readonly sessionLog: SessionLog }
  | { readonly fileVersion: string };

/** An event of a log: what happened, when, and at which step. TensorFlow: `tensorflow.Event`. */
export type LogEvent = EventContent & {
  /** Seconds since 1970; default: now. */
  readonly wallTime?: number;
  /** Default 0. */
  readonly step?: number;
};

/** The protocol buffer `tensorflow.Event`. */
export function encodeEvent(event: LogEvent): Uint8Array {
  const { wallTime = Date.now() / 1000, step = 0 } = event;
  const pbf = new Pbf();
  pbf.writeDoubleField(1, wallTime);
  if (step !== 0) pbf.writeVarintField(2, step);
  if ('fileVersion' in event) pbf.writeStringField(3, event.fileVersion);
  else if ('graphDef' in event) pbf.writeBytesField(4, event.graphDef);
  else if ('summary' in event) pbf.writeBytesField(5, event.summary);
  else pbf.writeMessage(7, writeSessionLog, event.sessionLog);
  return pbf.finish();
}

function writeSessionLog({ status, checkpointPath = '', msg = '' }: SessionLog, pbf: Pbf): void {
  pbf.writeVarintField(1, statuses[status]);
  if (checkpointPath !== '') pbf.writeStringField(2, checkpointPath);
  if (msg !== '') pbf.writeStringField(3, msg);
}
