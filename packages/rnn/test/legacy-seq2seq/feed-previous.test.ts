import { constant, placeholder, resetDefaultGraph } from '@tensorloom/graph';
import { beforeEach, expect, test } from 'vitest';
import { decodeAs } from '../../src/legacy-seq2seq/feed-previous.js';
import { run } from '../seq2seq/support.js';

beforeEach(() => resetDefaultGraph());

test('a boolean decodes once; a tensor lets a run choose, without updates', () => {
  const calls: [boolean, boolean][] = [];
  const decode = (previous: boolean, update: boolean) => {
    calls.push([previous, update]);
    return [[constant(previous ? 1 : 2)], { c: constant(3), h: constant(previous ? 4 : 5) }] as [
      ReturnType<typeof constant>[],
      { c: ReturnType<typeof constant>; h: ReturnType<typeof constant> },
    ];
  };
  decodeAs('test', true, decode);
  expect(calls).toEqual([[true, true]]);
  const choice = placeholder('bool', []);
  const [[output], { c, h }] = decodeAs('test', choice, decode);
  expect(calls.slice(1)).toEqual([
    [true, false],
    [false, false],
  ]);
  expect(run([output, c, h], [[choice, true]]).map((t) => t.item())).toEqual([1, 3, 4]);
  expect(run([output, c, h], [[choice, false]]).map((t) => t.item())).toEqual([2, 3, 5]);
});
