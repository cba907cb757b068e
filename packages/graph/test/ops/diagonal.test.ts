import { beforeEach, expect, test } from 'vitest';
import { diag, eye, placeholder, resetDefaultGraph } from '../../src/index.js';
import { messageFrom, specs, x } from '../support.js';

beforeEach(() => resetDefaultGraph());

test('eye has as many columns as rows unless told otherwise', () => {
  expect(specs(eye(3), eye(2, { numColumns: 5 }), eye(2, { dtype: 'bool' }), eye(placeholder('int32', [])))).toEqual([
    'float32[3,3]',
    'float32[2,5]',
    'bool[2,2]',
    'float32[?,?]',
  ]);
});

test('diag has the shape of its input twice over', () => {
  expect(specs(diag(x([3])), diag(x([2, 4])), diag(x([null], 'int32')))).toEqual([
    'float32[3,3]',
    'float32[2,4,2,4]',
    'int32[?,?]',
  ]);
  expect(messageFrom(() => diag(x()))).toMatch(/^Diag: the rank of 'x_\d:0' is unknown/);
});
