import {
  type CheckpointEvery,
  type DType,
  type Structure,
  type Tensor,
  TensorArray,
  type TensorLike,
  apply1,
  compatibleSpecs,
  constant,
  control,
  flatten,
  isNarrower,
  isTensor,
  lessEqual,
  logicalNot,
  logicalOr,
  packLike,
  reduceAll,
  refuse,
  showStructure,
  toInts,
  transpose,
  variableScope,
  where,
  whileLoop,
  zerosLike,
} from '@tensorloom/graph';
import { type CellState, type StateLeaf, packState, stateLeaves } from '../cell.js';
import type { Decoder, FinalizingDecoder } from './decoder.js';

/** How `dynamicDecode` runs. */
export interface DynamicDecodeOptions {
  /** Whether the first axis of the outputs is time; default false: [batch, time, ...]. */
  readonly outputTimeMajor?: boolean;
  /** Put out zeros and keep the state in rows that are finished; default false. */
  readonly imputeFinished?: boolean;
  /** Stop after this many steps, an int32 scalar; default: when all rows are finished. */
  readonly maximumIterations?: TensorLike;
  /** Accepted for TensorFlow's sake; steps run one after the other. */
  readonly parallelIterations?: number;
  /** What the gradient needs of the steps waits in host memory; default false. */
  readonly swapMemory?: boolean;
  /** Keep the state for the gradient only every so many steps, and run the steps between again; see `MemoryOptions`. */
  readonly checkpointEvery?: CheckpointEvery;
  /** Variable scope; default 'decoder'. */
  readonly scope?: string;
}

const isDType = (x: unknown): x is DType => typeof x === 'string';

/**
 * Runs a decoder until all rows are finished: returns what it put out, [batch, time, ...] in the decoder's structure or as its `finalize`
 * makes it, its final state, and each row's number of steps, int32 [batch]. The decoder's `initialize` and `step` are called once.
 * TensorFlow: `tf.contrib.seq2seq.dynamic_decode`.
 */
export function dynamicDecode<O extends Structure, S extends CellState, F>(
  decoder: FinalizingDecoder<O, S, F>,
  options?: DynamicDecodeOptions,
): [outputs: F, finalState: S, sequenceLengths: Tensor];
export function dynamicDecode<O extends Structure, S extends CellState>(
  decoder: Decoder<O, S>,
  options?: DynamicDecodeOptions,
): [outputs: O, finalState: S, sequenceLengths: Tensor];
export function dynamicDecode<O extends Structure, S extends CellState>(
  decoder: Decoder<O, S> | FinalizingDecoder<O, S, unknown>,
  options: DynamicDecodeOptions = {},
): [outputs: unknown, finalState: S, sequenceLengths: Tensor] {
  const { outputTimeMajor = false, maximumIterations, scope = 'decoder' } = options;
  return variableScope(scope, () => {
    const limit = maximumIterations === undefined ? undefined : toInts(maximumIterations, 'dynamicDecode');
    const [stacked, last, lengths] = decodeSteps(decoder, limit, options);
    const [outputs, finalState]: readonly [unknown, S] = isFinalizing(decoder)
      ? decoder.finalize(stacked, last, lengths)
      : [stacked, last];
    return [outputTimeMajor ? outputs : batchMajor(outputs), finalState, lengths];
  });
}

const isFinalizing = <O extends Structure, S extends CellState>(
  decoder: Decoder<O, S> | FinalizingDecoder<O, S, unknown>,
): decoder is FinalizingDecoder<O, S, unknown> => 'finalize' in decoder;

/** The steps: what they put out, [time, batch, ...], the final state, and the rows' lengths. */
function decodeSteps<O extends Structure, S extends CellState>(
  decoder: Decoder<O, S>,
  limit: Tensor | undefined,
  { imputeFinished = false, swapMemory = false, checkpointEvery }: DynamicDecodeOptions,
): [O, S, Tensor] {
  if (imputeFinished && decoder.tracksOwnFinished === true) {
    refuse(
      'dynamicDecode',
      'this decoder keeps track of what is finished itself, as its rows change places; imputeFinished cannot. Leave imputeFinished out.',
    );
  }
  const [finishedAtFirst, firstInputs, initialState] = decoder.initialize();
  const inputs = flatten(firstInputs, isTensor, 'dynamicDecode: inputs');
  const state = stateLeaves(initialState);
  const arrays = flatten(decoder.outputDtype, isDType, 'dynamicDecode: outputDtype').map(
    (dtype) => new TensorArray(dtype, 0, { dynamicSize: true }),
  );
  // Finished rows keep their state; an array has no rows, and a scalar belongs to all.
  const kept = (finished: Tensor, old: StateLeaf, fresh: StateLeaf): StateLeaf =>
    imputeFinished && isTensor(old) && isTensor(fresh) && old.shape?.length !== 0 ? where(finished, old, fresh) : fresh;

  const [, outputs, last, , , lengths] = whileLoop(
    (_time: Tensor, _outputs: unknown, _state: unknown, _inputs: unknown, finished: Tensor) =>
      logicalNot(reduceAll(finished)),
    (
      time: Tensor,
      written: readonly TensorArray[],
      now: readonly StateLeaf[],
      given: readonly Tensor[],
      finished: Tensor,
      steps: Tensor,
    ) => {
      const [emitted, after, nextInputs, ends] = decoder.step(
        time,
        packLike(firstInputs, given, isTensor) as Structure,
        packState(initialState, now),
      );
      const put = flatten(emitted, isTensor, 'dynamicDecode: outputs');
      if (put.length !== written.length) {
        refuse(
          'dynamicDecode',
          `a step put out ${showStructure(emitted, isTensor)}, expected the structure of the decoder's outputDtype, ${showStructure(decoder.outputDtype, isDType)}.`,
          put,
        );
      }
      const emits = imputeFinished ? put.map((t) => where(finished, zerosLike(t), t)) : put;
      return [
        time.add(1),
        written.map((array, i) => array.write(time, emits[i])),
        asKnown(stateLeaves(after), state).map((leaf, i) => kept(finished, now[i], leaf)),
        asKnown(flatten(nextInputs, isTensor, 'dynamicDecode: inputs'), inputs),
        decoder.tracksOwnFinished === true ? ends : logicalOr(ends, finished),
        where(finished, steps, time.add(1)),
      ];
    },
    [
      constant(0, { dtype: 'int32' }),
      arrays,
      state,
      inputs,
      limit === undefined ? finishedAtFirst : logicalOr(finishedAtFirst, lessEqual(limit, 0)),
      zerosLike(finishedAtFirst, { dtype: 'int32' }),
    ],
    {
      swapMemory,
      ...(limit !== undefined && { maximumIterations: limit }),
      ...(checkpointEvery !== undefined && { checkpointEvery }),
    },
  );
  const stacked = packLike(
    decoder.outputDtype,
    outputs.map((array) => array.stack()),
    isDType,
  ) as O;
  return [stacked, packState(initialState, last), lengths];
}

/** Values for the next step, with what is known of the shapes of the first ones. */
const asKnown = <T extends StateLeaf>(next: readonly T[], first: readonly T[]): T[] =>
  next.map((t, i) => {
    const like = i in first ? first[i] : t;
    if (!isTensor(t) || !isTensor(like) || isNarrower(t.spec, like.spec) || !compatibleSpecs(t.spec, like.spec))
      return t;
    return apply1(control.assumeShape, [t], { spec: like.spec }) as typeof t;
  });

/** Outputs [time, batch, ...] as [batch, time, ...]. */
const batchMajor = (outputs: unknown): unknown =>
  packLike(
    outputs,
    flatten(outputs, isTensor, 'dynamicDecode: outputs').map((t) =>
      transpose(t, [1, 0, ...Array.from({ length: (t.shape?.length ?? 2) - 2 }, (_, i) => i + 2)]),
    ),
    isTensor,
  );
