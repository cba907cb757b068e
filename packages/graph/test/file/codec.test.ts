import { expect, test } from 'vitest';
import { count, fields, flag, integer, listOfValues, nullable, outputCount, text } from '../../src/file/codec.js';
import { nothing } from './support.js';

interface Attributes {
  readonly axis: number;
  readonly names: readonly string[];
  readonly limit: number | null;
  readonly often?: boolean;
}
const attributes = fields<Attributes>(
  { axis: count, names: listOfValues(text), limit: nullable(integer), often: flag },
  ['often'],
);

test('properties come back in the order of their codecs; what may be left out may be', () => {
  const json = { limit: null, axis: 1, names: ['a'] };
  expect(JSON.stringify(attributes.read(json, nothing))).toBe('{"axis":1,"names":["a"],"limit":null}');
  const value = { axis: 0, names: [], limit: -2, often: true };
  expect(attributes.read(attributes.write(value, nothing), nothing)).toEqual(value);
});

test.each([
  [{ axis: 1, names: [] }, 'limit: expected an integer, got undefined'],
  [{ axis: -1, names: [], limit: null }, 'axis: expected an integer from 0, got -1'],
  [{ axis: 1e300, names: [], limit: null }, 'axis: expected an integer from 0, got 1e+300'],
  [{ axis: '1', names: [], limit: null }, "axis: expected an integer from 0, got '1'"],
  [{ axis: 1, names: ['a', 1], limit: null }, 'names: expected a string, got 1'],
  [{ axis: 1, names: { length: 1 }, limit: null }, 'names: expected an array, got an object of class Object'],
  [{ axis: 1, names: [], limit: null, often: 1 }, 'often: expected true or false, got 1'],
  [{ axis: 1, names: [], limit: null, more: 1 }, "expected axis, names, limit, often, got 'more'"],
  [[], 'expected an object, got an array'],
  [null, 'expected an object, got null'],
])('%j is refused', (json, message) => {
  expect(() => attributes.read(json, nothing)).toThrow(message);
});

test('what is no attribute is not written', () => {
  const stray = { axis: 1, names: [], limit: null, stray: 1 };
  expect(() => attributes.write(stray, nothing)).toThrow("got 'stray'");
});

test('a number of outputs is that of the outputs there are', () => {
  expect(outputCount.read(3, { ...nothing, outputs: 3 })).toBe(3);
  expect(() => outputCount.read(1e9, nothing)).toThrow('expected 1, as there are outputs, got 1000000000');
});
