import {
  type Structure,
  type Tensor,
  TensorArray,
  type TensorLike,
  dimOf,
  expandDims,
  isTensor,
  isTensorArray,
  oneHot,
  reduceMax,
  refuse,
  reshape,
  concat,
  shapeOf,
  showSpec,
  stack,
  tile,
  toInts,
  zeros,
  zerosLike,
} from '@tensorloom/graph';
import { type CellState, type StateLeaf, packState, stateLeaves } from '../cell.js';
import type { DecoderCell } from './basic-decoder.js';
import { attentionOf } from './beam-attention.js';
import { type BeamSearchDecoderOutput, type BeamScoring, type Beams, beamSearchStep } from './beam-search-step.js';
import { type DecoderStep, type FinalizingDecoder, stateDtype } from './decoder.js';
import { type Embedding, embeddingOf } from './embedding.js';
import { gatherTree } from './gather-tree.js';
import { gatherTreeFromArray } from './gather-tree-from-array.js';
import { type Layer, applyLayer } from './layer.js';
import { takeBeams } from './take-beams.js';
import { checkedEnd, checkedStart } from './tokens.js';

export type { BeamSearchDecoderOutput } from './beam-search-step.js';

/** Options of `BeamSearchDecoder`. */
export interface BeamSearchDecoderOptions {
  /** Applied to the cell's outputs to give the logits of ids. */
  readonly outputLayer?: Layer | null;
  /** Scores are divided by ((5 + length) / 6) to this power; default 0. */
  readonly lengthPenaltyWeight?: TensorLike;
  /** How much a finished beam loses where a part of the source has had little attention; default 0. The cell must be an `AttentionWrapper`, or several. */
  readonly coveragePenaltyWeight?: TensorLike;
  /** Whether arrays in the final state, such as the alignment history, are put in the order of the beams found; default true. */
  readonly reorderTensorArrays?: boolean;
}

/** What a `BeamSearchDecoder` carries: the cell's state, [batch, beams, ...], and the beams. TensorFlow: `BeamSearchDecoderState`. */
export type BeamSearchDecoderState<S extends CellState> = Beams & {
  readonly cellState: S;
};

/** What `dynamicDecode` makes of a beam search. TensorFlow: `FinalBeamSearchDecoderOutput`. */
export type FinalBeamSearchDecoderOutput = {
  /** The ids that each beam has written, the best beam first: int32 [batch, time, beams]. Past a beam's end there is the end token. */
  readonly predictedIds: Tensor;
  /** What the steps put out. */
  readonly beamSearchDecoderOutput: BeamSearchDecoderOutput;
};

/**
 * Looks for the likeliest sequences of ids: keeps the `beamWidth` best beginnings of each row at each step. The first step reads the embedding
 * of `startTokens`, int32 [batch], and a beam is finished when it writes `endToken`. `initialState` is the cell's for
 * batch * beamWidth rows, and so must be what it was made from: see `tileBatch`. TensorFlow: `tf.contrib.seq2seq.BeamSearchDecoder`.
 */
export class BeamSearchDecoder<S extends CellState> implements FinalizingDecoder<
  BeamSearchDecoderOutput,
  BeamSearchDecoderState<S>,
  FinalBeamSearchDecoderOutput
> {
  readonly batchSize: Tensor;
  readonly outputDtype: Readonly<Record<keyof BeamSearchDecoderOutput, Tensor['dtype']>>;
  readonly tracksOwnFinished = true;
  readonly #embed: (ids: Tensor) => Tensor;
  readonly #start: Tensor;
  readonly #scoring: BeamScoring;
  readonly #dtype: Tensor['dtype'];

  constructor(
    private readonly cell: DecoderCell<S>,
    embedding: Embedding,
    startTokens: TensorLike,
    endToken: TensorLike,
    private readonly initialState: NoInfer<S>,
    private readonly beamWidth: number,
    private readonly options: BeamSearchDecoderOptions = {},
  ) {
    const what = 'BeamSearchDecoder';
    if (!Number.isInteger(beamWidth) || beamWidth < 1)
      refuse(what, `expected a positive number of beams, got ${beamWidth}.`);
    const start = checkedStart(what, startTokens);
    this.#embed = embeddingOf(embedding);
    this.#start = tile(expandDims(start, 1), [1, beamWidth]);
    this.batchSize = dimOf(start, 0);
    this.#dtype = stateDtype(what, initialState);
    this.outputDtype = { scores: this.#dtype, predictedIds: 'int32', parentIds: 'int32' };
    const { lengthPenaltyWeight = 0, coveragePenaltyWeight = 0 } = options;
    this.#scoring = { endToken: checkedEnd(what, endToken), lengthPenaltyWeight, coveragePenaltyWeight };
    this.#checkState(start);
  }

  initialize(): readonly [Tensor, Structure, BeamSearchDecoderState<S>] {
    const firstBeam = (onValue: number, offValue: number, dtype: Tensor['dtype']): Tensor =>
      oneHot(zeros([this.batchSize], { dtype: 'int32' }), this.beamWidth, { onValue, offValue, dtype });
    const cellState = this.#map(this.initialState, (leaf) => this.#split(leaf));
    const attention = this.#attention(cellState);
    // All beams of a row are the same at first, so that all but one count for nothing.
    const finished = firstBeam(0, 1, 'bool');
    return [
      finished,
      this.#embed(this.#start),
      {
        cellState,
        logProbs: firstBeam(0, -Infinity, this.#dtype),
        finished,
        lengths: zeros([this.batchSize, this.beamWidth], { dtype: 'int32' }),
        accumulatedAttentionProbs: attention === undefined ? [] : zerosLike(attention),
      },
    ];
  }

  step(
    _time: Tensor,
    inputs: Structure,
    state: BeamSearchDecoderState<S>,
  ): DecoderStep<BeamSearchDecoderOutput, BeamSearchDecoderState<S>> {
    if (!isTensor(inputs)) return refuse('BeamSearchDecoder', 'expected one tensor as the inputs of a step.');
    const cellStateBefore = this.#map(state.cellState, (leaf) => this.#merge(leaf));
    const [cellOutput, cellStateAfter] = this.cell.call(this.#merge(inputs), cellStateBefore);
    const logits = this.#split(applyLayer(this.options.outputLayer, cellOutput));
    const cellState = this.#map(cellStateAfter, (leaf) => this.#split(leaf));
    const [output, beams] = beamSearchStep(logits, state, this.#attention(cellState), this.#scoring);
    const next = this.#map(cellState, (leaf) => (leaf.shape?.length === 0 ? leaf : takeBeams(leaf, output.parentIds)));
    return [output, { ...beams, cellState: next }, this.#embed(output.predictedIds), beams.finished];
  }

  finalize(
    outputs: BeamSearchDecoderOutput,
    finalState: BeamSearchDecoderState<S>,
  ): readonly [FinalBeamSearchDecoderOutput, BeamSearchDecoderState<S>] {
    const { parentIds, predictedIds } = outputs;
    const { lengths, cellState } = finalState;
    const longest = reduceMax(lengths, 1);
    const ids = gatherTree(predictedIds, parentIds, longest, this.#scoring.endToken);
    const { reorderTensorArrays = true } = this.options;
    const ordered = packState(
      cellState,
      stateLeaves(cellState).map((leaf) => {
        if (!isTensorArray(leaf) || !reorderTensorArrays) return leaf;
        const inOrder = gatherTreeFromArray(byParents(leaf.stack(), parentIds), parentIds, lengths);
        return new TensorArray(leaf.dtype, dimOf(inOrder, 0)).unstack(inOrder);
      }),
    );
    return [
      { predictedIds: ids, beamSearchDecoderOutput: outputs },
      { ...finalState, cellState: ordered },
    ];
  }

  /** A state with each tensor but its scalars changed. */
  #map(state: S, f: (leaf: Tensor) => Tensor): S {
    const leaves = stateLeaves(state).map((leaf): StateLeaf =>
      isTensorArray(leaf) || leaf.shape?.length === 0 ? leaf : f(leaf),
    );
    return packState(state, leaves);
  }

  /** [batch * beams, ...] as [batch, beams, ...]. */
  #split(x: Tensor): Tensor {
    return this.#reshaped(x, 1, [this.batchSize, this.beamWidth]);
  }

  /** [batch, beams, ...] as [batch * beams, ...]. */
  #merge(x: Tensor): Tensor {
    return this.#reshaped(x, 2, [-1]);
  }

  /** x with its first axes replaced. */
  #reshaped(x: Tensor, axes: number, dims: readonly (number | Tensor)[]): Tensor {
    if (x.shape === undefined)
      return refuse('BeamSearchDecoder', `expected tensors of known rank, got ${showSpec(x.spec)}. Reshape it.`, [x]);
    const rest = x.shape.slice(axes);
    if (rest.every((n) => n !== null)) return reshape(x, [...dims, ...rest]);
    const first = stack(dims.map((n) => toInts(n, 'BeamSearchDecoder')));
    return reshape(x, concat([first, shapeOf(x).slice([axes], [rest.length])], 0));
  }

  #attention(cellState: S): Tensor | undefined {
    return this.#scoring.coveragePenaltyWeight === 0 ? undefined : attentionOf(cellState);
  }

  /** Throws where the initial state is known not to have a row for each beam. */
  #checkState(start: Tensor): void {
    const [batch = null] = start.shape ?? [];
    for (const leaf of stateLeaves(this.initialState)) {
      const [rows = null] = (isTensor(leaf) ? leaf.shape : undefined) ?? [];
      if (!isTensor(leaf) || rows === null || batch === null || rows === batch * this.beamWidth) continue;
      refuse(
        'BeamSearchDecoder',
        `expected an initial state of ${batch} * ${this.beamWidth} = ${batch * this.beamWidth} rows, one for each beam, got ${showSpec(leaf.spec)}. Pass tileBatch(state, ${this.beamWidth}).`,
        [leaf],
      );
    }
  }
}

/**
 * What was left at a step, [time, batch * beams, ...], with the beams that came of it. TensorFlow leaves this out, so that a beam of its
 * alignment history is that of another beam wherever beams change places.
 */
function byParents(x: Tensor, parentIds: Tensor): Tensor {
  const [steps, batch, beams] = [0, 1, 2].map((axis) => dimOf(parentIds, axis));
  const rows = reshape(x, [steps.mul(batch), beams, -1]);
  return reshape(takeBeams(rows, reshape(parentIds, [-1, beams])), shapeOf(x));
}
