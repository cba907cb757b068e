import { gradients } from '@tensorloom/autodiff';
import { reference } from '@tensorloom/backend-reference';
import {
  NDArray,
  type Structure,
  type Tensor,
  add,
  globalVariablesInitializer,
  placeholder,
  reduceSum,
  resetDefaultGraph,
  setRandomSeed,
  sigmoid,
  stack,
  trainableVariables,
  unstack,
} from '@tensorloom/graph';
import {
  BasicLSTMCell,
  BasicRNNCell,
  type Cell,
  DropoutWrapper,
  GRUCell,
  LSTMCell,
  MultiRNNCell,
  OutputProjectionWrapper,
  dynamicRnn,
  flatState,
  staticRnn,
} from '@tensorloom/rnn';
import { Session } from '@tensorloom/runtime';
import { checkGradients, ndarrays } from '@tensorloom/testkit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expectClose } from './support.js';

/** A description of a cell: fresh cells are made of it for each graph. */
type Description =
  | { readonly kind: 'rnn' | 'lstm' | 'gru' | 'peepholes' | 'projection'; readonly units: number }
  | { readonly kind: 'dropout' | 'output'; readonly units: number; readonly of: Description }
  | { readonly kind: 'multi'; readonly layers: readonly Description[] };

const units = fc.integer({ min: 1, max: 2 });
const { cell: descriptions } = fc.letrec<{
  leaf: Description;
  wrapper: Description;
  multi: Description;
  cell: Description;
}>((tie) => ({
  leaf: fc.record({ kind: fc.constantFrom('rnn', 'lstm', 'gru', 'peepholes', 'projection'), units }),
  wrapper: fc.record({ kind: fc.constantFrom('dropout', 'output'), units, of: tie('cell') }),
  multi: fc.record({
    kind: fc.constant('multi' as const),
    layers: fc.array(tie('cell'), { minLength: 1, maxLength: 2 }),
  }),
  cell: fc.oneof({ maxDepth: 2, depthIdentifier: 'cell' }, tie('leaf'), tie('wrapper'), tie('multi')),
}));

function build(d: Description): Cell {
  switch (d.kind) {
    case 'rnn':
      return new BasicRNNCell(d.units);
    case 'lstm':
      return new BasicLSTMCell(d.units);
    case 'gru':
      return new GRUCell(d.units);
    case 'peepholes':
      return new LSTMCell(d.units, { usePeepholes: true });
    case 'projection':
      return new LSTMCell(3, { numProj: d.units, forgetBias: 0.5 });
    case 'dropout':
      return new DropoutWrapper(build(d.of), { inputKeepProb: 1, outputKeepProb: 1 });
    case 'output':
      return new OutputProjectionWrapper(build(d.of), d.units, { activation: sigmoid });
    case 'multi':
      return new MultiRNNCell(d.layers.map(build));
  }
}

type Driver = (cell: Cell, x: Tensor, sequenceLength: number[] | null) => [Tensor, Structure];
const drivers: Record<'dynamicRnn' | 'staticRnn', Driver> = {
  dynamicRnn: (cell, x, sequenceLength) =>
    dynamicRnn(cell, x, { dtype: 'float64', ...(sequenceLength && { sequenceLength }) }),
  staticRnn: (cell, x, sequenceLength) => {
    const options = { dtype: 'float64' as const, ...(sequenceLength && { sequenceLength }) };
    const [outputs, state] = staticRnn(cell, unstack(x, { axis: 1 }), options);
    return [stack(outputs, { axis: 1 }), state];
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
          const [outputs, state] = drive(build(description), inputs, lengths);
          return [outputs, ...flatState(state)];
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

test('static and dynamic agree in variables, outputs, states and gradients', () => {
  fc.assert(
    fc.property(cases, ([description, x, lengths, seed]) => {
      const [dynamic, unrolled] = Object.values(drivers).map((drive) => {
        resetDefaultGraph();
        setRandomSeed(seed);
        const X = placeholder('float64', x.shape);
        const [outputs, state] = drive(build(description), X, lengths);
        const states = flatState(state);
        const loss = states.reduce((sum, s) => add(sum, reduceSum(s.square())), reduceSum(outputs.square()));
        const found = gradients(loss, [X, ...trainableVariables()]).filter((g) => g !== null);
        const names = trainableVariables().map((v) => v.op);
        const session = new Session({ backend: reference() });
        setSines(session);
        const values = session.runSync([outputs, ...states, ...found], [[X, x]]).map((v) => v.toArray());
        session.close();
        return { names, values };
      });
      expect(unrolled.names).toEqual(dynamic.names);
      expectClose(unrolled.values, dynamic.values, 1e-10);
    }),
    { numRuns: 12 },
  );
});
