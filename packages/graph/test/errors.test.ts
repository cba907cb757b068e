import { expect, test } from 'vitest';
import { GraphError, describe as describeValue, explain, messageOf } from '../src/errors.js';

test('explain adds the node and the line that made it, where there is one', () => {
  expect(explain('Op: wrong.', "'a' = Op()", { line: '/app/main.js:3:4' })).toBe(
    "Op: wrong.\n  node:    'a' = Op()\n  made at: /app/main.js:3:4",
  );
  expect(explain('Op: wrong.', "'a' = Op()", { line: undefined })).toBe("Op: wrong.\n  node:    'a' = Op()");
});

test('a GraphError says so', () => {
  const error = new GraphError('wrong', { cause: 1 });
  expect(error).toBeInstanceOf(Error);
  expect([String(error), error.cause]).toEqual(['GraphError: wrong', 1]);
});

test('messageOf takes whatever was thrown', () => {
  expect([new TypeError('a'), 'b', undefined].map(messageOf)).toEqual(['a', 'b', 'undefined']);
});

test('describe says what a value is', () => {
  const bare: unknown = Object.create(null);
  expect([null, undefined, 1, 'a', () => 0, [], {}, new Map(), bare].map(describeValue)).toEqual([
    'null',
    'undefined',
    'a number',
    'a string',
    'a function',
    'an array',
    'an object of class Object',
    'an object of class Map',
    'an object of no class',
  ]);
});
