import { type DType, type TypedArray, allocate, bytesPerElement, isDType } from '../dtype.js';
import { type Dim, type Shape, sizeOf, isKnown } from '../shape.js';
import { type ListSpec, type Spec, listSpec, tensorSpec } from '../spec.js';
import { fromBase64, toBase64 } from './base64.js';
import {
  type Codec,
  type Json,
  count,
  fields,
  items,
  listOfValues,
  nullable,
  properties,
  text,
  unexpected,
} from './codec.js';

/** A dtype's name. */
export const dtype: Codec<DType> = {
  write: (value) => value,
  read: (json) => (isDType(json) ? json : unexpected('a dtype', json)),
};

const dims: Codec<readonly Dim[]> = listOfValues(nullable(count));

/** A shape: its dimensions, `null` for unknown ones; an unknown rank is `'?'`. */
export const shape: Codec<Shape> = {
  write: (value, refer) => (value === undefined ? '?' : dims.write(value, refer)),
  read: (json, meant) => (json === '?' ? undefined : dims.read(json, meant)),
};

/** The type of a list. */
export const list: Codec<ListSpec> = {
  write: (s, refer) => ({ list: s.depth, dtype: s.dtype, shape: shape.write(s.elementShape, refer) }),
  read(json, meant) {
    const given = properties(json, ['list', 'dtype', 'shape']);
    const depth = count.read(given.get('list'), meant);
    if (depth < 1 || depth > DEEPEST_LIST) return unexpected(`a depth of lists from 1 to ${DEEPEST_LIST}`, depth);
    return listSpec(dtype.read(given.get('dtype'), meant), shape.read(given.get('shape'), meant), depth);
  },
};

/** Lists are as deep as loops that save are nested. */
const DEEPEST_LIST = 64;

/** The type of a tensor or a list. */
export const spec: Codec<Spec> = {
  write: (s, refer) =>
    s.kind === 'list' ? list.write(s, refer) : { dtype: s.dtype, shape: shape.write(s.shape, refer) },
  read(json, meant) {
    const given = properties(json, ['list', 'dtype', 'shape']);
    if (given.has('list')) return list.read(json, meant);
    return tensorSpec(dtype.read(given.get('dtype'), meant), shape.read(given.get('shape'), meant));
  },
};

/** A constant: its type, and its elements as the bytes they have in memory. */
export const constant: Codec<{ readonly spec: Spec; readonly data: TypedArray }> = {
  write: ({ spec: s, data }, refer) => ({
    spec: spec.write(s, refer),
    data: toBase64(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
  }),
  read(json, meant) {
    const given = fields({ spec, data: text }).read(json, meant);
    const { spec: s } = given;
    if (s.kind === 'list' || !isKnown(s.shape)) return unexpected('a tensor of known shape', given.data);
    const bytes = fromBase64(given.data);
    const size = sizeOf(s.shape);
    if (bytes.length !== size * bytesPerElement(s.dtype))
      return unexpected(`the bytes of ${size} elements of ${s.dtype}`, bytes.length);
    const data = allocate(s.dtype, size);
    new Uint8Array(data.buffer).set(bytes);
    return { spec: s, data };
  },
};

const DEEPEST_DATA = 32;

/** The attributes of ops of one's own: plain data, numbers that JSON cannot say included. */
export const plainData: Codec<unknown> = {
  write: (value) => writePlain(value, DEEPEST_DATA),
  read: (json) => readPlain(json, DEEPEST_DATA),
};

function writePlain(value: unknown, depth: number): Json {
  if (depth === 0) return unexpected(`attributes nested at most ${DEEPEST_DATA} deep`, value);
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number')
    return Number.isFinite(value) && !Object.is(value, -0)
      ? value
      : { number: Object.is(value, -0) ? '-0' : String(value) };
  if (Array.isArray(value)) return value.map((v) => writePlain(v, depth - 1));
  if (typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype)
    return unexpected('attributes of plain data: numbers, strings, booleans, null, arrays, objects', value);
  const given = Object.entries(value).filter(([, v]) => v !== undefined);
  return { object: Object.fromEntries(given.map(([key, v]) => [key, writePlain(v, depth - 1)])) };
}

const NUMBERS = new Map([
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
  ['-0', -0],
]);

function readPlain(json: unknown, depth: number): unknown {
  if (depth === 0) return unexpected(`attributes nested at most ${DEEPEST_DATA} deep`, json);
  if (json === null || ['boolean', 'string', 'number'].includes(typeof json)) return json;
  if (Array.isArray(json)) return items(json).map((x) => readPlain(x, depth - 1));
  const given = properties(json, ['number', 'object']);
  // Attributes that were left out.
  if (given.size === 0) return {};
  if (!given.has('object'))
    return NUMBERS.get(String(given.get('number'))) ?? unexpected('a number', given.get('number'));
  const object = given.get('object');
  if (typeof object !== 'object' || object === null || Array.isArray(object)) return unexpected('an object', object);
  return Object.fromEntries(Object.entries(object).map(([key, v]) => [key, readPlain(v, depth - 1)]));
}
