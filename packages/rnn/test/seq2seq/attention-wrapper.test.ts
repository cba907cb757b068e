import { reference } from '@tensorloom/backend-reference';
import {
  type Tensor,
  constant,
  gather,
  placeholder,
  resetDefaultGraph,
  transpose,
  variableScope,
  whileLoop,
} from '@tensorloom/graph';
import { layers } from '@tensorloom/nn';
import { GRUCell, seq2seq } from '@tensorloom/rnn';
import { Session } from '@tensorloom/runtime';
import { beforeEach, describe, expect, test } from 'vitest';
import golden from '../../../testkit/golden/attention.json' with { type: 'json' };
import { expectClose } from '../support.js';
import { type MechanismOf, expectMeans, setLinspace, tensorflowMeans } from './attention-support.js';

beforeEach(() => resetDefaultGraph());

const { AttentionWrapper, BahdanauAttention, LuongAttention } = seq2seq;

test('alignments of all steps are kept, in a loop over time', () => {
  const X = placeholder('float64', [3, 4, 2]);
  const memory = placeholder('float64', [null, null, 4]);
  const { memorySequenceLength } = golden;
  const cell = new AttentionWrapper(new GRUCell(3), new LuongAttention(3, memory, { memorySequenceLength }), {
    attentionLayerSize: 2,
    alignmentHistory: true,
  });
  const rows = transpose(X, [1, 0, 2]);
  const [, { alignmentHistory, time }] = variableScope('rnn', () =>
    whileLoop(
      (step: Tensor) => step.less(4),
      (step: Tensor, state: ReturnType<typeof cell.zeroState>) => {
        const [, next] = cell.call(gather(rows, step), state);
        return [step.add(1), next];
      },
      [constant(0, { dtype: 'int32' }), cell.zeroState(3, 'float64')],
    ),
  );
  const session = new Session({ backend: reference() });
  setLinspace(session);
  const feeds = [
    [X, golden.X],
    [memory, golden.memory],
  ] as const;
  const { history, steps } = session.runSync({ history: alignmentHistory.stack(), steps: time }, feeds);
  session.close();
  expectClose(history.toArray(), golden.decoders.LuongAttention.alignments, 1e-9);
  expect(steps.item()).toBe(4);
});

describe("TensorFlow v1.15's numbers for several mechanisms", () => {
  const bahdanau: MechanismOf = (memory, options) => new BahdanauAttention(9, memory, options);
  const luong: MechanismOf = (memory, options) => new LuongAttention(9, memory, options);
  const want = { outputs: 0.0011709079, c: -0.0038725811, h: -0.0019329828, attention: 0.001174294, alignments: 0.125 };

  test('testMultiAttention', () =>
    expectMeans(tensorflowMeans([bahdanau, luong], [45, 137], { attentionLayerSize: [3, 4] }), want));

  test('testMultiAttentionWithLayerInstances', () => {
    const attentionLayer = [3, 4].map((units) => new layers.Dense(units, { useBias: false }));
    expectMeans(tensorflowMeans([bahdanau, luong], [45, 137], { attentionLayer }), want);
  });

  test('testMultiAttentionNoAttentionLayer', () => {
    const means = { outputs: 0.11723966, c: -0.003545674, h: -0.0018327223, attention: 0.11728073, alignments: 0.125 };
    expectMeans(tensorflowMeans([bahdanau, luong], [45, 137], {}), means, 1e-3);
  });

  test('testSingleAttentionAsList', () => {
    const means = {
      outputs: -0.0098485695,
      c: -0.0040023471,
      h: -0.0019979973,
      attention: -0.0098808752,
      alignments: 0.125,
    };
    expectMeans(tensorflowMeans([bahdanau], [45], { attentionLayerSize: [3] }), means);
  });
});
