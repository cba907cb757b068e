import {
  type Tensor,
  type Variable,
  add,
  concat,
  getVariable,
  mul,
  refuse,
  sigmoid,
  split,
  tanh,
  zerosInitializer,
} from '@tensorloom/graph';
import { nn } from '@tensorloom/nn';
import { type CellOptions, ScopedCell, checkUnits } from '../cell.js';
import { type LSTMState, partsOf } from './lstm-state.js';
import { TensorShape } from '../tensor-shape.js';

/** Options of a `ConvLSTMCell`. */
export interface ConvLSTMCellOptions extends CellOptions {
  /** Whether the gates have biases; default true. */
  readonly useBias?: boolean;
  /** Whether the output is [h', x], the input following along its channels; default false. */
  readonly skipConnection?: boolean;
  /** Added to the forget gate; default 1. */
  readonly forgetBias?: number;
}

interface Variables {
  readonly kernel: Variable;
  readonly biases: Variable | undefined;
}

const convolutions = [nn.conv1d, nn.conv2d, nn.conv3d];

/**
 * The convolutional LSTM (Shi et al. 2015), whose state is an image: i, j, f, o = [x, h] * K + b, where * convolves with padding 'SAME';
 * c' = c sigmoid(f + forgetBias) + sigmoid(i) tanh(j), h' = tanh(c') sigmoid(o), its output h'. Inputs are [batch, ...inputShape] with
 * the channels last, `convNdims` spatial axes before them; c and h are of that shape with `outputChannels` channels. Variables `kernel`
 * [...kernelShape, channels + outputChannels, 4 outputChannels] and `biases` [4 outputChannels]. Throws when the shapes do not fit.
 * TensorFlow: `tf.contrib.rnn.ConvLSTMCell`; its state with `skipConnection` holds the input too, so that no second step fits it, here
 * it is h'.
 */
export class ConvLSTMCell extends ScopedCell<LSTMState, Variables> {
  readonly stateSize: Readonly<Record<'c' | 'h', TensorShape>>;
  readonly outputSize: TensorShape;
  readonly #inputShape: readonly number[];
  readonly #outputChannels: number;
  readonly #kernelShape: readonly number[];
  readonly #options: ConvLSTMCellOptions;

  constructor(
    convNdims: 1 | 2 | 3,
    inputShape: readonly number[],
    outputChannels: number,
    kernelShape: readonly number[],
    options: ConvLSTMCellOptions = {},
  ) {
    super('conv_lstm_cell', options);
    checkUnits('ConvLSTMCell', outputChannels, 'output channels');
    checkAxes(convNdims, inputShape, kernelShape);
    const space = inputShape.slice(0, convNdims);
    const image = new TensorShape([...space, outputChannels]);
    this.stateSize = { c: image, h: image };
    this.outputSize =
      options.skipConnection === true ? new TensorShape([...space, outputChannels + inputShape[convNdims]]) : image;
    this.#inputShape = [...inputShape];
    this.#outputChannels = outputChannels;
    this.#kernelShape = [...kernelShape];
    this.#options = options;
  }

  protected override build(input: Tensor): Variables {
    const { dtype } = input;
    const { useBias = true } = this.#options;
    const gates = 4 * this.#outputChannels;
    const channels = this.#channelsOf(input) + this.#outputChannels;
    return {
      kernel: getVariable('kernel', [...this.#kernelShape, channels, gates], { dtype }),
      biases: useBias ? getVariable('biases', [gates], { dtype, initializer: zerosInitializer() }) : undefined,
    };
  }

  protected override step(x: Tensor, state: LSTMState, { kernel, biases }: Variables): readonly [Tensor, LSTMState] {
    const { c, h } = partsOf('ConvLSTMCell', state);
    const { forgetBias = 1, skipConnection = false } = this.#options;
    const axis = this.#inputShape.length;
    const convolved = convolutions[axis - 2](concat([x, h], axis), kernel, 1, 'SAME');
    const [i, j, f, o] = split(biases === undefined ? convolved : convolved.biasAdd(biases), 4, { axis });
    const memory = add(mul(c, sigmoid(add(f, forgetBias))), mul(sigmoid(i), tanh(j)));
    const output = mul(tanh(memory), sigmoid(o));
    return [skipConnection ? concat([output, x], axis) : output, { c: memory, h: output }];
  }

  /** The channels of an input [batch, ...inputShape]; spatial lengths may be unknown. */
  #channelsOf(input: Tensor): number {
    const shape = this.#inputShape;
    const given = input.shape?.slice(1);
    if (given?.length === shape.length && given.every((n, i) => n === shape[i] || (n === null && i < shape.length - 1)))
      return shape[shape.length - 1];
    return refuse(
      'ConvLSTMCell',
      `expected an input of shape [batch,${shape.join(',')}] with known channels, got ${input.toString()}. Give the cell the input's shape.`,
      [input],
    );
  }
}

/** A `ConvLSTMCell` over sequences: inputs [batch, length, channels]. TensorFlow: `tf.contrib.rnn.Conv1DLSTMCell`. */
export class Conv1DLSTMCell extends ConvLSTMCell {
  constructor(
    inputShape: readonly number[],
    outputChannels: number,
    kernelShape: readonly number[],
    options: ConvLSTMCellOptions = {},
  ) {
    super(1, inputShape, outputChannels, kernelShape, { name: 'conv_1d_lstm_cell', ...options });
  }
}

/** A `ConvLSTMCell` over images: inputs [batch, height, width, channels]. TensorFlow: `tf.contrib.rnn.Conv2DLSTMCell`. */
export class Conv2DLSTMCell extends ConvLSTMCell {
  constructor(
    inputShape: readonly number[],
    outputChannels: number,
    kernelShape: readonly number[],
    options: ConvLSTMCellOptions = {},
  ) {
    super(2, inputShape, outputChannels, kernelShape, { name: 'conv_2d_lstm_cell', ...options });
  }
}

/** A `ConvLSTMCell` over volumes: inputs [batch, depth, height, width, channels]. TensorFlow: `tf.contrib.rnn.Conv3DLSTMCell`. */
export class Conv3DLSTMCell extends ConvLSTMCell {
  constructor(
    inputShape: readonly number[],
    outputChannels: number,
    kernelShape: readonly number[],
    options: ConvLSTMCellOptions = {},
  ) {
    super(3, inputShape, outputChannels, kernelShape, { name: 'conv_3d_lstm_cell', ...options });
  }
}

function checkAxes(convNdims: number, inputShape: readonly number[], kernelShape: readonly number[]): void {
  if (![1, 2, 3].includes(convNdims)) refuse('ConvLSTMCell', `expected 1, 2 or 3 spatial axes, got ${convNdims}.`);
  const [input, kernel] = [new TensorShape(inputShape), new TensorShape(kernelShape)];
  if (inputShape.length !== convNdims + 1 || kernelShape.length !== convNdims) {
    refuse(
      'ConvLSTMCell',
      `expected an inputShape of ${convNdims + 1} numbers, the channels last, and a kernelShape of ${convNdims}, got ${input.toString()} and ${kernel.toString()}. Leave out the batch.`,
    );
  }
}
