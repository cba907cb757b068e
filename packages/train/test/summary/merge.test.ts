import { reference } from '@tensorloom/backend-reference';
import { Graph, constant, nameScope, placeholder, resetDefaultGraph, withGraph } from '@tensorloom/graph';
import { Session } from '@tensorloom/runtime';
import { summary } from '@tensorloom/train';
import { beforeEach, describe, expect, test } from 'vitest';
import golden from '../../../testkit/golden/summaries.json' with { type: 'json' };
import { bytesOf, hex, tagsOf } from './support.js';

beforeEach(() => resetDefaultGraph());

describe('merge', () => {
  test('gives what TensorFlow gives', async () => {
    const a = summary.scalar('a', constant(1));
    const b = summary.histogram('b', constant([1, 2]));
    await using sess = new Session({ backend: reference() });
    expect(hex(await sess.run(summary.merge([b, a])))).toBe(hex(bytesOf(golden.merged)));
  });

  test('has TensorFlow’s names', () => {
    const a = summary.scalar('a', constant(1));
    const names = [
      summary.merge([a]),
      summary.merge([a]),
      summary.merge([a], { name: 'both' }),
      nameScope('s', () => summary.merge([a], { name: 'a b' })),
    ].map(({ name }) => name);
    expect(names).toEqual(['Merge/MergeSummary', 'Merge_1/MergeSummary', 'both/MergeSummary', 's/a_b/MergeSummary']);
  });

  test('merges what is merged, each part with the tensors it needs', async () => {
    const [x, y] = [placeholder('float32', []), placeholder('float32', [null])];
    const parts = [summary.text('t', 'no tensor'), summary.scalar('x', x), summary.histogram('y', y)];
    const inner = summary.merge(parts.slice(1));
    const merged = summary.merge([parts[0], inner, summary.scalar('x2', x)]);
    expect(merged.tags).toEqual(['t', 'x', 'y', 'x2']);
    await using sess = new Session({ backend: reference() });
    const feeds = [[x, 5] as const, [y, [1, 2]] as const];
    const { bytes, each } = await sess.run({ bytes: merged, each: parts }, feeds);
    expect(tagsOf(bytes)).toEqual(['t', 'x', 'y', 'x2']);
    expect(hex(bytes).startsWith(each.map(hex).join(''))).toBe(true);
  });

  test('refuses nothing, the same twice, and other graphs’', () => {
    const a = summary.scalar('a', constant(1));
    expect(() => summary.merge([])).toThrow(/^summary\.merge: expected summaries, got none\./);
    expect(() => summary.merge([a, summary.merge([a])])).toThrow(
      /^summary\.merge: the tag 'a' is there twice\. Merge a summary once, alone or in another\./,
    );
    const b = withGraph(new Graph(), () => summary.scalar('b', constant(1)));
    expect(() => summary.merge([a, b])).toThrow(/^summary\.merge: 'b' belongs to another graph than 'a'\./);
  });
});

describe('mergeAll', () => {
  test('merges what was made so far', () => {
    const x = constant(1);
    summary.scalar('a', x);
    nameScope('s', () => summary.histogram('b', x));
    summary.scalar('hidden', x, { collections: [] });
    summary.scalar('other', x, { collections: ['mine', 'mine'] });
    expect(summary.mergeAll().tags).toEqual(['a', 's/b']);
    expect(summary.mergeAll({ key: 'mine' }).tags).toEqual(['other']);
    expect(summary.mergeAll({ scope: 's/' }).tags).toEqual(['s/b']);
    expect(summary.mergeAll({ name: 'all' }).name).toBe('all/MergeSummary');
    summary.text('c', 'late');
    // What was merged is no summary of its own.
    expect(summary.mergeAll().tags).toEqual(['a', 's/b', 'c']);
    summary.merge([summary.scalar('d', x, { collections: [] })], { collections: ['summaries'] });
    expect(summary.mergeAll().tags).toEqual(['a', 's/b', 'c', 'd']);
  });

  test('knows the summaries of each graph', () => {
    const other = new Graph();
    withGraph(other, () => summary.scalar('b', constant(1)));
    expect(() => summary.mergeAll()).toThrow(
      /^summary\.mergeAll: the graph has no summaries in 'summaries'\. Make them first/,
    );
    expect(summary.mergeAll({ graph: other }).tags).toEqual(['b']);
    expect(() => summary.mergeAll({ graph: other, scope: 'c' })).toThrow("whose names begin with 'c'");
  });
});
