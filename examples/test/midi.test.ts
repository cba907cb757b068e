import { describe, expect, it } from 'vitest';
import { midiFile } from '../src/midi.js';

describe('midiFile', () => {
  it('writes the bytes that the standard asks for', () => {
    const bytes = midiFile([{ pitch: 60, quarters: 1 }], { quartersPerMinute: 120 });
    // prettier-ignore
    expect([...bytes]).toEqual([
      0x4d, 0x54, 0x68, 0x64, 0, 0, 0, 6, 0, 0, 0, 1, 0x01, 0xe0, // MThd: format 0, 1 track, 480 ticks per quarter
      0x4d, 0x54, 0x72, 0x6b, 0, 0, 0, 23, // MTrk, 23 bytes
      0, 0xff, 0x51, 3, 0x07, 0xa1, 0x20, // 500,000 microseconds per quarter
      0, 0xc0, 0, // piano
      0, 0x90, 60, 90, // on
      0x83, 0x60, 0x80, 60, 0, // off, 480 ticks later
      0, 0xff, 0x2f, 0, // end of track
    ]);
  });

  it('writes as long a track as it says, whatever the tones', () => {
    const tones = [0.5, 1, 16, 100].map((quarters, i) => ({ pitch: 60 + i, quarters }));
    const bytes = midiFile(tones);
    expect(new DataView(bytes.buffer).getUint32(18)).toBe(bytes.length - 22);
    // 16 and 100 quarters take two and three bytes: 7680 is 60 * 128, 48000 is 2 * 128 ** 2 + 119 * 128.
    const found = (...part: number[]) => Buffer.from(bytes).includes(Buffer.from(part));
    expect(found(0xbc, 0x00, 0x80, 62)).toBe(true);
    expect(found(0x82, 0xf7, 0x00, 0x80, 63)).toBe(true);
  });
});
