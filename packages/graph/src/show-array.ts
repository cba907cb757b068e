import type { DType } from './dtype.js';

/** Characters of a line before its row goes on in the next. */
const LINE = 75;
/** Decimals that are shown of a float. */
const DECIMALS = 8;
/** An array of more elements is cut to the first and last `EDGE` entries of each axis. */
const SHOWN = 1000;
const EDGE = 3;

/** The number of fewest decimal digits that is `v` again as a float32; the digits JavaScript prints of it are float32's. */
export function shortestFloat32(v: number): number {
  if (!Number.isFinite(v) || v === 0) return v;
  let digits = 1;
  while (digits < 9 && Math.fround(Number(v.toPrecision(digits))) !== v) digits++;
  const even = Number(significant(v, digits));
  return Math.fround(even) === v ? even : Number(v.toPrecision(digits));
}

/** The elements as NumPy prints an array of them, with its default options. `data` is row-major; elements of bool are 0 or 1. */
export function showArray(dtype: DType, shape: readonly number[], data: ArrayLike<number>): string {
  if (shape.length === 0) return showScalar(dtype, data[0]);
  if (data.length === 0) return '[]';
  const entries = shape.map((length) => shownEntries(length, data.length > SHOWN));
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));

  const shown: number[] = [];
  const collect = (axis: number, offset: number): void => {
    if (axis === shape.length) shown.push(data[offset]);
    else for (const i of entries[axis]) if (i !== null) collect(axis + 1, offset + i * strides[axis]);
  };
  collect(0, 0);
  const show = elementFormat(dtype, shown);

  const block = (axis: number, offset: number): string => {
    const indent = ' '.repeat(axis + 1);
    if (axis === shape.length - 1)
      return `[${row(
        entries[axis].map((i) => (i === null ? '...' : show(data[offset + i]))),
        indent,
      )}]`;
    const blocks = entries[axis].map((i) => (i === null ? '...' : block(axis + 1, offset + i * strides[axis])));
    return `[${blocks.join('\n'.repeat(shape.length - 1 - axis) + indent)}]`;
  };
  return block(0, 0);
}

/** The entries of an axis that are shown; `null` stands for those left out. */
function shownEntries(length: number, cut: boolean): readonly (number | null)[] {
  if (!cut || length <= 2 * EDGE) return Array.from({ length }, (_, i) => i);
  const edge = Array.from({ length: EDGE }, (_, i) => i);
  return [...edge, null, ...edge.map((i) => length - EDGE + i)];
}

/** Words joined to lines, of which all but the first start with `indent`. Room is left for the closing brackets. */
function row(words: readonly string[], indent: string): string {
  const width = LINE - (indent.length - 1) - 1;
  const lines: string[] = [];
  let line = indent;
  for (const word of words) {
    if (line.length + word.length > width && line.length > indent.length) {
      lines.push(line.trimEnd());
      line = indent;
    }
    line += `${word} `;
  }
  lines.push(line.slice(0, -1));
  return lines.join('\n').slice(indent.length);
}

function showScalar(dtype: DType, v: number): string {
  if (dtype === 'bool') return v === 0 ? 'False' : 'True';
  if (dtype === 'int32') return `${v}`;
  if (!Number.isFinite(v)) return notFinite(v);
  const size = Math.abs(v);
  const plain = size === 0 || (size >= 1e-4 && size < 1e16);
  const { whole, fraction, exponent } = plain ? positional(v, dtype, 17) : scientific(v, dtype, 17);
  return plain ? `${whole}.${fraction || '0'}` : `${whole}${fraction && `.${fraction}`}e${exponent}`;
}

/** How every element of an array prints: all as wide, floats with their points below each other. */
function elementFormat(dtype: DType, values: readonly number[]): (v: number) => string {
  if (dtype === 'bool') return (v) => (v === 0 ? 'False' : ' True');
  if (dtype === 'int32') {
    const width = Math.max(...values.map((v) => `${v}`.length));
    return (v) => `${v}`.padStart(width);
  }
  const finite = values.filter(Number.isFinite);
  const exponents = needsExponent(dtype, finite);
  const digits = exponents ? scientific : positional;
  const all = finite.map((v) => digits(v, dtype));
  const widest = (part: keyof Digits): number => all.reduce((width, p) => Math.max(width, p[part].length), 0);
  const decimals = widest('fraction');
  const exponentSize = widest('exponent');
  const after = 1 + decimals + (exponents ? 1 + exponentSize : 0);
  const before = Math.max(
    widest('whole'),
    ...values.filter((v) => !Number.isFinite(v)).map((v) => notFinite(v).length - after),
  );
  return (v) => {
    if (!Number.isFinite(v)) return notFinite(v).padStart(before + after);
    const { whole, fraction, exponent } = digits(v, dtype);
    if (!exponents) return `${whole.padStart(before)}.${fraction.padEnd(decimals)}`;
    // Padded with the digits that the float really has.
    const padded = fractionOf(significant(v, decimals + 1).split('e')[0]);
    return `${whole.padStart(before)}.${padded}e${exponent[0]}${exponent.slice(1).padStart(exponentSize - 1, '0')}`;
  };
}

const notFinite = (v: number): string => (Number.isNaN(v) ? 'nan' : v > 0 ? 'inf' : '-inf');

/** Whether the sizes of `values` differ too much, or are too large or too small, to read well without exponents. */
function needsExponent(dtype: DType, values: readonly number[]): boolean {
  const sizes = values.filter((v) => v !== 0).map((v) => Math.abs(dtype === 'float32' ? shortestFloat32(v) : v));
  if (sizes.length === 0) return false;
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  return most >= 1e8 || least < 1e-4 || most / least > 1000;
}

interface Digits {
  readonly whole: string;
  readonly fraction: string;
  /** With its sign, two digits at least; empty without one. */
  readonly exponent: string;
}

function positional(v: number, dtype: DType, decimals = DECIMALS): Digits {
  const short = shortest(v, dtype);
  const [mantissa, exponent] = short.toExponential().split('e');
  const own = Math.max(0, fractionOf(mantissa).length - Number(exponent));
  const text = own > decimals ? halfEven(v.toFixed(decimals), v.toFixed(decimals + MORE)) : short.toFixed(own);
  return { whole: wholeOf(v, text), fraction: fractionOf(text).replace(/0+$/, ''), exponent: '' };
}

function scientific(v: number, dtype: DType, decimals = DECIMALS): Digits {
  const short = shortest(v, dtype).toExponential();
  const own = fractionOf(short.split('e')[0]).length;
  const [mantissa, exponent] = (own > decimals ? significant(v, decimals + 1) : short).split('e');
  return {
    whole: wholeOf(v, mantissa),
    fraction: fractionOf(mantissa).replace(/0+$/, ''),
    exponent: `${exponent[0]}${exponent.slice(1).padStart(2, '0')}`,
  };
}

const shortest = (v: number, dtype: DType): number => (dtype === 'float32' ? shortestFloat32(v) : v);
const wholeOf = (v: number, text: string): string => (Object.is(v, -0) ? '-0' : text.split('.')[0]);
const fractionOf = (text: string): string => text.split('.')[1] ?? '';

/** Digits that tell a number in the middle between two decimals from one beside it. */
const MORE = 40;

/** `v` in scientific notation with that many digits. */
function significant(v: number, digits: number): string {
  const [near, exponent] = v.toExponential(digits - 1).split('e');
  const [exact] = v.toExponential(digits + MORE).split('e');
  return `${halfEven(near, exact)}e${exponent}`;
}

/** The decimal `near`, or where the number of which `exact` has more digits lies in the middle between two, the even one. */
function halfEven(near: string, exact: string): string {
  const below = exact.slice(0, near.length);
  const isMiddle = /^\.?50*$/.test(exact.slice(near.length));
  return isMiddle && Number(below.at(-1)) % 2 === 0 ? below : near;
}
