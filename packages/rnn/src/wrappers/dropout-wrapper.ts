import { md5 } from '@noble/hashes/legacy.js';
import {
  type DType,
  type Nested,
  type Structure,
  type Tensor,
  type TensorLike,
  add,
  div,
  flatten,
  floor,
  isTensor,
  mul,
  randomUniform,
  refuse,
  toTensor,
} from '@tensorloom/graph';
import { nn } from '@tensorloom/nn';
import { type Cell, type StateSize, flatSizes, flatState, packState } from '../cell.js';
import { type Size, dimsOf } from '../tensor-shape.js';

/** Whether a state is dropped: its parts that the filter lets through, none, or an answer for each part. */
export type DropoutStateFilter = Nested<boolean>;

type StateFilter = (state: Structure) => DropoutStateFilter;

/** What a `DropoutWrapper` drops, and how. */
export interface DropoutWrapperOptions {
  /** The part of the input that is kept, a number or a tensor in (0, 1]; default 1, which builds no op. */
  readonly inputKeepProb?: TensorLike;
  /** The part of the output that is kept; default 1. */
  readonly outputKeepProb?: TensorLike;
  /** The part of the new state that is kept; default 1. */
  readonly stateKeepProb?: TensorLike;
  /** Whether one mask, shared by all steps and rows, is drawn for each of them; needs `dtype`. Default false. */
  readonly variationalRecurrent?: boolean;
  /** Depth of the input, or its shape without the batch: needed for a variational mask of it. */
  readonly inputSize?: Size;
  /** Of variational masks. */
  readonly dtype?: DType;
  /** From which the op seeds of all masks are made. */
  readonly seed?: number;
  /** Asked about a state, then about each part that it answers true for; default: all but the c of an LSTM's state. */
  readonly dropoutStateFilter?: (state: Structure) => DropoutStateFilter;
}

type Part = 'input' | 'state' | 'output';

/**
 * A cell with dropout (Srivastava et al. 2014) on its input, its new state and its output: what is kept is divided by the probability of
 * being kept. Keep probabilities may be tensors, such as a placeholder that is 1 when not training. With `variationalRecurrent` the
 * masks are the same at all steps (Gal and Ghahramani 2016). Adds no scope. TensorFlow: `tf.nn.rnn_cell.DropoutWrapper`.
 */
export class DropoutWrapper<S extends Structure> implements Cell<S> {
  readonly stateSize: StateSize;
  readonly outputSize: Size;
  readonly #cell: Cell<S>;
  readonly #keep: Readonly<Record<Part, TensorLike>>;
  readonly #seed: number | undefined;
  readonly #filter: StateFilter;
  /** Uniform numbers, one set for each tensor of a part, that decide what variational masks keep. */
  readonly #noise: Readonly<Record<Part, readonly Tensor[]>> | undefined;

  constructor(cell: Cell<S>, options: DropoutWrapperOptions = {}) {
    const { inputKeepProb = 1, outputKeepProb = 1, stateKeepProb = 1, dropoutStateFilter = exceptMemory } = options;
    this.#cell = cell;
    this.#keep = {
      input: keepProbOf('input', inputKeepProb),
      state: keepProbOf('state', stateKeepProb),
      output: keepProbOf('output', outputKeepProb),
    };
    this.#seed = options.seed;
    this.#filter = dropoutStateFilter;
    this.stateSize = cell.stateSize;
    this.outputSize = cell.outputSize;
    this.#noise = options.variationalRecurrent === true ? this.#drawNoise(options) : undefined;
  }

  zeroState(batchSize: TensorLike, dtype: DType): S {
    return this.#cell.zeroState(batchSize, dtype);
  }

  call(input: Tensor, state: S): readonly [Tensor, S] {
    const [output, next] = this.#cell.call(this.#dropped('input', 0, input), state);
    return [this.#dropped('output', 0, output), this.#keep.state === 1 ? next : this.#droppedState(next)];
  }

  #droppedState(state: S): S {
    const tensors = flatState(state);
    const drops = flatten(filtered(state, this.#filter), isBoolean);
    return packState(
      state,
      tensors.map((t, i) => (drops[i] ? this.#dropped('state', i, t) : t)),
    );
  }

  #dropped(part: Part, index: number, x: Tensor): Tensor {
    const keepProb = this.#keep[part];
    if (keepProb === 1) return x;
    const noise = this.#noise?.[part][index];
    if (noise === undefined) {
      const seed = this.#seedFor(part, index);
      return nn.dropout(x, { keepProb, ...(seed !== undefined && { seed }) });
    }
    const keep = toTensor(keepProb, x.dtype, 'DropoutWrapper');
    return mul(div(x, keep), floor(add(noise, keep)));
  }

  /** The op seed of one mask, as TensorFlow derives it. */
  #seedFor(part: Part, index: number): number | undefined {
    if (this.#seed === undefined) return undefined;
    const digest = md5(new TextEncoder().encode(`${this.#seed}${part}_${index}`));
    return new DataView(digest.buffer, digest.byteOffset).getUint32(0) & 0x7fffffff;
  }

  #drawNoise({ dtype, inputSize }: DropoutWrapperOptions): Readonly<Record<Part, readonly Tensor[]>> {
    if (dtype === undefined)
      return refuse('DropoutWrapper', 'expected a dtype for variationalRecurrent, got none. Pass { dtype }.');
    if (this.#keep.input !== 1 && inputSize === undefined) {
      return refuse(
        'DropoutWrapper',
        'expected inputSize for a variational mask of the input, got none. Pass { inputSize }.',
      );
    }
    const draw = (part: Part, sizes: readonly Size[]): Tensor[] =>
      this.#keep[part] === 1
        ? []
        : sizes.map((size, i) => {
            const seed = this.#seedFor(part, i);
            return randomUniform([1, ...dimsOf(size)], { dtype, ...(seed !== undefined && { seed }) });
          });
    return {
      input: draw('input', inputSize === undefined ? [] : [inputSize]),
      state: draw('state', flatSizes(this.stateSize)),
      output: draw('output', [this.outputSize]),
    };
  }
}

/** A probability as given, or the number that a constant tensor is. */
function keepProbOf(part: Part, given: TensorLike): TensorLike {
  const value = isTensor(given) ? given.value?.[0] : undefined;
  const keep = value ?? given;
  if (typeof keep === 'number' && !(keep > 0 && keep <= 1)) {
    return refuse('DropoutWrapper', `expected ${part}KeepProb in (0, 1], got ${keep}. It is the part that is kept.`);
  }
  return keep === 1 ? keep : given;
}

/** By default all tensors of a state are dropped but the memory of LSTMs, which dropout would erase. */
const exceptMemory = (state: Structure): DropoutStateFilter =>
  isTensor(state) || Object.keys(state).sort().join() !== 'c,h' || { c: false, h: true };

const isBoolean = (x: unknown): x is boolean => typeof x === 'boolean';

/** Whether each tensor of a state is dropped: the filter is asked about the whole, then about each part that it lets through. */
function filtered(state: Structure, filter: StateFilter, answer = filter(state)): Nested<boolean> {
  if (isTensor(state) ? !isBoolean(answer) : !isBoolean(answer) && !sameParts(state, answer)) {
    return refuse(
      'DropoutWrapper',
      'the state filter gives another structure than the state has. Return true or false, or one of them for each part.',
    );
  }
  if (isTensor(state)) return answer === true;
  const answers = new Map(Object.entries(isBoolean(answer) ? {} : answer));
  const parts = Object.entries(state).map(([key, below]: [string, Structure]): [string, Nested<boolean>] => {
    const own = answers.get(key) ?? answer;
    const asks = own === true && (answer === true || !isTensor(below));
    return [key, asks ? filtered(below, filter) : filtered(below, filter, own)];
  });
  return Array.isArray(state) ? parts.map(([, below]) => below) : Object.fromEntries(parts);
}

/** Whether two structures have the same parts at their outermost level. */
const sameParts = (a: object, b: object): boolean =>
  Array.isArray(a) === Array.isArray(b) && Object.keys(a).sort().join() === Object.keys(b).sort().join();
