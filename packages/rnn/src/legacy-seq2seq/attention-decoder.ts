import {
  type Structure,
  type Tensor,
  type TensorLike,
  add,
  concat,
  dimOf,
  expandDims,
  getVariable,
  matmul,
  mul,
  reduceSum,
  refuse,
  reshape,
  reuseVariables,
  showSpec,
  tanh,
  toTensor,
  toTensors,
  variableScope,
  zeros,
} from '@tensorloom/graph';
import { nn } from '@tensorloom/nn';
import { type Cell, flatState, inputDepth } from '../cell.js';
import { type Layer, linear } from '../linear.js';
import type { Decoded } from './feed-previous.js';
import type { LoopFunction } from './loop-function.js';

/** Options of decoders with attention. */
export interface AttentionOptions {
  /** How many places are attended to at once; default 1. */
  readonly numHeads?: number;
  /** Attend once before the first step, with the initial state; default false. */
  readonly initialStateAttention?: boolean;
}

/** Options of `attentionDecoder`. */
export interface AttentionDecoderOptions extends AttentionOptions {
  /** Units of the outputs; default: the cell's. */
  readonly outputSize?: number | undefined;
  /** Makes each input but the first of the output before, in place of those given. */
  readonly loopFunction?: LoopFunction | undefined;
  /** Variable scope; default 'attention_decoder'. */
  readonly scope?: string;
}

/**
 * As `rnnDecoder`, with a look at `attentionStates` [batch, time, depth] at each step: the cell reads its input and what was attended to, its new
 * state is the query, and the output is made of the cell's and what the query found (Vinyals et al., "Grammar as a Foreign
 * Language", 2014). Variables `AttnW_0`, `AttnV_0`, `Attention_0/{kernel, bias}`, `kernel`, `bias`, `AttnOutputProjection/{kernel, bias}`.
 * TensorFlow: `tf.contrib.legacy_seq2seq.attention_decoder`.
 */
export function attentionDecoder<S extends Structure>(
  decoderInputs: readonly TensorLike[],
  initialState: S,
  attentionStates: TensorLike,
  cell: Cell<S>,
  options: AttentionDecoderOptions = {},
): Decoded<S> {
  const what = 'attentionDecoder';
  const { loopFunction, initialStateAttention = false, scope = 'attention_decoder' } = options;
  const { numHeads = 1, outputSize = cell.outputSize } = options;
  if (decoderInputs.length === 0) refuse(what, 'expected at least one decoder input, got none.');
  if (!Number.isInteger(numHeads) || numHeads < 1) refuse(what, `expected at least one head, got ${numHeads}.`);
  if (typeof outputSize !== 'number')
    return refuse(what, `expected a cell whose output is [batch, units], got ${outputSize.toString()}.`);
  return variableScope(scope, () => {
    const memory = toTensor(attentionStates, undefined, what);
    const heads = Array.from({ length: numHeads }, (_, i) => new Head(what, memory, i));
    const inputs = toTensors(what, decoderInputs);
    const attend = (state: S): Tensor[] => heads.map((head) => head.attend(concat(flatState(state), 1)));
    const [batch, size] = [dimOf(inputs[0], 0), heads[0].size];
    const attended = numHeads * size;

    let state = initialState;
    let seen = initialStateAttention ? attend(state) : heads.map(() => zeros([batch, size], { dtype: memory.dtype }));
    let join: Layer | undefined;
    let project: Layer | undefined;
    const outputs: Tensor[] = [];
    for (const [i, given] of inputs.entries()) {
      const input = i === 0 || loopFunction === undefined ? given : loopFunction(outputs[i - 1], i);
      const depth = inputDepth(what, input);
      join ??= linear(depth + attended, depth, input.dtype);
      const read = join(input, ...seen);
      const call = (): readonly [Tensor, S] => cell.call(read, state);
      const [output, next] = i === 0 ? call() : reuseVariables(call);
      seen = attend(next);
      project ??= variableScope('AttnOutputProjection', () =>
        linear(inputDepth(what, output) + attended, outputSize, output.dtype),
      );
      outputs.push(project(output, ...seen));
      state = next;
    }
    return [outputs, state];
  });
}

/** One look at the attention states. */
class Head {
  /** Depth of what is attended to. */
  readonly size: number;
  readonly #memory: Tensor;
  readonly #features: Tensor;
  readonly #v: Tensor;
  readonly #scope: string;
  #query: Layer | undefined;

  constructor(what: string, memory: Tensor, index: number) {
    const { dtype } = memory;
    const size = memory.shape?.[2] ?? null;
    if (memory.shape?.length !== 3 || size === null) {
      refuse(what, `expected attentionStates [batch, time, depth] of known depth, got ${showSpec(memory.spec)}.`, [
        memory,
      ]);
    }
    this.size = size;
    this.#memory = memory;
    this.#scope = `Attention_${index}`;
    // TensorFlow keeps it in the shape of a 1 x 1 convolution.
    const w = getVariable(`AttnW_${index}`, [1, 1, size, size], { dtype });
    this.#v = getVariable(`AttnV_${index}`, [size], { dtype }).value();
    const flat = matmul(reshape(memory, [-1, size]), reshape(w, [size, size]));
    this.#features = reshape(flat, [dimOf(memory, 0), memory.shape[1] ?? dimOf(memory, 1), size]);
  }

  /** The memory, weighted by how well it fits the query: [batch, depth]. */
  attend(query: Tensor): Tensor {
    this.#query ??= variableScope(this.#scope, () =>
      linear(inputDepth('attentionDecoder', query), this.size, query.dtype),
    );
    const fit = tanh(add(this.#features, expandDims(this.#query(query), 1)));
    const alignments = nn.softmax(reduceSum(mul(this.#v, fit), 2));
    return reduceSum(mul(expandDims(alignments, 2), this.#memory), 1);
  }
}
