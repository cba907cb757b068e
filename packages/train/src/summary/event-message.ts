import Pbf from 'pbf';

/** What an event tells: a summary, a graph, or the version that begins a file. */
export type EventContent =
  { readonly summary: Uint8Array } | { readonly graphDef: Uint8Array } | { readonly fileVersion: string };

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
  else pbf.writeBytesField(5, event.summary);
  return pbf.finish();
}
