import { reference } from '@tensorloom/backend-reference';
import { createCpu } from '@tensorloom/backend-cpu';
import {
  NDArray,
  type Tensor,
  constant,
  gather,
  globalVariablesInitializer,
  placeholder,
  randomNormalInitializer,
  resetDefaultGraph,
  setRandomSeed,
  slice,
  trainableVariables,
  transpose,
  variableScope,
  whileLoop,
} from '@tensorloom/graph';
import { GRUCell, LSTMCell, dynamicRnn, seq2seq } from '@tensorloom/rnn';
import { Session } from '@tensorloom/runtime';
import { beforeEach, describe, expect, test } from 'vitest';
import golden from '../../../testkit/golden/attention.json' with { type: 'json' };
import { expectClose } from '../support.js';

beforeEach(() => resetDefaultGraph());

const { AttentionWrapper, LuongAttention } = seq2seq;
type Attention = seq2seq.MemoryAttention;
type Lengths = { readonly memorySequenceLength?: readonly number[] };

const mechanisms: Record<string, (memory: Tensor, options: Lengths) => Attention> = {
  LuongAttention: (memory, options) => new LuongAttention(3, memory, options),
  'LuongAttention scale': (memory, options) => new LuongAttention(3, memory, { ...options, scale: true }),
};

/** Sets variables to linspace from -0.5 to 0.5, scalars to 0.5, as the script of the golden file does. */
function setLinspace(session: Session): void {
  session.runSync(globalVariablesInitializer());
  for (const v of trainableVariables()) {
    const size = v.shape.reduce((a, b) => a * b, 1);
    const data = Float64Array.from({ length: size }, (_, i) => (size === 1 ? 0.5 : i / (size - 1) - 0.5));
    const value = placeholder('float64', v.shape);
    session.runSync(v.assign(value), [[value, new NDArray('float64', v.shape, data)]]);
  }
}

const shapesOf = (): Record<string, readonly number[]> =>
  Object.fromEntries(trainableVariables().map((v) => [v.op, [...v.shape]]));

const X = (): Tensor => placeholder('float64', [3, 4, 2], { name: 'X' });
const memory = (): Tensor => placeholder('float64', [null, null, 4], { name: 'memory' });

describe.each(Object.keys(golden.decoders).filter((name) => name in mechanisms))('%s', (name) => {
  const expected = golden.decoders[name as keyof typeof golden.decoders];
  const { memorySequenceLength } = golden;

  test.each(Object.entries({ reference: reference(), cpu: createCpu() }))(
    'steps as the definition says, on %s',
    (_, backend) => {
      const [x, m] = [X(), memory()];
      const cell = new AttentionWrapper(new GRUCell(3), mechanisms[name](m, { memorySequenceLength }), {
        attentionLayerSize: 2,
      });
      const [outputs, state] = dynamicRnn(cell, x, { dtype: 'float64' });
      expect(shapesOf()).toEqual(expected.variables);
      const session = new Session({ backend });
      setLinspace(session);
      const feeds = [
        [x, golden.X],
        [m, golden.memory],
      ] as const;
      const { cellState, alignments, time } = state;
      const got = session.runSync({ outputs, cellState, alignments, time }, feeds);
      expectClose(got.outputs.toArray(), expected.outputs, 1e-9);
      expectClose(got.cellState.toArray(), expected.state, 1e-9);
      expectClose(got.alignments.toArray(), expected.alignments[3], 1e-9);
      expect(got.time.item()).toBe(4);
      session.close();
    },
  );
});

test('alignments of all steps are kept, in a loop over time', () => {
  const [x, m] = [X(), memory()];
  const { memorySequenceLength } = golden;
  const cell = new AttentionWrapper(new GRUCell(3), new LuongAttention(3, m, { memorySequenceLength }), {
    attentionLayerSize: 2,
    alignmentHistory: true,
  });
  const rows = transpose(x, [1, 0, 2]);
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
    [x, golden.X],
    [m, golden.memory],
  ] as const;
  const { history, steps } = session.runSync({ history: alignmentHistory.stack(), steps: time }, feeds);
  expectClose(history.toArray(), golden.decoders.LuongAttention.alignments, 1e-9);
  expect(steps.item()).toBe(4);
  session.close();
});

describe("TensorFlow v1.15's own numbers, means over a decoder of three steps", () => {
  // attention_wrapper_test.py compares to 1e-3: kernels of memory layers are drawn with seeds that depend on the graph.
  const cases: Record<
    string,
    [(m: Tensor, o: Lengths) => Attention, Record<'outputs' | 'c' | 'h' | 'attention' | 'alignments', number>]
  > = {
    testLuongNotNormalized: [
      (m, o) => new LuongAttention(9, m, o),
      { outputs: -0.0052615386, c: -0.004009536, h: -0.0020016613, attention: -0.0051812846, alignments: 0.125 },
    ],
    testLuongScaled: [
      (m, o) => new LuongAttention(9, m, { ...o, scale: true }),
      { outputs: -0.0052615386, c: -0.004009536, h: -0.0020016613, attention: -0.0051812846, alignments: 0.125 },
    ],
  };

  test.each(Object.entries(cases))('%s', (_, [make, expected]) => {
    setRandomSeed(87654321);
    const inputs = slice(constant(golden.tensorflow.decoderInputs, { dtype: 'float32' }), [0, 0, 0], [5, 3, 7]);
    const mechanism = make(constant(golden.tensorflow.encoderOutputs, { dtype: 'float32' }), {
      memorySequenceLength: [3, 2, 3, 1, 1],
    });
    const [outputs, state] = variableScope(
      'root',
      { initializer: randomNormalInitializer({ stddev: 0.01, seed: 3 }) },
      () =>
        dynamicRnn(new AttentionWrapper(new LSTMCell(9), mechanism, { attentionLayerSize: 6 }), inputs, {
          dtype: 'float32',
        }),
    );
    const session = new Session({ backend: reference() });
    session.runSync(globalVariablesInitializer());
    const { cellState, attention, alignments } = state;
    const got = session.runSync({ outputs, ...cellState, attention, alignments });
    session.close();
    for (const [what, mean] of Object.entries(expected)) {
      const values = Array.from(got[what as keyof typeof expected].data, Number);
      expectClose(values.reduce((a, b) => a + b, 0) / values.length, mean, 1e-4);
    }
  });
});
