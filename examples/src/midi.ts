/** A tone: its MIDI number (60 is middle C), and how long it sounds, in quarter notes. */
export interface Tone {
  readonly pitch: number;
  readonly quarters: number;
}

const ticksPerQuarter = 480;
const microsecondsPerMinute = 60_000_000;
const velocity = 90;

const text = (letters: string): number[] => Array.from(letters, (letter) => letter.charCodeAt(0));

const bigEndian = (value: number, bytes: number): number[] =>
  Array.from({ length: bytes }, (_, i) => (value >>> (8 * (bytes - 1 - i))) & 0xff);

/** A number in as few bytes of seven bits as it takes; all but the last have their top bit set. */
function variableLength(value: number): number[] {
  const bytes = [value & 0x7f];
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) bytes.unshift((rest & 0x7f) | 0x80);
  return bytes;
}

const chunk = (type: string, bytes: readonly number[]): number[] => [
  ...text(type),
  ...bigEndian(bytes.length, 4),
  ...bytes,
];

/** Tones one after another, on a piano, as the bytes of a MIDI file (Standard MIDI Files 1.0, format 0, one track). */
export function midiFile(tones: readonly Tone[], { quartersPerMinute = 120 } = {}): Uint8Array {
  const tempo = [0, 0xff, 0x51, 3, ...bigEndian(Math.round(microsecondsPerMinute / quartersPerMinute), 3)];
  const piano = [0, 0xc0, 0];
  const sounds = tones.flatMap(({ pitch, quarters }) => [
    ...[0, 0x90, pitch, velocity],
    ...variableLength(Math.round(quarters * ticksPerQuarter)),
    ...[0x80, pitch, 0],
  ]);
  const end = [0, 0xff, 0x2f, 0];
  const format = [...bigEndian(0, 2), ...bigEndian(1, 2), ...bigEndian(ticksPerQuarter, 2)];
  return Uint8Array.from([...chunk('MThd', format), ...chunk('MTrk', [...tempo, ...piano, ...sounds, ...end])]);
}
