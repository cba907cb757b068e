import { createCpu } from '@tensorloom/backend-cpu';
import { reference } from '@tensorloom/backend-reference';
import {
  NDArray,
  type Tensor,
  constant,
  glorotUniformInitializer,
  globalVariablesInitializer,
  oneHot,
  placeholder,
  randomNormal,
  randomNormalInitializer,
  setRandomSeed,
  trainableVariables,
  variableScope,
  zeros,
} from '@tensorloom/graph';
import { GRUCell, LSTMCell, dynamicRnn, flatState, seq2seq } from '@tensorloom/rnn';
import { Session } from '@tensorloom/runtime';
import { checkGradients, ndarrays } from '@tensorloom/testkit';
import fc from 'fast-check';
import { expect } from 'vitest';
import golden from '../../../testkit/golden/attention.json' with { type: 'json' };
import { expectClose } from '../support.js';

/** Makes a mechanism over a memory. */
export type MechanismOf = (
  memory: Tensor,
  options: { readonly memorySequenceLength?: readonly number[] },
) => seq2seq.MemoryAttention;

/** Sets variables to linspace from -0.5 to 0.5, scalars to 0.5, as the script of the golden file does. */
export function setLinspace(session: Session): void {
  session.runSync(globalVariablesInitializer());
  for (const v of trainableVariables()) {
    const size = v.shape.reduce((a, b) => a * b, 1);
    const data = Float64Array.from({ length: size }, (_, i) => (size === 1 ? 0.5 : i / (size - 1) - 0.5));
    const value = placeholder('float64', v.shape);
    session.runSync(v.assign(value), [[value, new NDArray('float64', v.shape, data)]]);
  }
}

/** What the golden file says of a decoder. */
export interface Decoder {
  readonly variables: object;
  readonly outputs: unknown;
  readonly state: unknown;
  readonly alignments: readonly unknown[];
}

/** Expects that a GRU which attends makes the variables and takes the steps that the golden file says, on two backends, batch and times unknown. */
export function expectDecoder(
  expected: Decoder,
  make: MechanismOf,
  {
    lengths = true,
    attentionLayerSize = 2,
  }: { readonly lengths?: boolean; readonly attentionLayerSize?: number | null } = {},
): void {
  const X = placeholder('float64', [null, null, 2]);
  const memory = placeholder('float64', [null, null, 4]);
  const mechanism = make(memory, lengths ? { memorySequenceLength: golden.memorySequenceLength } : {});
  const cell = new seq2seq.AttentionWrapper(new GRUCell(3), mechanism, { attentionLayerSize });
  const [outputs, { cellState, alignments, attention, time }] = dynamicRnn(cell, X, { dtype: 'float64' });
  expect(Object.fromEntries(trainableVariables().map((v) => [v.op, [...v.shape]]))).toEqual(expected.variables);
  expect(trainableVariables().map((v) => v.op)).toEqual(Object.keys(expected.variables));
  for (const backend of [reference(), createCpu()]) {
    const session = new Session({ backend });
    setLinspace(session);
    const feeds = [
      [X, golden.X],
      [memory, golden.memory],
    ] as const;
    const got = session.runSync({ outputs, cellState, alignments, attention, time }, feeds);
    session.close();
    expectClose(got.outputs.toArray(), expected.outputs, 1e-9);
    expectClose(got.cellState.toArray(), expected.state, 1e-9);
    expectClose(got.alignments.toArray(), expected.alignments[3], 1e-9);
    expect(got.time.item()).toBe(4);
  }
}

/**
 * Gradients through time of outputs and states, with respect to inputs, memory and variables, are those of finite differences; both have
 * random lengths.
 */
export function checkAttentionGradients(make: MechanismOf): void {
  const lengths = (most: number): fc.Arbitrary<number[]> =>
    fc.array(fc.integer({ min: 1, max: most }), { minLength: 2, maxLength: 2 });
  fc.assert(
    fc.property(
      ndarrays('float64', [2, 2, 2], { min: -1, max: 1 }),
      ndarrays('float64', [2, 3, 2], { min: -1, max: 1 }),
      fc.option(lengths(3)),
      fc.option(lengths(2)),
      fc.nat(1000),
      (x, m, memorySequenceLength, sequenceLength, seed) => {
        checkGradients({
          inputs: [x, m],
          seed,
          build: ([inputs, memory]) => {
            const mechanism = make(memory, memorySequenceLength === null ? {} : { memorySequenceLength });
            const cell = new seq2seq.AttentionWrapper(new GRUCell(2), mechanism, { attentionLayerSize: 2 });
            const [outputs, state] = dynamicRnn(cell, inputs, {
              dtype: 'float64',
              ...(sequenceLength !== null && { sequenceLength }),
            });
            return [outputs, ...flatState(state).filter(({ dtype }) => dtype === 'float64')];
          },
        });
      },
    ),
    { numRuns: 5 },
  );
}

/** Means over what a decoder puts out, and over its last state. */
export interface Means {
  readonly outputs: number;
  readonly sampleId: number;
  readonly c: number;
  readonly h: number;
  readonly attention: number;
  readonly alignments: number;
  readonly history: number;
}

/**
 * The means that TensorFlow v1.15's attention_wrapper_test.py states: an LSTM of 9 units decodes that test's inputs, with its seeds and
 * initializer, for as many steps as the longest of five rows has. The kernels of memory layers have the graph's sizes as op seeds, which
 * are not written there: 45, and 137 for a second mechanism, give all digits of most of its numbers, and 38 those of others, which come
 * from another version of TensorFlow. A few that no seed fits are left out.
 */
export function tensorflowMeans(
  makers: readonly MechanismOf[],
  seeds: readonly number[],
  options: Pick<seq2seq.AttentionWrapperOptions, 'attentionLayerSize' | 'attentionLayer'>,
): Means {
  setRandomSeed(87654321);
  const inputs = constant(golden.tensorflow.decoderInputs, { dtype: 'float32' });
  const memory = constant(golden.tensorflow.encoderOutputs, { dtype: 'float32' });
  const mechanisms = makers.map((make, i) =>
    variableScope(`memory_${i}`, { initializer: glorotUniformInitializer({ seed: seeds[i] }) }, () =>
      make(memory, { memorySequenceLength: [3, 2, 3, 1, 1] }),
    ),
  );
  const initializer = randomNormalInitializer({ stddev: 0.01, seed: 3 });
  const [outputs, state] = variableScope('root', { initializer }, () => {
    const cell = new seq2seq.AttentionWrapper(new LSTMCell(9), mechanisms, { ...options, alignmentHistory: true });
    const helper = new seq2seq.TrainingHelper(inputs, [2, 0, 1, 2, 3]);
    return seq2seq.dynamicDecode(new seq2seq.BasicDecoder(cell, helper, cell.zeroState(5, 'float32')));
  });
  const session = new Session({ backend: reference() });
  session.runSync(globalVariablesInitializer());
  const { cellState, attention, alignments, alignmentHistory } = state;
  const got = session.runSync({
    ...outputs,
    ...cellState,
    attention,
    alignments: alignments[0],
    history: alignmentHistory[0].stack(),
  });
  session.close();
  const mean = ({ data }: NDArray): number => Array.from(data, Number).reduce((a, b) => a + b, 0) / data.length;
  const { rnnOutput, sampleId, c, h } = got;
  return {
    outputs: mean(rnnOutput),
    sampleId: mean(sampleId),
    c: mean(c),
    h: mean(h),
    attention: mean(got.attention),
    alignments: mean(got.alignments),
    history: mean(got.history),
  };
}

/** Expects the means that are stated to agree to `tolerance`. */
export function expectMeans(got: Means, want: Partial<Means>, tolerance = 1e-8): void {
  const stated = Object.keys(want) as (keyof Means)[];
  expectClose(
    stated.map((what) => got[what]),
    stated.map((what) => want[what]),
    tolerance,
  );
}

/** Expects alignments of one place or none, as TensorFlow v1.15's tests of hard attention do: queries and memory at random, attention before at the first place. */
export function expectHard(make: MechanismOf): void {
  setRandomSeed(1);
  const attention = make(randomNormal([10, 20, 30]), {});
  const [alignments] = attention.call(randomNormal([10, 40]), oneHot(zeros([10], { dtype: 'int32' }), 20));
  const session = new Session({ backend: reference() });
  session.runSync(globalVariablesInitializer());
  const values = Array.from(session.runSync(alignments).data, Number);
  session.close();
  const sums = Array.from({ length: 10 }, (_, row) => values.slice(20 * row, 20 * row + 20).reduce((a, b) => a + b, 0));
  expect(values.filter((v) => v !== 0 && v !== 1)).toEqual([]);
  expect(sums.filter((v) => v !== 0 && v !== 1)).toEqual([]);
  expect(sums).toContain(1);
}
