import { MersenneTwister } from './mersenne-twister.js';

/** Which melodies. */
export interface MelodyOptions {
  /** Fixes the melodies; 42 by default. Integer from 0 to 2^32 - 1. */
  readonly seed?: number | undefined;
}

/** A note: `degree` counts the steps of the scale of C major from middle C, 0 to 11; `eighths` is how long it sounds, in eighth notes. */
export interface MelodyNote {
  readonly degree: number;
  readonly eighths: number;
}

/** How many degrees the melodies have. */
export const melodyDegrees = 12;

/** How long their notes may be, in eighth notes. */
export const melodyDurations: readonly number[] = [1, 2, 3, 4, 8];

const octave = 7;
const tonic = [0, 2, 4];
const subdominant = [0, 3, 5];
const dominant = [1, 4, 6];
const chords: readonly (readonly number[])[] = [
  tonic,
  subdominant,
  dominant,
  tonic,
  tonic,
  subdominant,
  dominant,
  tonic,
];
const eighthsInBar = 8;
const rhythms: readonly (readonly number[])[] = [
  [2, 2, 2, 2],
  [4, 2, 2],
  [2, 2, 4],
  [3, 1, 2, 2],
  [2, 1, 1, 4],
  [1, 1, 2, 2, 2],
  [4, 4],
];

/**
 * `count` melodies of eight bars in four-four time, made by a grammar. Under the bars are the chords I IV V I I IV V I: each bar begins on
 * one of its chord's notes and goes on by steps or repeats; the last is a whole note on the tonic.
 * Throws `RangeError` unless `count` is a positive integer.
 */
export function melodies(count: number, { seed = 42 }: MelodyOptions = {}): MelodyNote[][] {
  if (!Number.isInteger(count) || count < 1) {
    throw new RangeError(`melodies: expected a count of at least 1, got ${count}.`);
  }
  const random = new MersenneTwister(seed);
  const oneOf = <T>(values: readonly T[]): T => values[random.upTo(values.length - 1)];

  const melody = (): MelodyNote[] => {
    let degree = random.upTo(melodyDegrees - 1);
    return chords.flatMap((chord, bar) => {
      const last = bar === chords.length - 1;
      const rhythm = last ? [eighthsInBar] : oneOf(rhythms);
      return rhythm.map((eighths, i) => {
        const near = i === 0 ? withinReach(degree, last ? tonic.slice(0, 1) : chord) : withinReach(degree);
        degree = oneOf(near);
        return { degree, eighths };
      });
    });
  };
  return Array.from({ length: count }, melody);
}

/** The nearest notes of a chord, one above and one below unless the note itself is of the chord; without a chord those one step away, and the note itself. */
function withinReach(degree: number, chord?: readonly number[]): number[] {
  const degrees = Array.from({ length: melodyDegrees }, (_, i) => i);
  if (chord === undefined) return degrees.filter((other) => Math.abs(other - degree) <= 1);
  const inChord = degrees.filter((other) => chord.includes(other % octave));
  const above = inChord.find((other) => other >= degree);
  const below = inChord.filter((other) => other <= degree).at(-1);
  return [...new Set([above, below])].filter((other) => other !== undefined);
}

/** Which rules of the grammar a melody keeps. */
export interface MelodyRules {
  /** Eight bars, no note across a bar line. */
  readonly keepsTime: boolean;
  /** Each bar begins on a note of its chord. */
  readonly followsChords: boolean;
  /** Within a bar no note is more than one step from the one before. */
  readonly movesBySteps: boolean;
  /** The last note is a whole note on the tonic. */
  readonly endsOnTonic: boolean;
}

/** Looks at a melody, whoever made it, by the rules of the grammar of `melodies`. */
export function melodyRules(notes: readonly MelodyNote[]): MelodyRules {
  let time = 0;
  let keepsTime = true;
  let followsChords = true;
  let movesBySteps = true;
  notes.forEach(({ degree, eighths }, i) => {
    const begins = time % eighthsInBar === 0;
    const chord = chords[Math.floor(time / eighthsInBar)] ?? [];
    if (begins && !chord.includes(degree % octave)) followsChords = false;
    if (!begins && Math.abs(degree - notes[i - 1].degree) > 1) movesBySteps = false;
    if ((time % eighthsInBar) + eighths > eighthsInBar) keepsTime = false;
    time += eighths;
  });
  const last = notes.at(-1);
  return {
    keepsTime: keepsTime && time === chords.length * eighthsInBar,
    followsChords,
    movesBySteps,
    endsOnTonic: last !== undefined && last.eighths === eighthsInBar && last.degree % octave === 0,
  };
}
