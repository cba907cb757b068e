import { type Structure, type Tensor, isTensor, refuse } from '@tensorloom/graph';
import type { CellState } from '../cell.js';
import { type Decoder, type DecoderStep, stateDtype } from './decoder.js';
import type { Helper } from './helper.js';
import { type Layer, applyLayer, isLayer } from './layer.js';

/** What a `BasicDecoder` puts out. TensorFlow: `BasicDecoderOutput`. */
export interface BasicDecoderOutput extends Readonly<Record<string, Tensor>> {
  /** The cell's outputs through the output layer: [batch, depth] at a step. */
  readonly rnnOutput: Tensor;
  /** What the helper took to be written. */
  readonly sampleId: Tensor;
}

/** What decoders need of a cell. */
export interface DecoderCell<S> {
  call(input: Tensor, state: S): readonly [Tensor, S];
}

/** Options of `BasicDecoder`. */
export interface BasicDecoderOptions {
  /** Applied to the cell's outputs before the helper sees them; default: none. */
  readonly outputLayer?: Layer | null;
}

/**
 * A decoder that runs a cell from `initialState` on what a helper gives it to read. The last argument is an output layer, or
 * options with one. TensorFlow: `tf.contrib.seq2seq.BasicDecoder`.
 */
export class BasicDecoder<S extends CellState> implements Decoder<BasicDecoderOutput, S> {
  readonly batchSize: Tensor;
  readonly outputDtype: Readonly<Record<string, Tensor['dtype']>>;
  readonly #outputLayer: Layer | null;

  constructor(
    private readonly cell: DecoderCell<S>,
    private readonly helper: Helper<NoInfer<S>>,
    private readonly initialState: NoInfer<S>,
    output: Layer | BasicDecoderOptions | null = null,
  ) {
    this.#outputLayer = output === null || isLayer(output) ? output : (output.outputLayer ?? null);
    this.batchSize = helper.batchSize;
    this.outputDtype = { rnnOutput: stateDtype('BasicDecoder', initialState), sampleId: helper.sampleIdsDtype };
  }

  initialize(): readonly [Tensor, Structure, S] {
    return [...this.helper.initialize(), this.initialState];
  }

  step(time: Tensor, inputs: Structure, state: S): DecoderStep<BasicDecoderOutput, S> {
    if (!isTensor(inputs)) return refuse('BasicDecoder', 'expected one tensor as the inputs of a step.');
    const [cellOutput, cellState] = this.cell.call(inputs, state);
    const rnnOutput = applyLayer(this.#outputLayer, cellOutput);
    const sampleId = this.helper.sample(time, rnnOutput, cellState);
    const [finished, nextInputs, nextState] = this.helper.nextInputs(time, rnnOutput, cellState, sampleId);
    return [{ rnnOutput, sampleId }, nextState, nextInputs, finished];
  }
}
