import {
  type DType,
  type Initializer,
  type Nested,
  type Reuse,
  type Structure,
  type Tensor,
  type TensorArray,
  type TensorLike,
  compatible,
  flatten,
  isTensor,
  isTensorArray,
  nameScope,
  packLike,
  refuse,
  showSpec,
  toTensor,
  variableScope,
  zeros,
} from '@tensorloom/graph';
import { type Size, dimsOf, isSize } from './tensor-shape.js';

/**
 * Sizes of a state: a number of units, a `TensorShape`, or a structure of them like the state itself. A number of units that only a run
 * knows is an int32 scalar.
 */
export type StateSize = Nested<Size | Tensor>;

/** What a state is made of. */
export type StateLeaf = Tensor | TensorArray;

/** The state of a cell: tensors in a structure, and arrays of tensors, which not every driver carries from step to step. */
export type CellState = Nested<StateLeaf>;

/**
 * One step of a recurrent network. Any object with these members is a cell. `call` takes an input [batch, depth], or
 * [batch, ...shape], or a structure of such inputs, and a state and returns the output [batch, outputSize] and the next state, of the same
 * structure.
 */
export interface Cell<S extends CellState = Structure, I extends Structure = Tensor> {
  readonly stateSize: StateSize;
  readonly outputSize: Size;
  zeroState(batchSize: TensorLike, dtype: DType): S;
  call(input: I, state: S): readonly [Tensor, S];
}

const isStateSize = (x: unknown): x is Size | Tensor => isSize(x) || isTensor(x);

/** The sizes of the tensors of a state, in the order of `flatState`. Throws where only a run knows one. */
export const flatSizes = (stateSize: StateSize): Size[] =>
  flatten(stateSize, isStateSize, 'stateSize').map((size) =>
    isTensor(size)
      ? refuse('stateSize', 'expected sizes that are known, got one that only a run knows. Use zeroState().', [size])
      : size,
  );

/** Zeros of a state of the given sizes: [batch, size] each, or [batch, ...shape]. TensorFlow: `RNNCell.zero_state`. */
export function zeroStateOf(stateSize: StateSize, batchSize: TensorLike, dtype: DType): Structure {
  const batch = typeof batchSize === 'number' ? batchSize : toTensor(batchSize, 'int32', 'zeroState');
  return nameScope(
    'zero_state',
    () =>
      packLike(
        stateSize,
        flatSizes(stateSize).map((size) => zeros([batch, ...dimsOf(size)], { dtype })),
        isSize,
      ) as Structure,
  );
}

/** Tells what a state is made of from structures of it. */
export const isStateLeaf = (x: unknown): x is StateLeaf => isTensor(x) || isTensorArray(x);

/** The tensors of a state and its arrays of tensors, in a fixed order. */
export const stateLeaves = (state: unknown): StateLeaf[] => flatten(state, isStateLeaf, 'state');

/** The tensors of a state, in a fixed order. Throws when there is an array of tensors. */
export const flatState = (state: unknown): Tensor[] =>
  stateLeaves(state).map((leaf) =>
    isTensorArray(leaf)
      ? refuse(
          'state',
          'expected a state of tensors, got one that holds a TensorArray, such as the alignmentHistory of an AttentionWrapper. Run it by dynamicDecode or whileLoop, or leave the history out.',
        )
      : leaf,
  );

/** A state of the structure of `like`, in the order of `stateLeaves`. */
export const packState = <S extends CellState>(like: S, leaves: readonly StateLeaf[]): S =>
  packLike(like, leaves, isStateLeaf) as S;

/** Options of every cell of this library. */
export interface CellOptions {
  /** Scope of the cell's variables; default: the cell's own, such as `basic_rnn_cell`. */
  readonly name?: string;
  /** Share the variables of the cell of that name; default: as the variable scope says. */
  readonly reuse?: Reuse;
}

/** A cell that makes its variables at its first call, in a scope of its own, and shares them in later calls. */
export abstract class ScopedCell<S extends CellState, V, I extends Structure = Tensor> implements Cell<S, I> {
  abstract readonly stateSize: StateSize;
  abstract readonly outputSize: Size;
  readonly #scope: string;
  readonly #reuse: Reuse | undefined;
  #variables: V | undefined;
  /** The input of the first step. */
  #first: I | undefined;

  constructor(defaultName: string, { name = defaultName, reuse }: CellOptions) {
    this.#scope = name;
    this.#reuse = reuse;
  }

  zeroState(batchSize: TensorLike, dtype: DType): S {
    const zeros: unknown = zeroStateOf(this.stateSize, batchSize, dtype);
    return zeros as S;
  }

  /** Makes the variables, given the first input. */
  protected abstract build(input: I): V;
  /** The step itself. */
  protected abstract step(input: I, state: S, variables: V): readonly [Tensor, S];

  call(input: I, state: S): readonly [Tensor, S] {
    this.#checkDepth(input);
    const known = this.#variables;
    // 'auto', for cells inside a wrapper that ask for their variables at every step.
    const reuse = known === undefined ? this.#reuse : 'auto';
    const result = variableScope(this.#scope, reuse === undefined ? {} : { reuse }, () =>
      this.step(input, state, known === undefined ? (this.#variables = this.build(input)) : known),
    );
    this.#first ??= input;
    return result;
  }

  /** Throws when an input has other dimensions than the one that the variables were made for. */
  #checkDepth(input: I): void {
    if (this.#first === undefined) return;
    const [made, now] = [this.#first, input].map((of) => flatten(of, isTensor, 'input'));
    if (made.every((x, i) => compatible(x.shape?.slice(1), now.at(i)?.shape?.slice(1)))) return;
    const [want, got] = [made, now].map((xs) => xs.map((x) => showSpec(x.spec)).join(', '));
    refuse(
      this.#scope,
      `this cell's variables were made for an input ${want}, got ${got}. Make a cell of its own for each input size.`,
      [...made, ...now],
    );
  }
}

/** Throws when `n` is no number of units. */
export function checkUnits(cell: string, n: number, what = 'units'): void {
  if (!Number.isInteger(n) || n < 1) throw new TypeError(`${cell}: expected a positive number of ${what}, got ${n}.`);
}

/** An initializer as an option of `getVariable`: without one the variable scope's is used. */
export const kernelOptions = (initializer: Initializer | undefined): { readonly initializer?: Initializer } =>
  initializer === undefined ? {} : { initializer };

/** The depth of an input [batch, depth]; throws when it is not known. */
export function inputDepth(cell: string, input: Tensor): number {
  const depth = input.shape?.[1] ?? null;
  if (input.shape?.length !== 2 || depth === null) {
    throw new TypeError(
      `${cell}: expected an input of shape [batch, depth] with a known depth, got ${input.toString()}. Give the placeholder's last dimension.`,
    );
  }
  return depth;
}
