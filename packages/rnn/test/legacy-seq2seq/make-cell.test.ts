import { resetDefaultGraph } from '@tensorloom/graph';
import { GRUCell, legacySeq2seq } from '@tensorloom/rnn';
import { beforeEach, expect, test } from 'vitest';

beforeEach(() => resetDefaultGraph());

test.each(['basicRnnSeq2seq', 'embeddingRnnSeq2seq', 'embeddingAttentionSeq2seq'] as const)(
  '%s wants a function that makes cells',
  (name) => {
    const call = (): unknown =>
      Reflect.apply(legacySeq2seq[name], undefined, [[[[1, 2]]], [[[1, 2]]], new GRUCell(2), 3, 3, 2]);
    expect(call).toThrow(
      new RegExp(`${name}: expected a function that makes a cell, as encoder and decoder need one each`),
    );
  },
);
