import { type DType, type Nested, type Structure, type Tensor, isTensor, refuse } from '@tensorloom/graph';
import { type CellState, stateLeaves } from '../cell.js';

/** The dtype of a cell's state, and so of its outputs: that of the first tensor. */
export function stateDtype(decoder: string, state: unknown): DType {
  const first = stateLeaves(state).find((leaf) => isTensor(leaf));
  return (
    first?.dtype ?? refuse(decoder, "expected an initial state of tensors, got none. Pass the cell's zeroState().")
  );
}

/** What one step of a decoder returns: outputs, the next state, the next inputs, and whether each row is finished now. */
export type DecoderStep<O, S> = readonly [outputs: O, nextState: S, nextInputs: Structure, finished: Tensor];

/**
 * Writes a sequence step by step, choosing each step's inputs by itself: what `dynamicDecode` runs. Any object with these members is a
 * decoder; `O` is what a step puts out, `S` what it carries. TensorFlow: `tf.contrib.seq2seq.Decoder`.
 */
export interface Decoder<O extends Structure = Structure, S extends CellState = CellState> {
  /** The number of rows, an int32 scalar. */
  readonly batchSize: Tensor;
  /** Dtypes of what a step puts out, in its structure. */
  readonly outputDtype: Nested<DType>;
  /** Whether a row that was finished may go on, as where rows change places, so that what `step` says holds; default false. */
  readonly tracksOwnFinished?: boolean;
  /** Called once: whether each row is finished before the first step, the first inputs, and the first state. */
  initialize(): readonly [finished: Tensor, firstInputs: Structure, initialState: S];
  /** Called once, inside the loop. */
  step(time: Tensor, inputs: Structure, state: S): DecoderStep<O, S>;
}

/** A decoder that makes something else of what all steps put out. */
export interface FinalizingDecoder<O extends Structure, S extends CellState, F> extends Decoder<O, S> {
  /** Called after the loop with all outputs, [time, batch, ...], the final state and the rows' lengths, int32 [batch]. */
  finalize(outputs: O, finalState: S, sequenceLengths: Tensor): readonly [outputs: F, finalState: S];
}
