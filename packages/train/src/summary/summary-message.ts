import Pbf from 'pbf';
import type { HistogramCounts } from './histogram-counts.js';

/** An image as its message holds it: the file, and what a reader need not open it for. */
export interface EncodedImage {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly png: Uint8Array;
}

/** Strings of a shape, in row-major order. */
export interface Strings {
  readonly shape: readonly number[];
  readonly data: readonly string[];
}

/** One value of a summary: its tag, and what it is. */
export type SummaryValue = { readonly tag: string } & (
  | { readonly scalar: number }
  | { readonly histogram: HistogramCounts }
  | { readonly image: EncodedImage }
  | { readonly text: Strings }
);

const DT_STRING = 7;

/** The protocol buffer `tensorflow.Summary` of some values. Those of two summaries, one after the other, are that of both. */
export function encodeSummary(values: readonly SummaryValue[]): Uint8Array {
  const pbf = new Pbf();
  for (const value of values) pbf.writeMessage(1, writeValue, value);
  return pbf.finish().slice();
}

function writeValue(value: SummaryValue, pbf: Pbf): void {
  pbf.writeStringField(1, value.tag);
  if ('scalar' in value) pbf.writeFloatField(2, value.scalar);
  else if ('image' in value) pbf.writeMessage(4, writeImage, value.image);
  else if ('histogram' in value) pbf.writeMessage(5, writeHistogram, value.histogram);
  else {
    pbf.writeMessage(8, writeStrings, value.text);
    pbf.writeMessage(9, writeTextMetadata, undefined);
  }
}

function writeImage({ height, width, channels, png }: EncodedImage, pbf: Pbf): void {
  pbf.writeVarintField(1, height);
  pbf.writeVarintField(2, width);
  pbf.writeVarintField(3, channels);
  pbf.writeBytesField(4, png);
}

function writeHistogram({ min, max, num, sum, sumSquares, limits, counts }: HistogramCounts, pbf: Pbf): void {
  // Zero is what a field is that is not there.
  [min, max, num, sum, sumSquares].forEach((x, i) => {
    if (!Object.is(x, 0)) pbf.writeDoubleField(i + 1, x);
  });
  pbf.writePackedDouble(6, [...limits]);
  pbf.writePackedDouble(7, [...counts]);
}

/** `tensorflow.TensorProto`. */
function writeStrings({ shape, data }: Strings, pbf: Pbf): void {
  pbf.writeVarintField(1, DT_STRING);
  pbf.writeMessage(2, writeShape, shape);
  for (const text of data) pbf.writeStringField(8, text);
}

function writeShape(shape: readonly number[], pbf: Pbf): void {
  for (const size of shape) pbf.writeMessage(2, writeDimension, size);
}

function writeDimension(size: number, pbf: Pbf): void {
  if (size !== 0) pbf.writeVarintField(1, size);
}

/** `tensorflow.SummaryMetadata`: that TensorBoard's plugin for text shows it. */
function writeTextMetadata(_: undefined, pbf: Pbf): void {
  pbf.writeMessage(1, (name: string, plugin: Pbf) => plugin.writeStringField(1, name), 'text');
}
