import {
  type DType,
  type Node,
  type Structure,
  type Tensor,
  TensorArray,
  type TensorLike,
  add,
  assert,
  compatible,
  concat,
  constant,
  controlDependencies,
  dimOf,
  equal,
  expandDims,
  identity,
  isTensor,
  matmul,
  nameScope,
  refuse,
  showShape,
  showSpec,
  showStructure,
  squeeze,
  toTensor,
  uniqueScope,
  variableScope,
  zeros,
} from '@tensorloom/graph';
import { layers } from '@tensorloom/nn';
import { type Cell, type CellOptions, type StateSize, checkUnits, flatSizes, flatState, packState } from '../cell.js';
import { type Size, TensorShape, dimsOf, isSize } from '../tensor-shape.js';
import type { AttentionMechanism } from './attention-mechanism.js';

/** One mechanism, or several whose attentions are joined. */
export type AttentionMechanisms = AttentionMechanism<Structure> | readonly AttentionMechanism<Structure>[];

/** One thing, or one for each mechanism, as the mechanisms were given. */
type Each<M, T> = M extends readonly unknown[] ? readonly T[] : T;

type StateOf<M> = M extends AttentionMechanism<infer A> ? A : never;

/**
 * The state of an `AttentionWrapper`. Where mechanisms were given as an array, `alignments`, `attentionState` and `alignmentHistory` are
 * arrays too. Another state of the wrapped cell goes in as `{ ...state, cellState }`. TensorFlow: `tf.contrib.seq2seq.AttentionWrapperState`.
 */
export type AttentionWrapperState<
  S extends Structure = Structure,
  M extends AttentionMechanisms = AttentionMechanism,
  H extends boolean = boolean,
> = {
  /** The wrapped cell's state. */
  readonly cellState: S;
  /** What was attended to in the step before: [batch, attention size]. */
  readonly attention: Tensor;
  /** The number of steps until now, an int32 scalar. */
  readonly time: Tensor;
  /** How much each place of the memory was attended to in the step before: [batch, time]. */
  readonly alignments: Each<M, Tensor>;
  /** The alignments of all steps until now, if they are kept: `stack()` of it is [steps, batch, time]. */
  readonly alignmentHistory: H extends true ? Each<M, TensorArray> : readonly [];
  /** The mechanism's state. */
  readonly attentionState: M extends readonly unknown[] ? readonly StateOf<M[number]>[] : StateOf<M>;
};

/** A layer that makes attention of the cell's output and the context, joined: `layers.Dense`, or what has its members. */
export interface AttentionLayer {
  /** The last dimension of what comes out. */
  readonly units: number;
  /** From [batch, cell output + memory depth] to [batch, units]. */
  apply(inputs: Tensor): Tensor;
}

/** Computes what an `AttentionWrapper` does with one mechanism: attention [batch, size], alignments [batch, time] and the mechanism's next state. */
export type AttentionFn = (
  mechanism: AttentionMechanism<Structure>,
  cellOutput: Tensor,
  attentionState: Structure,
  attentionLayer: AttentionLayer | null,
) => readonly [attention: Tensor, alignments: Tensor, nextAttentionState: Structure];

/** Options of an `AttentionWrapper`. */
export interface AttentionWrapperOptions<
  S extends Structure = Structure,
  H extends boolean = boolean,
> extends CellOptions {
  /** Units of a layer without bias that makes attention of the cell's output and the context, one for each mechanism; default: no such layer, the context is the attention. */
  readonly attentionLayerSize?: number | readonly number[] | null;
  /** The layer itself, one for each mechanism, in place of `attentionLayerSize`. */
  readonly attentionLayer?: AttentionLayer | readonly AttentionLayer[] | null;
  /** Whether the state keeps the alignments of all steps; default false. */
  readonly alignmentHistory?: H;
  /** The cell's input, of the wrapper's input and the attention of the step before; default: both joined. */
  readonly cellInputFn?: (input: Tensor, attention: Tensor) => Tensor;
  /** Whether attention is the output; default true. With false it is the cell's output, as in Bahdanau's model. */
  readonly outputAttention?: boolean;
  /** What `zeroState` gives as the wrapped cell's state; default: its own zero state. */
  readonly initialCellState?: S;
  /** In place of what the wrapper computes with each mechanism; what it returns must have the size that the options say. */
  readonly attentionFn?: AttentionFn;
}

/**
 * A cell that attends to a memory: it reads its input joined with the attention of the step before, its output is the query, the context is
 * the sum of the memory's values weighted by the mechanism's alignments, and attention is the context, or a layer of output and context.
 * Variables below `attention_wrapper`: the cell's, the mechanism's, and `attention_layer/kernel`. With `alignmentHistory` the state
 * holds arrays, which dynamicDecode and whileLoop carry, and dynamicRnn and staticRnn refuse. Throws when sizes or batches do not fit
 * together: the memory of a beam search is tiled by tileBatch. TensorFlow: `tf.contrib.seq2seq.AttentionWrapper`.
 */
export class AttentionWrapper<
  S extends Structure,
  M extends AttentionMechanisms = AttentionMechanism,
  H extends boolean = false,
> implements Cell<AttentionWrapperState<S, M, H>> {
  readonly outputSize: Size;
  readonly #cell: Cell<S>;
  readonly #mechanisms: readonly AttentionMechanism<Structure>[];
  readonly #many: boolean;
  readonly #options: AttentionWrapperOptions<S, H>;
  readonly #attentionSize: number;
  /** Made at the first call. */
  #layers: readonly (AttentionLayer | null)[] | undefined;

  constructor(cell: Cell<S>, mechanism: M, options: AttentionWrapperOptions<S, H> = {}) {
    const { outputAttention = true, initialCellState } = options;
    this.#cell = cell;
    this.#mechanisms = listed<AttentionMechanism<Structure>>(mechanism);
    this.#many = Array.isArray(mechanism);
    this.#options = options;
    this.#attentionSize = attentionSizes(this.#mechanisms, options).reduce((sum, n) => sum + n, 0);
    this.outputSize = outputAttention ? this.#attentionSize : cell.outputSize;
    if (initialCellState !== undefined) this.#checkCellState(initialCellState);
  }

  get stateSize(): StateSize {
    const places = this.#mechanisms.map((m) => m.alignmentsSize);
    const states = this.#mechanisms.map((m) => m.stateSize);
    const each = (sizes: readonly StateSize[]): StateSize => (this.#many ? sizes : sizes[0]);
    return {
      cellState: this.#cell.stateSize,
      attention: this.#attentionSize,
      time: new TensorShape([]),
      alignments: each(places),
      alignmentHistory: this.#options.alignmentHistory ? each(places) : [],
      attentionState: each(states),
    };
  }

  /** The wrapped cell's zero state, or `initialCellState`, with the mechanisms' initial alignments and states. */
  zeroState(batchSize: TensorLike, dtype: DType): AttentionWrapperState<S, M, H> {
    return nameScope('attention_wrapper_zero_state', () => {
      const { initialCellState, alignmentHistory } = this.#options;
      const batch = toTensor(batchSize, 'int32', 'AttentionWrapper');
      const cellState = initialCellState ?? this.#cell.zeroState(batchSize, dtype);
      const checks = [
        ...this.#batchChecks(batch, 'the state'),
        ...flatState(initialCellState ?? []).flatMap((s) => this.#batchChecks(dimOf(s, 0), 'initialCellState')),
      ];
      const alignments = this.#mechanisms.map((m) => m.initialAlignments(batchSize, dtype));
      return this.#state({
        cellState: packState(
          cellState,
          flatState(cellState).map((s) => after(checks, s)),
        ),
        attention: zeros([batchSize, this.#attentionSize], { dtype }),
        time: constant(0, { dtype: 'int32' }),
        alignments,
        histories: alignmentHistory
          ? alignments.map(({ shape }) => new TensorArray(dtype, 0, { dynamicSize: true, elementShape: shape }))
          : [],
        states: this.#mechanisms.map((m) => m.initialState(batchSize, dtype)),
      });
    });
  }

  call(input: Tensor, state: AttentionWrapperState<S, M, H>): readonly [Tensor, AttentionWrapperState<S, M, H>] {
    checkState(state);
    const { name = 'attention_wrapper' } = this.#options;
    // Later calls share the variables of the first.
    const reuse = this.#layers === undefined ? this.#options.reuse : 'auto';
    return variableScope(name, reuse === undefined ? {} : { reuse }, () =>
      this.#step(input, state, (this.#layers ??= this.#makeLayers())),
    );
  }

  #makeLayers(): readonly (AttentionLayer | null)[] {
    const { attentionLayer, attentionLayerSize } = this.#options;
    if (attentionLayer != null) return listed<AttentionLayer>(attentionLayer);
    if (attentionLayerSize == null) return this.#mechanisms.map(() => null);
    return listed<number>(attentionLayerSize).map(
      (units) => new layers.Dense(units, { name: uniqueScope('attention_layer'), useBias: false }),
    );
  }

  #step(
    input: Tensor,
    state: AttentionWrapperState<S, M, H>,
    attentionLayers: readonly (AttentionLayer | null)[],
  ): readonly [Tensor, AttentionWrapperState<S, M, H>] {
    const { cellInputFn = joined, attentionFn = attend, outputAttention = true } = this.#options;
    const { cellState, time } = state;
    const [output, nextCellState] = this.#cell.call(cellInputFn(input, state.attention), cellState);
    const query = after(this.#batchChecks(dimOf(output, 0), 'the query'), output);
    const states = this.#many ? listed<Structure>(state.attentionState) : [state.attentionState];
    const results = this.#mechanisms.map((m, i) => attentionFn(m, query, states[i], attentionLayers[i]));
    const attentions = results.map(([a]) => a);
    const attention = attentions.length === 1 ? attentions[0] : concat(attentions, 1);
    const alignments = results.map(([, a]) => a);
    const next = this.#state({
      cellState: nextCellState,
      attention,
      time: add(time, 1),
      alignments,
      histories: listed<TensorArray>(state.alignmentHistory).map((h, i) => h.write(time, alignments[i])),
      states: results.map(([, , s]) => s),
    });
    return [outputAttention ? attention : query, next];
  }

  /** What there is one of for each mechanism, alone or as an array, as the mechanisms were given. */
  #state({ histories, states, alignments, ...rest }: Parts<S>): AttentionWrapperState<S, M, H> {
    const each = <T>(all: readonly T[]): T | readonly T[] => (this.#many ? all : all[0]);
    return {
      ...rest,
      alignments: each(alignments),
      alignmentHistory: this.#options.alignmentHistory ? each(histories) : [],
      attentionState: each(states),
    } as AttentionWrapperState<S, M, H>;
  }

  /** Throws when a batch is known to be another than the memory's; else what fails the run when it is another. */
  #batchChecks(batch: Tensor, what: string): readonly Node[] {
    return this.#mechanisms.flatMap(({ values }) => {
      const memory = dimOf(values, 0);
      const [[want = null], [got = null]] = [memory.value ?? [], batch.value ?? []];
      if (want !== null && want === got) return [];
      const wrong = `AttentionWrapper: the memory and ${what} must have one batch size. For a beam search, tile the memory and its lengths by tileBatch, and ask for the zero state of batch size * beamWidth.`;
      if (want !== null && got !== null) {
        refuse('AttentionWrapper', `${wrong} Memory: ${want}, ${what}: ${got}.`, [values]);
      }
      return [assert(equal(memory, batch), `${wrong} Memory, then ${what}:`, [memory, batch])];
    });
  }

  #checkCellState(initial: S): void {
    const isSizeOf = (x: unknown): boolean => isSize(x) || isTensor(x);
    const [want, got] = [showStructure(this.#cell.stateSize, isSizeOf), showStructure(initial, isTensor)];
    if (want !== got) {
      refuse(
        'AttentionWrapper',
        `expected an initialCellState of the structure of the cell's state, ${want}, got ${got} (* is a tensor). Pass the encoder's final state, of a cell of the same kind.`,
      );
    }
    const sizes = flatSizes(this.#cell.stateSize);
    for (const [i, tensor] of flatState(initial).entries()) {
      const shape = [null, ...dimsOf(sizes[i])];
      if (!compatible(tensor.shape, shape)) {
        refuse(
          'AttentionWrapper',
          `expected an initialCellState of the sizes of the cell's state, there ${showShape(shape)}, got ${showSpec(tensor.spec)}. Use a cell with the units of the encoder's.`,
          [tensor],
        );
      }
    }
  }
}

/** A state in which there is an array of what there is one of for each mechanism. */
interface Parts<S extends Structure> {
  readonly cellState: S;
  readonly attention: Tensor;
  readonly time: Tensor;
  readonly alignments: readonly Tensor[];
  readonly histories: readonly TensorArray[];
  readonly states: readonly Structure[];
}

const isList = <T>(x: T | readonly T[]): x is readonly T[] => Array.isArray(x);
const listed = <T>(x: T | readonly T[]): readonly T[] => (isList(x) ? x : [x]);

const joined = (input: Tensor, attention: Tensor): Tensor => concat([input, attention], -1);

/** The tensor, which now waits for the checks. */
const after = (checks: readonly Node[], tensor: Tensor): Tensor =>
  checks.length === 0 ? tensor : controlDependencies([...checks], () => identity(tensor));

const attend: AttentionFn = (mechanism, cellOutput, attentionState, attentionLayer) => {
  const [alignments, next] = mechanism.call(cellOutput, attentionState);
  const context = squeeze(matmul(expandDims(alignments, 1), mechanism.values), [1]);
  const attention = attentionLayer === null ? context : attentionLayer.apply(concat([cellOutput, context], 1));
  return [attention, alignments, next];
};

/** How many units the attention of each mechanism has. */
function attentionSizes(
  mechanisms: readonly AttentionMechanism<Structure>[],
  { attentionLayer, attentionLayerSize }: AttentionWrapperOptions,
): readonly number[] {
  const fail = (wrong: string): never => refuse('AttentionWrapper', wrong);
  if (mechanisms.length === 0) fail('expected at least one mechanism, got none. Pass one, or an array of them.');
  if (attentionLayer != null && attentionLayerSize != null) {
    fail('got both attentionLayer and attentionLayerSize. Pass one of them.');
  }
  if (attentionLayer == null && attentionLayerSize == null) {
    return mechanisms.map(
      ({ values }) =>
        values.shape?.[2] ?? fail(`expected a memory of known depth, got ${showSpec(values.spec)}. Reshape it.`),
    );
  }
  const sizes =
    attentionLayer != null
      ? listed<AttentionLayer>(attentionLayer).map(({ units }) => units)
      : listed<number>(attentionLayerSize ?? []);
  if (sizes.length !== mechanisms.length) {
    const option = attentionLayer != null ? 'attentionLayer' : 'attentionLayerSize';
    fail(
      `expected one ${option} for each of ${mechanisms.length} mechanisms, got ${sizes.length}. Pass an array as long as that of the mechanisms.`,
    );
  }
  for (const units of sizes) checkUnits('AttentionWrapper', units, 'attention units');
  return sizes;
}

/** Throws when a state is no `AttentionWrapperState`, such as that of the wrapped cell. */
function checkState(state: object): void {
  const missing = ['cellState', 'attention', 'time', 'alignments', 'alignmentHistory', 'attentionState'].filter(
    (name) => !(name in state),
  );
  if (missing.length > 0) {
    refuse(
      'AttentionWrapper',
      `expected an AttentionWrapperState, got a state without ${missing.join(', ')}. Start from zeroState(), or pass { ...zeroState(), cellState }.`,
    );
  }
}
