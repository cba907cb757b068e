import {
  type Structure,
  type Tensor,
  cond,
  constant,
  dimOf,
  reduceMax,
  reuseVariables,
  showSpec,
  variableScope,
  zerosLike,
} from '@tensorloom/graph';
import type { Cell } from '../cell.js';
import { type CellInputs, inputTensors } from './cell-inputs.js';
import { flatState, packState } from '../cell.js';
import { type DynamicRnnOptions, initialStateOf, sameState } from './dynamic-rnn.js';
import { checkedLengths, outputWithin, withinLength } from './sequence-length.js';

/** How `staticRnn` runs. */
export type StaticRnnOptions<S extends Structure = Structure> = Omit<
  DynamicRnnOptions<S>,
  'timeMajor' | 'parallelIterations' | 'swapMemory' | 'checkpointEvery'
>;

/**
 * Runs a cell over a list of inputs [batch, depth], or [batch, ...shape], or structures of such tensors, one copy of the cell per step in the graph: returns the outputs, one per
 * step, and the final state. Past a row's length its outputs are zeros and its state stays; past the longest length the cell
 * does not run. Throws when neither `dtype` nor `initialState` is given, and when there is no input. TensorFlow: `tf.nn.static_rnn`.
 */
export function staticRnn<S extends Structure, I extends Structure = Tensor>(
  cell: Cell<S, I>,
  inputs: readonly CellInputs<I>[],
  options: StaticRnnOptions<S> = {},
): [Tensor[], S] {
  const { sequenceLength, scope = 'rnn' } = options;
  if (inputs.length === 0) throw new TypeError('staticRnn: expected at least one input, got none.');
  return variableScope(scope, () => {
    const xs = inputs.map((input) => inputTensors('staticRnn', input));
    for (const x of xs[0].tensors) {
      if (x.shape === undefined || x.shape.length < 2)
        throw new TypeError(`staticRnn: expected inputs [batch, depth], got ${showSpec(x.spec)}.`);
    }
    const batch = dimOf(xs[0].tensors[0], 0);
    let state = initialStateOf('staticRnn', cell, batch, options);
    const outputs: Tensor[] = [];
    const lengths =
      sequenceLength === undefined
        ? null
        : checkedLengths(sequenceLength, constant(xs.length, { dtype: 'int32' }), batch, 'staticRnn');
    const longest = lengths === null ? null : reduceMax(lengths);
    for (const [time, { tensors, pack }] of xs.entries()) {
      const x = pack(tensors);
      const before = state;
      const call = (): readonly [Tensor, S] =>
        time === 0 ? cell.call(x, before) : reuseVariables(() => cell.call(x, before));
      if (lengths === null || longest === null) {
        const [output, next] = call();
        outputs.push(output);
        state = packState(before, sameState(before, next));
        continue;
      }
      const old = flatState(before);
      const run = (): Tensor[] => {
        const [output, next] = call();
        return [
          outputWithin(time, lengths, output),
          ...sameState(before, next).map((s, i) => withinLength(time, lengths, s, old[i])),
        ];
      };
      // The first step runs always: the longest length is taken to be at least 1, as in dynamicRnn.
      const [output, ...kept] =
        time === 0 ? run() : cond(longest.greater(time), run, () => [zerosLike(outputs[0]), ...old]);
      outputs.push(output);
      state = packState(before, kept);
    }
    return [outputs, state];
  });
}
