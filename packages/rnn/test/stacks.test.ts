import { gradients } from '@tensorloom/autodiff';
import { reference } from '@tensorloom/backend-reference';
import {
  NDArray,
  type Structure,
  type Tensor,
  TensorArray,
  add,
  constant,
  dimOf,
  gather,
  globalVariablesInitializer,
  minimum,
  pad,
  placeholder,
  reduceSum,
  resetDefaultGraph,
  setRandomSeed,
  sigmoid,
  stack,
  sub,
  trainableVariables,
  transpose,
  unstack,
} from '@tensorloom/graph';
import {
  AttentionCellWrapper,
  BasicLSTMCell,
  BasicRNNCell,
  CFNCell,
  type Cell,
  CoupledInputForgetGateLSTMCell,
  DeviceWrapper,
  DropoutWrapper,
  GRUCell,
  HighwayWrapper,
  IndyLSTMCell,
  InputProjectionWrapper,
  LSTMCell,
  MultiRNNCell,
  OutputProjectionWrapper,
  ResidualWrapper,
  UGRNNCell,
  dynamicRnn,
  flatState,
  rawRnn,
  seq2seq,
  staticRnn,
} from '@tensorloom/rnn';
import { Session } from '@tensorloom/runtime';
import { checkGradients, ndarrays } from '@tensorloom/testkit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expectClose } from './support.js';

const leaves = {
  rnn: (n: number): Cell => new BasicRNNCell(n),
  lstm: (n: number): Cell => new BasicLSTMCell(n),
  gru: (n: number): Cell => new GRUCell(n),
  peepholes: (n: number): Cell => new LSTMCell(n, { usePeepholes: true }),
  projection: (n: number): Cell => new LSTMCell(3, { numProj: n, forgetBias: 0.5 }),
  cfn: (n: number): Cell => new CFNCell(n),
  indy: (n: number): Cell => new IndyLSTMCell(n),
  ugrnn: (n: number): Cell => new UGRNNCell(n),
  coupled: (n: number): Cell => new CoupledInputForgetGateLSTMCell(n),
};
/** A wrapped cell that reads inputs of `depth` numbers. */
const wrappers = {
  dropout: (cell: Cell): Cell => new DropoutWrapper(cell, { inputKeepProb: 1, outputKeepProb: 1 }),
  device: (cell: Cell): Cell => new DeviceWrapper(cell, '/cpu:0'),
  output: (cell: Cell, n: number): Cell => new OutputProjectionWrapper(cell, n, { activation: sigmoid }),
  residual: (cell: Cell): Cell =>
    new ResidualWrapper(cell, { residualFn: (x, y) => y.add(reduceSum(x, 1, { keepdims: true })) }),
  highway: (cell: Cell, _n: number, depth: number): Cell =>
    new HighwayWrapper(new OutputProjectionWrapper(cell, depth)),
  attention: (cell: Cell, n: number): Cell => new AttentionCellWrapper(cell, n),
};
/** What a cell attends to, of two rows. */
const memory = (): Tensor =>
  constant(
    [
      [[0.3], [-0.8], [0.5]],
      [[1], [0.2], [-0.4]],
    ],
    { dtype: 'float64' },
  );
type Leaf = keyof typeof leaves;
type Wrapper = keyof typeof wrappers;

/** A description of a cell: fresh cells are made of it for each graph. */
type Description =
  | { readonly kind: Leaf; readonly units: number }
  | { readonly kind: Wrapper | 'input' | 'attend'; readonly units: number; readonly of: Description }
  | { readonly kind: 'multi'; readonly layers: readonly Description[] };

const units = fc.integer({ min: 1, max: 2 });
const leafNames = Object.keys(leaves) as Leaf[];
const wrapperNames: (Wrapper | 'input')[] = [...(Object.keys(wrappers) as Wrapper[]), 'input'];
const { cell, attending } = fc.letrec<{
  leaf: Description;
  wrapper: Description;
  multi: Description;
  cell: Description;
  attending: Description;
}>((tie) => ({
  leaf: fc.record({ kind: fc.constantFrom(...leafNames), units }),
  wrapper: fc.record({ kind: fc.constantFrom(...wrapperNames), units, of: tie('cell') }),
  multi: fc.record({
    kind: fc.constant('multi' as const),
    layers: fc.array(tie('cell'), { minLength: 1, maxLength: 2 }),
  }),
  cell: fc.oneof({ maxDepth: 2, depthIdentifier: 'cell' }, tie('leaf'), tie('wrapper'), tie('multi')),
  // On the outside: its state has an int32 scalar, which cells that read the states of others, as AttentionCellWrapper does, cannot join.
  attending: fc.record({ kind: fc.constant('attend' as const), units, of: tie('cell') }),
}));
const descriptions = fc.oneof({ arbitrary: cell, weight: 2 }, attending);

/** A cell for inputs of `depth` numbers. */
function build(d: Description, depth: number): Cell {
  if (d.kind === 'multi') {
    const cells: Cell[] = [];
    for (const layer of d.layers) cells.push(build(layer, Number(cells.at(-1)?.outputSize ?? depth)));
    return new MultiRNNCell(cells);
  }
  if (d.kind === 'input') return new InputProjectionWrapper(build(d.of, d.units), d.units);
  if (d.kind === 'attend') {
    const mechanism = new seq2seq.BahdanauAttention(2, memory(), { memorySequenceLength: [3, 2] });
    return new seq2seq.AttentionWrapper(build(d.of, depth + d.units), mechanism, { attentionLayerSize: d.units });
  }
  return 'of' in d ? wrappers[d.kind](build(d.of, depth), d.units, depth) : leaves[d.kind](d.units);
}

/** The parts of a state that have gradients. */
const floats = (state: Structure): Tensor[] => flatState(state).filter(({ dtype }) => dtype === 'float64');

type Driver = (cell: Cell, x: Tensor, sequenceLength: number[] | null) => [Tensor, Structure];
const drivers: Record<'dynamicRnn' | 'staticRnn' | 'rawRnn', Driver> = {
  dynamicRnn: (cell, x, sequenceLength) =>
    dynamicRnn(cell, x, { dtype: 'float64', ...(sequenceLength && { sequenceLength }) }),
  staticRnn: (cell, x, sequenceLength) => {
    const options = { dtype: 'float64' as const, ...(sequenceLength && { sequenceLength }) };
    const [outputs, state] = staticRnn(cell, unstack(x, { axis: 1 }), options);
    return [stack(outputs, { axis: 1 }), state];
  },
  // dynamicRnn, written by hand.
  rawRnn: (cell, x, sequenceLength) => {
    const ends = constant(sequenceLength ?? [3, 3], { dtype: 'int32' });
    const rows = transpose(x, [1, 0, 2]);
    const [emitted, state] = rawRnn(cell, (time, output, now) => [
      time.greaterEqual(ends),
      gather(rows, minimum(time, 2)),
      now ?? cell.zeroState(2, 'float64'),
      output,
      null,
    ]);
    if (!(emitted instanceof TensorArray)) throw new Error('expected one array');
    const steps = transpose(emitted.stack(), [1, 0, 2]);
    // It stops at the longest row; the others pad their outputs to the number of steps.
    const missing = sub(3, dimOf(steps, 1));
    return [pad(steps, stack([[0, 0], stack([0, missing]), [0, 0]])), state];
  },
};

const cases = fc.tuple(
  descriptions,
  ndarrays('float64', [2, 3, 2], { min: -1, max: 1 }),
  fc.option(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 }))),
  fc.nat(1000),
);

test.each(Object.entries(drivers))('gradients through random stacks by %s, orders 1 and 2', (_, drive) => {
  fc.assert(
    fc.property(cases, ([description, x, lengths, seed]) => {
      checkGradients({
        inputs: [x],
        order: 2,
        seed,
        build: ([inputs]) => {
          const [outputs, state] = drive(build(description, 2), inputs, lengths);
          return [outputs, ...floats(state)];
        },
      });
    }),
    { numRuns: 4 },
  );
});

/** Sets variables to sines, so that they differ from each other and not between graphs. */
function setSines(session: Session): void {
  session.runSync(globalVariablesInitializer());
  for (const [k, v] of trainableVariables().entries()) {
    const size = v.shape.reduce((a, b) => a * b, 1);
    const value = placeholder('float64', v.shape);
    const sines = Float64Array.from({ length: size }, (_, i) => Math.sin(1 + k + 3 * i));
    session.runSync(v.assign(value), [[value, new NDArray('float64', v.shape, sines)]]);
  }
}

test('static, dynamic and raw agree in variables, outputs, states and gradients', () => {
  fc.assert(
    fc.property(cases, ([description, x, lengths, seed]) => {
      const [dynamic, ...others] = Object.values(drivers).map((drive) => {
        resetDefaultGraph();
        setRandomSeed(seed);
        const X = placeholder('float64', x.shape);
        const [outputs, state] = drive(build(description, 2), X, lengths);
        const states = floats(state);
        const loss = states.reduce((sum, s) => add(sum, reduceSum(s.square())), reduceSum(outputs.square()));
        const found = gradients(loss, [X, ...trainableVariables()]).filter((g) => g !== null);
        const names = trainableVariables().map((v) => v.op);
        const session = new Session({ backend: reference() });
        setSines(session);
        const values = session.runSync([outputs, ...states, ...found], [[X, x]]).map((v) => v.toArray());
        session.close();
        return { names, values };
      });
      for (const other of others) {
        expect(other.names).toEqual(dynamic.names);
        expectClose(other.values, dynamic.values, 1e-10);
      }
    }),
    { numRuns: 12 },
  );
});
