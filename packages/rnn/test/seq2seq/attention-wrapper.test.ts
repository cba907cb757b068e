import { reference } from '@tensorloom/backend-reference';
import {
  NDArray,
  type Structure,
  type Tensor,
  add,
  constant,
  gather,
  globalVariablesInitializer,
  ones,
  placeholder,
  resetDefaultGraph,
  reuseVariables,
  trainableVariables,
  transpose,
  variableScope,
  whileLoop,
} from '@tensorloom/graph';
import { layers } from '@tensorloom/nn';
import { type Cell, GRUCell, LSTMCell, TensorShape, dynamicRnn, flatState, seq2seq } from '@tensorloom/rnn';
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
  const want = {
    outputs: 0.0011709079,
    sampleId: 3.2,
    c: -0.0038725811,
    h: -0.0019329828,
    attention: 0.001174294,
    alignments: 0.125,
    history: 0.125,
  };

  test('testMultiAttention', () =>
    expectMeans(tensorflowMeans([bahdanau, luong], [45, 137], { attentionLayerSize: [3, 4] }), want));

  test('testMultiAttentionWithLayerInstances', () => {
    const attentionLayer = [3, 4].map((units) => new layers.Dense(units, { useBias: false }));
    expectMeans(tensorflowMeans([bahdanau, luong], [45, 137], { attentionLayer }), want);
  });

  test('testMultiAttentionNoAttentionLayer', () => {
    const means = {
      outputs: 0.11723966,
      c: -0.003545674,
      h: -0.0018327223,
      attention: 0.11728073,
      alignments: 0.125,
      history: 0.125,
    };
    expectMeans(tensorflowMeans([bahdanau, luong], [45, 137], {}), means, 1e-3);
  });

  test('testSingleAttentionAsList', () => {
    const means = {
      outputs: -0.0098485695,
      sampleId: 1.8,
      c: -0.0040023471,
      h: -0.0019979973,
      attention: -0.0098808752,
      alignments: 0.125,
      history: 0.125,
    };
    expectMeans(tensorflowMeans([bahdanau], [45], { attentionLayerSize: [3] }), means);
  });
});

const memoryOf = (batch: number | null, dtype: 'float32' | 'float64' = 'float32'): Tensor =>
  placeholder(dtype, [batch, 4, 3]);
const values = (session: Session, x: Structure): NDArray[] => session.runSync(flatState(x));

/** Uses a session in which variables have their initial values. */
function run<T>(use: (session: Session) => T): T {
  const session = new Session({ backend: reference() });
  session.runSync(globalVariablesInitializer());
  const result = use(session);
  session.close();
  return result;
}

describe('the state', () => {
  test('says its sizes, of one mechanism and of several', () => {
    const [luong, bahdanau] = [new LuongAttention(2, memoryOf(5)), new BahdanauAttention(7, memoryOf(5))];
    const one = new AttentionWrapper(new LSTMCell(2), luong, { alignmentHistory: true });
    const time = new TensorShape([]);
    expect(one.stateSize).toEqual({
      cellState: { c: 2, h: 2 },
      attention: 3,
      time,
      alignments: 4,
      alignmentHistory: 4,
      attentionState: 4,
    });
    const two = new AttentionWrapper(new GRUCell(2), [luong, bahdanau], { attentionLayerSize: [6, 1] });
    expect(two.stateSize).toEqual({
      cellState: 2,
      attention: 7,
      time,
      alignments: [4, 4],
      alignmentHistory: [],
      attentionState: [4, 4],
    });
    expect([one.outputSize, two.outputSize]).toEqual([3, 7]);
  });

  test('begins with zeros, known from a known batch', () => {
    const mechanisms = [new LuongAttention(2, memoryOf(5)), new seq2seq.LuongMonotonicAttention(2, memoryOf(5))];
    const cell = new AttentionWrapper(new LSTMCell(2), mechanisms, { alignmentHistory: true });
    const { alignmentHistory, alignments, attentionState, ...rest } = cell.zeroState(5, 'float32');
    expect(rest.cellState.c.shape).toEqual([5, 2]);
    expect(rest.attention.shape).toEqual([5, 6]);
    expect([rest.time.dtype, rest.time.shape]).toEqual(['int32', []]);
    expect(alignmentHistory.map(({ elementShape, dtype }) => [elementShape, dtype])).toEqual([
      [[5, 4], 'float32'],
      [[5, 4], 'float32'],
    ]);
    const [zeros, first] = run((session) => session.runSync([...alignments]).map((v) => v.toArray()));
    expect(zeros).toEqual(Array(5).fill([0, 0, 0, 0]));
    expect(first).toEqual(Array(5).fill([1, 0, 0, 0]));
    expect(attentionState.map(({ shape }) => shape)).toEqual([
      [5, 4],
      [5, 4],
    ]);
  });

  test("may begin with another state of the cell: an encoder's, as an option or in the state", () => {
    const mechanism = new LuongAttention(2, memoryOf(1));
    const encoded = { c: constant([[1, 2]]), h: constant([[3, 4]]) };
    const cell = new AttentionWrapper(new LSTMCell(2), mechanism, { initialCellState: encoded });
    const given = cell.zeroState(1, 'float32');
    const replaced = {
      ...variableScope('b', () => new AttentionWrapper(new LSTMCell(2), mechanism)).zeroState(1, 'float32'),
      cellState: encoded,
    };
    run((session) => {
      for (const state of [given, replaced]) {
        expect(values(session, state.cellState).map((v) => v.toArray())).toEqual([[[1, 2]], [[3, 4]]]);
      }
    });
    expect(() => new AttentionWrapper(new GRUCell(2), mechanism, { initialCellState: constant([[1, 2, 3]]) })).toThrow(
      /expected an initialCellState of the sizes of the cell's state, there \[\?,2\], got .*\[1,3\]/,
    );
    const wrong: Cell = new LSTMCell(2);
    expect(() => new AttentionWrapper(wrong, mechanism, { initialCellState: constant([[1, 2]]) })).toThrow(
      /expected an initialCellState of the structure of the cell's state, \{c: \*, h: \*\}, got \*/,
    );
    const twice = { c: constant(0, { shape: [2, 2] }), h: constant(0, { shape: [2, 2] }) };
    const tiled = new AttentionWrapper(new LSTMCell(2), mechanism, { initialCellState: twice });
    expect(() => tiled.zeroState(1, 'float32')).toThrow(
      /the memory and initialCellState must have one batch size\. .* Memory: 1, initialCellState: 2/,
    );
  });

  test('of rows that have ended stays, but for the time', () => {
    const memory = constant(0.5, { shape: [2, 4, 3] });
    const cell = new AttentionWrapper(new GRUCell(2), new LuongAttention(2, memory));
    const x = constant(0.1, { shape: [2, 3, 1] });
    const [, state] = dynamicRnn(cell, x, { dtype: 'float32', sequenceLength: [0, 2] });
    const got = run((session) => session.runSync(state));
    expect(got.time.item()).toBe(2);
    expect(got.attention.toArray()).toEqual([
      [0, 0, 0],
      [0.5, 0.5, 0.5],
    ]);
  });

  test('with a history is refused by drivers that carry tensors', () => {
    const options = { alignmentHistory: true } as const;
    const cell = new AttentionWrapper(new GRUCell(2), new LuongAttention(2, memoryOf(2)), options);
    const message =
      /state: expected a state of tensors, got one that holds a TensorArray, such as the alignmentHistory .* dynamicDecode/;
    // Types refuse it too.
    const driven: unknown = cell;
    const drive = (): unknown => dynamicRnn(driven as Cell, constant(0, { shape: [2, 3, 1] }), { dtype: 'float32' });
    expect(drive).toThrow(message);
  });
});

describe('a step', () => {
  const x = (shape: readonly number[]): Tensor => constant(0.5, { shape });

  test("gives the cell's output instead of attention, if asked", () => {
    const cell = new AttentionWrapper(new GRUCell(2), new LuongAttention(2, constant(1, { shape: [1, 4, 3] })), {
      outputAttention: false,
      attentionLayerSize: 5,
    });
    expect(cell.outputSize).toBe(2);
    const [output, next] = cell.call(x([1, 3]), cell.zeroState(1, 'float32'));
    expect(next.attention.shape).toEqual([1, 5]);
    run((session) => {
      const [given, state] = session.runSync([output, next.cellState]).map((v) => v.toArray());
      expect(given).toEqual(state);
    });
  });

  test('makes the input of the cell as it is told', () => {
    const cell = new AttentionWrapper(new GRUCell(2), new LuongAttention(2, constant(1, { shape: [1, 4, 3] })), {
      cellInputFn: (input, attention) => add(input, attention),
    });
    cell.call(x([1, 3]), cell.zeroState(1, 'float32'));
    expect(shapeOf('attention_wrapper/gru_cell/gates/kernel')).toEqual([5, 4]);
  });

  test('takes a function for all of attention (testCustomizedAttention)', () => {
    const memory = constant([
      [
        [1, 1],
        [2, 2],
        [3, 3],
      ],
      [
        [4, 4],
        [5, 5],
        [6, 6],
      ],
    ]);
    const mechanism = new BahdanauAttention(2, memory, { memorySequenceLength: [3, 2] });
    const cell = new AttentionWrapper(new LSTMCell(2), mechanism, {
      outputAttention: false,
      attentionFn: () => [ones([2, 2]), ones([2, 3]), ones([2, 3])],
      name: 'attention',
    });
    expect(cell.outputSize).toBe(2);
    const [outputs, state] = dynamicRnn(cell, ones([2, 3, 2]), {
      sequenceLength: [3, 2],
      initialState: cell.zeroState(2, 'float32'),
    });
    const got = run((session) => session.runSync({ outputs, state }));
    expect(got.outputs.shape).toEqual([2, 3, 2]);
    expect(got.state.attention.toArray()).toEqual(Array(2).fill([1, 1]));
    expect(got.state.alignments.toArray()).toEqual(Array(2).fill([1, 1, 1]));
    expect(got.state.attentionState.toArray()).toEqual(Array(2).fill([1, 1, 1]));
    expect(trainableVariables().map((v) => v.op)).toContain('rnn/attention/lstm_cell/kernel');
  });

  test('of a training decoder and of an inference decoder share variables in a scope that is reused', () => {
    const mechanisms = (): seq2seq.MemoryAttention[] => {
      const memory = constant(0, { shape: [2, 4, 3] });
      return [new BahdanauAttention(2, memory, { normalize: true }), new BahdanauAttention(2, memory)];
    };
    const build = (): Tensor => {
      const cell = new AttentionWrapper(new GRUCell(2), mechanisms(), { attentionLayerSize: [1, 2] });
      return dynamicRnn(cell, x([2, 3, 1]), { dtype: 'float32' })[0];
    };
    const first = variableScope('decoder', build);
    const names = trainableVariables().map((v) => v.op);
    const second = variableScope('decoder', { reuse: true }, build);
    expect(trainableVariables().map((v) => v.op)).toEqual(names);
    const [a, b] = run((session) => session.runSync([first, second]).map((v) => v.toArray()));
    expect(a).toEqual(b);
  });

  test('of one cell shares its variables, wherever it is called', () => {
    const memory = constant(0.5, { shape: [2, 4, 3] });
    const mechanisms = [
      new BahdanauAttention(2, memory, { normalize: true }),
      new seq2seq.LuongMonotonicAttention(2, memory, { scale: true }),
    ];
    const cell = new AttentionWrapper(new GRUCell(2), mechanisms, { attentionLayerSize: [1, 2] });
    const [first] = dynamicRnn(cell, x([2, 3, 1]), { dtype: 'float32' });
    const names = trainableVariables().map((v) => v.op);
    const [second] = dynamicRnn(cell, x([2, 3, 1]), { dtype: 'float32', scope: 'again' });
    expect(trainableVariables().map((v) => v.op)).toEqual(names);
    const [a, b] = run((session) => session.runSync([first, second]).map((v) => v.toArray()));
    expect(a).toEqual(b);
  });

  test('of several histories', () => {
    const memory = constant(0, { shape: [2, 4, 3] });
    const mechanisms = [new LuongAttention(2, memory), new LuongAttention(2, memory, { memorySequenceLength: [1, 2] })];
    const cell = new AttentionWrapper(new GRUCell(2), mechanisms, { alignmentHistory: true });
    let state = cell.zeroState(2, 'float32');
    for (const [step, input] of [1, 2].map((v) => constant(v, { shape: [2, 1] })).entries()) {
      state = step === 0 ? cell.call(input, state)[1] : reuseVariables(() => cell.call(input, state)[1]);
    }
    const histories = state.alignmentHistory.map((array) => array.stack());
    const [all, masked] = run((session) => session.runSync(histories).map((v) => v.toArray()));
    expect(all).toEqual(Array(2).fill(Array(2).fill(Array(4).fill(0.25))));
    expect(masked).toEqual(
      Array(2).fill([
        [1, 0, 0, 0],
        [0.5, 0.5, 0, 0],
      ]),
    );
  });
});

describe('errors', () => {
  const luong = (): seq2seq.MemoryAttention => new LuongAttention(2, memoryOf(2));

  test('of options', () => {
    const attentionLayer = new layers.Dense(3);
    const make = (mechanism: seq2seq.AttentionMechanisms, options: seq2seq.AttentionWrapperOptions) => (): unknown =>
      new AttentionWrapper<Structure, seq2seq.AttentionMechanisms, boolean>(new GRUCell(2), mechanism, options);
    expect(make(luong(), { attentionLayer, attentionLayerSize: 3 })).toThrow(
      /got both attentionLayer and attentionLayerSize/,
    );
    expect(make([luong(), luong()], { attentionLayerSize: 3 })).toThrow(
      /expected one attentionLayerSize for each of 2 mechanisms, got 1/,
    );
    expect(make([luong()], { attentionLayer: [attentionLayer, attentionLayer] })).toThrow(
      /expected one attentionLayer for each of 1 mechanisms, got 2/,
    );
    expect(make(luong(), { attentionLayerSize: 0 })).toThrow(/expected a positive number of attention units, got 0/);
    expect(make([], {})).toThrow(/expected at least one mechanism, got none/);
  });

  test('of batches that are known to differ', () => {
    const cell = new AttentionWrapper(new GRUCell(2), luong());
    expect(() => cell.zeroState(6, 'float32')).toThrow(
      /the memory and the state must have one batch size\. .* tile the memory and its lengths by tileBatch, .* Memory: 2, the state: 6/,
    );
    const wide = new AttentionWrapper(new GRUCell(2), new LuongAttention(2, memoryOf(6)));
    expect(() => cell.call(constant(0, { shape: [6, 1] }), wide.zeroState(6, 'float32'))).toThrow(
      /the memory and the query must have one batch size/,
    );
  });

  test('of batches that differ in a run', () => {
    const [memory, X] = [memoryOf(null), placeholder('float32', [null, 3, 1])];
    const cell = new AttentionWrapper(new GRUCell(2), new LuongAttention(2, memory));
    const [outputs] = dynamicRnn(cell, X, { dtype: 'float32' });
    const feeds = [
      [memory, new NDArray('float32', [2, 4, 3], new Float32Array(24))],
      [X, new NDArray('float32', [4, 3, 1], new Float32Array(12))],
    ] as const;
    run((session) => expect(() => session.runSync(outputs, feeds)).toThrow(/must have one batch size/));
  });

  test('of a state that is no state of the wrapper', () => {
    const cell = new AttentionWrapper(new LSTMCell(2), luong());
    const state: unknown = new LSTMCell(2).zeroState(2, 'float32');
    const step = (): unknown => cell.call(constant(0, { shape: [2, 1] }), state as ReturnType<typeof cell.zeroState>);
    expect(step).toThrow(
      /expected an AttentionWrapperState, got a state without cellState, attention, time, .* Start from zeroState\(\)/,
    );
  });
});

const shapeOf = (name: string): readonly number[] | undefined => trainableVariables().find((v) => v.op === name)?.shape;
