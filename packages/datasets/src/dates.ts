import { MersenneTwister } from './mersenne-twister.js';

/** Which dates. */
export interface DateOptions {
  /** Fixes the dates; 42 by default. Integer from 0 to 2^32 - 1. */
  readonly seed?: number | undefined;
}

/** A date as people write it, and as ISO 8601 does. */
export interface DatePair {
  readonly written: string;
  readonly iso: string;
}

const months = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];
const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const firstYear = 1900;
const lastYear = 2099;
const millisecondsPerDay = 86_400_000;

const ordinal = (day: number): string => {
  const suffix = day >= 11 && day <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][day % 10] ?? 'th');
  return `${day}${suffix}`;
};

/** The ways of writing a date. */
const formats: readonly ((day: number, month: string, year: number, weekday: string) => string)[] = [
  (day, month, year) => `${day} ${month} ${year}`,
  (day, month, year) => `${month} ${day}, ${year}`,
  (day, month, year) => `${day} ${month.slice(0, 3)} ${year}`,
  (day, month, year) => `${month.slice(0, 3)} ${day} ${year}`,
  (day, month, year) => `the ${ordinal(day)} of ${month} ${year}`,
  (day, month, year, weekday) => `${weekday}, ${month} ${ordinal(day)} ${year}`,
  (day, month, year, weekday) => `${weekday.slice(0, 3)} ${day} ${month} ${year}`,
  (day, month, year) => `${month} ${year}, the ${ordinal(day)}`,
];

/**
 * `count` different dates from 1900 to 2099, each written in one of eight ways in English, and in ISO 8601.
 * Throws `RangeError` unless `count` is an integer from 1 to 50,000.
 */
export function datePairs(count: number, { seed = 42 }: DateOptions = {}): DatePair[] {
  if (!Number.isInteger(count) || count < 1 || count > 50_000) {
    throw new RangeError(`datePairs: expected a count from 1 to 50000, got ${count}.`);
  }
  const random = new MersenneTwister(seed);
  const first = Date.UTC(firstYear, 0, 1);
  const days = (Date.UTC(lastYear, 11, 31) - first) / millisecondsPerDay;

  const pairs = new Map<string, DatePair>();
  while (pairs.size < count) {
    const date = new Date(first + random.upTo(days) * millisecondsPerDay);
    const format = formats[random.upTo(formats.length - 1)];
    const [month, weekday] = [months[date.getUTCMonth()], weekdays[date.getUTCDay()]];
    const written = format(date.getUTCDate(), month, date.getUTCFullYear(), weekday);
    const iso = date.toISOString().slice(0, 10);
    pairs.set(iso, { written, iso });
  }
  return [...pairs.values()];
}
