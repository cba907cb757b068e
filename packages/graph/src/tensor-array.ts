import { apply, defaultGraph } from './context.js';
import type { DType } from './dtype.js';
import type { Graph } from './graph.js';
import { refuse } from './node.js';
import { control } from './ops/control.js';
import { type TensorLike, toInts, toTensor } from './ops/convert.js';
import { range } from './ops/create.js';
import {
  listConcat,
  listGet,
  listLength,
  listPick,
  listPlace,
  listPut,
  listReserve,
  listSplit,
  listStack,
  listUnstack,
  rowsOf,
} from './ops/list.js';
import { size as sizeOf } from './ops/shape.js';
import { type Shape, compatible, mergeShapes, showShape } from './shape.js';
import { isNarrower, listSpec } from './spec.js';
import { List, type Tensor, asTensors } from './tensor.js';

/** What the elements of a `TensorArray` are, and how it is used. */
export interface TensorArrayOptions {
  /** What is known of the shape of every element; default: what is known of those written. */
  readonly elementShape?: Shape;
  /** Whether all elements have one shape, so that each one written tells more of it; default true. */
  readonly inferShape?: boolean;
  /** Whether writing beyond the end makes the array longer; default false. */
  readonly dynamicSize?: boolean;
  /**
   * Whether reading an element of which the index is a constant twice, in one graph or body, is refused. Default false: nothing is
   * saved by clearing here, where TensorFlow's default is true.
   */
  readonly clearAfterRead?: boolean;
  /** Name of the array's op. */
  readonly name?: string;
}

/** What all versions of one array share. */
interface Common {
  readonly dtype: DType;
  readonly inferShape: boolean;
  readonly dynamicSize: boolean;
  /** The indices that were read in each graph, where an element may be read only once. */
  readonly cleared: Map<Graph, Set<number>> | null;
  /** What is known of every element's shape; what is written tells more. */
  elementShape: Shape;
}

/**
 * An array of tensors of one dtype, each written once and read as often as one likes; a loop variable like any tensor. An array
 * never changes: what writes returns a new one. An element never written reads as zeros where its shape is known while the graph
 * is built; otherwise the run fails and names its index, as it does at an index out of range and where an element is written
 * twice. Throws a `GraphError` when dtypes or shapes differ. TensorFlow: `tf.TensorArray`.
 */
export class TensorArray {
  readonly kind = 'tensorArray';
  readonly #common: Common;
  readonly #list: List;
  /** The number of elements where it is fixed and known in this graph or one around it. */
  #size: Tensor | null = null;

  /** `size` elements, none of them written. */
  constructor(dtype: DType, size?: TensorLike, options?: TensorArrayOptions);
  /** Another version of an array: what a body or a loop makes of it. */
  constructor(array: TensorArray, list: List);
  constructor(of: DType | TensorArray, content: TensorLike | List = 0, options: TensorArrayOptions = {}) {
    if (of instanceof TensorArray) {
      if (!(content instanceof List)) throw new TypeError('TensorArray: expected a list as the content of an array.');
      this.#common = of.#common;
      this.#list = content;
      return;
    }
    if (content instanceof List) throw new TypeError('TensorArray: expected the number of elements, got a list.');
    const { elementShape, inferShape = true, dynamicSize = false, clearAfterRead = false, name } = options;
    const size = toInts(content, 'TensorArray');
    if (!compatible(size.shape, []) || size.dtype !== 'int32') {
      refuse('TensorArray', 'expected the size as an int32 scalar. Use cast(), or reshape it to [].', [size]);
    }
    const fixed = size.value?.[0] ?? 0;
    if (fixed < 0) refuse('TensorArray', `expected a size of 0 or more, got ${fixed}.`);
    const cleared = clearAfterRead ? new Map<Graph, Set<number>>() : null;
    this.#common = { dtype: of, inferShape, dynamicSize, cleared, elementShape };
    this.#list = listReserve(listSpec(of, elementShape), size, name);
    if (!dynamicSize) this.#size = size;
  }

  get dtype(): DType {
    return this.#common.dtype;
  }

  /** What is known of the shape of every element. */
  get elementShape(): Shape {
    return this.#common.elementShape;
  }

  get dynamicSize(): boolean {
    return this.#common.dynamicSize;
  }

  /** The array as a list, the kind of value it is in the graph. */
  get list(): List {
    const { dtype, elementShape } = this.#common;
    const spec = listSpec(dtype, elementShape);
    if (isNarrower(this.#list.spec, spec)) return this.#list;
    const [known] = apply(control.assumeShape, [this.#list], { spec }).outputs;
    return known instanceof List ? known : this.#list;
  }

  /** The number of elements, written or not: an int32 scalar. */
  size(): Tensor {
    return this.#size ?? listLength(this.#list);
  }

  /** The element at `index`. */
  read(index: TensorLike): Tensor {
    const at = toInts(index, 'TensorArray.read');
    this.#clear(at);
    return asTensors([listGet(this.list, at)])[0];
  }

  /** The array with `value` written at `index`. */
  write(index: TensorLike, value: TensorLike): TensorArray {
    const what = 'TensorArray.write';
    const x = this.#operand(value, what);
    this.#learn(x.shape, what, x);
    const { dynamicSize: grows } = this;
    return this.#next(listPut(this.list, x, toInts(index, what), { adds: false, grows }));
  }

  /** All elements as one tensor, along a new first axis. */
  stack(): Tensor {
    return listStack(this.list, this.size());
  }

  /** The array with the rows of `value` written at 0, 1, ... */
  unstack(value: TensorLike): TensorArray {
    const x = this.#operand(value, 'TensorArray.unstack');
    return this.#rowsAt(range(0, rowsOf(this.#ranked(x, 'TensorArray.unstack'))), x, 'TensorArray.unstack');
  }

  /** The elements at `indices`, a vector, as one tensor along a new first axis. */
  gather(indices: TensorLike): Tensor {
    const at = this.#indices(indices, 'TensorArray.gather');
    return listStack(listPick(this.list, at, true), sizeOf(at));
  }

  /** The array with the rows of `value` written at `indices`, a vector. */
  scatter(indices: TensorLike, value: TensorLike): TensorArray {
    const what = 'TensorArray.scatter';
    return this.#rowsAt(this.#indices(indices, what), this.#operand(value, what), what);
  }

  /** The array as a new node, which control dependencies can order. */
  identity(): TensorArray {
    const [same] = apply(control.identity, [this.list], {}).outputs;
    return same instanceof List ? this.#next(same) : this;
  }

  /** The elements joined along their first axis, in which they may differ where the array does not infer shapes. */
  concat(): Tensor {
    return listConcat(this.list);
  }

  /** The array with consecutive pieces of `value`'s first axis written at 0, 1, ...; `lengths` has one entry for each element. */
  split(value: TensorLike, lengths: TensorLike): TensorArray {
    const what = 'TensorArray.split';
    const x = this.#ranked(this.#operand(value, what), what);
    const sizes = this.#indices(lengths, what);
    const pieces = listSplit(x, sizes, this.dynamicSize ? undefined : this.size());
    this.#learn(pieces.elementShape, what, x);
    const { dynamicSize: grows } = this;
    return this.#next(listPlace(this.list, pieces, range(0, sizeOf(sizes)), { adds: false, grows }));
  }

  toString(): string {
    return `TensorArray(${this.#list.name} ${this.dtype}${showShape(this.elementShape)})`;
  }

  #rowsAt(indices: Tensor, x: Tensor, what: string): TensorArray {
    const rows = rowsOf(this.#ranked(x, what));
    this.#learn(x.shape?.slice(1), what, x);
    const { dynamicSize: grows } = this;
    return this.#next(listPlace(this.list, listUnstack(x, rows), indices, { adds: false, grows }));
  }

  #next(list: List): TensorArray {
    const next = new TensorArray(this, list);
    next.#size = this.#size;
    return next;
  }

  #operand(value: TensorLike, what: string): Tensor {
    const x = toTensor(value, this.dtype, what);
    if (x.dtype === this.dtype) return x;
    return refuse(what, `expected ${this.dtype}, the dtype of the array, got ${x.dtype}. Use cast().`, [x]);
  }

  #ranked(x: Tensor, what: string): Tensor {
    return x.shape?.length === 0 ? refuse(what, 'expected a tensor of rank 1 or more, got a scalar.', [x]) : x;
  }

  #indices(x: TensorLike, what: string): Tensor {
    const t = toInts(x, what);
    if (compatible(t.shape, [null])) return t;
    return refuse(what, `expected a vector of integers, got shape ${showShape(t.shape)}.`, [t]);
  }

  /** Notes that an element is read, where that clears it. */
  #clear(index: Tensor): void {
    const { cleared } = this.#common;
    const at = index.value?.[0] ?? null;
    if (cleared === null || at === null) return;
    const graph = defaultGraph();
    const seen = cleared.get(graph) ?? new Set();
    if (seen.has(at)) {
      refuse(
        'TensorArray.read',
        `element ${at} was read before and is cleared, as clearAfterRead asks for. Read it once, or leave out clearAfterRead.`,
        [index],
      );
    }
    cleared.set(graph, seen.add(at));
  }

  /** Notes the shape of an element that is written. */
  #learn(shape: Shape, what: string, x: Tensor): void {
    const { elementShape, inferShape } = this.#common;
    if (!compatible(elementShape, shape)) {
      refuse(
        what,
        `expected an element of shape ${showShape(elementShape)}, the element shape of the array, got ${showShape(shape)}. Reshape it, or make the array with inferShape: false.`,
        [x],
      );
    }
    if (inferShape) this.#common.elementShape = mergeShapes(elementShape, shape) ?? elementShape;
  }
}

/** Whether `x` is an array of tensors. */
export const isTensorArray = (x: unknown): x is TensorArray => x instanceof TensorArray;
