import { bytesPerElement, sameShape, sizeOf } from '@tensorloom/graph';
import type { StaticBlock, StaticLoop, StaticStep, StaticTensor } from '@tensorloom/runtime';
import type { Cpu } from '../cpu.js';
import { elementSize } from '../element-size.js';
import { type Expression, constant } from '../emit/expression.js';
import { isRowMajor, mergeAxes, rowMajor } from './axes.js';
import { loopOps } from './ops/index.js';
import { type Call, MEETING, type Operand, type Pointer, Unsupported, type View, int, rows } from './program.js';
import { Region, regionCall } from './region.js';

/** Kernels read up to 16 bytes past the end of a tensor. */
const SLACK = 16;
const ABSOLUTE: Pointer = { kind: 'absolute' };

/** A matrix of n columns and k rows to pack before the first trip, and where to in the memory that threads share; strides in elements. */
export interface Pack {
  readonly v: number;
  readonly row: number;
  readonly column: number;
  readonly n: number;
  readonly k: number;
  readonly offset: number;
}

/** Turns the steps of a loop into calls, and decides where each value lies. */
export class Planner {
  #calls: Call[] = [];
  /** Bytes of the arenas and of the scratch memory. */
  readonly bytes = { shared: 0, own: 0, scratch: 0 };
  /** About how many elementary operations a trip takes. */
  work = 0;
  /** How many of them are in products with which other threads can help. */
  shared = 0;
  readonly packs: Pack[] = [];
  readonly #views = new Map<number, View>();
  readonly #targets = new Map<number, View>();
  readonly #users = new Map<number, StaticStep[]>();
  readonly #results: ReadonlySet<number>;
  #open: Region[] = [];

  /** `constantAt` puts the elements of a constant into memory, for as long as the loop is kept, and returns their address. */
  constructor(
    readonly cpu: Pick<Cpu, 'compiler' | 'wasm'>,
    readonly loop: StaticLoop,
    readonly batched: ReadonlySet<number>,
    readonly constantAt: (value: number) => number,
  ) {
    const { body, cond } = loop;
    this.#results = new Set([...body.results, ...(cond?.results ?? [])]);
    for (const step of [...body.steps, ...(cond?.steps ?? [])]) {
      for (const v of step.inputs) this.#users.set(v, [...(this.#users.get(v) ?? []), step]);
    }
  }

  /** The calls that a block takes; `end` may add to them. */
  plan(block: StaticBlock, end: () => void): readonly Call[] {
    this.#calls = [];
    for (const step of block.steps) {
      const op = loopOps.get(step.op);
      if (op === undefined) throw new Unsupported(step.op.name);
      op.plan(step, this);
    }
    while (this.#open.length > 0) this.#flush(this.#open[0]);
    end();
    return this.#calls;
  }

  type(v: number): StaticTensor {
    return this.loop.values[v];
  }

  /** Where threads meet; `undefined` where each has rows of its own to compute. */
  get meeting(): Operand | undefined {
    if (this.batched.size > 0) return undefined;
    return { kind: 'address', pointer: { kind: 'argument', word: MEETING }, offset: 0, row: 0 };
  }

  isBatched(v: number): boolean {
    return this.batched.has(v);
  }

  /** Where a value lies, which has been computed before. */
  view(v: number): View {
    const region = this.#open.find((r) => r.values.has(v));
    if (region !== undefined) this.#flush(region);
    const known = this.#views.get(v);
    if (known !== undefined) return known;
    if (!this.loop.constants.has(v)) throw new Unsupported(`value ${v}`);
    const { dtype, shape } = this.type(v);
    const view = { pointer: ABSOLUTE, offset: this.constantAt(v), strides: rowMajor(shape, elementSize(dtype)) };
    this.#views.set(v, view);
    return view;
  }

  define(v: number, view: View): void {
    this.#views.set(v, view);
  }

  /** Where a value is wanted, before it is computed. */
  want(v: number, view: View): void {
    this.#targets.set(v, view);
  }

  wanted(v: number): View | undefined {
    return this.#targets.get(v);
  }

  /** Where a value that is computed now goes. */
  target(v: number): View {
    const view = this.#targets.get(v) ?? this.allocate(this.type(v), this.isBatched(v));
    this.#views.set(v, view);
    return view;
  }

  /** Where a value that is computed now goes, with its elements one after the other. */
  denseTarget(v: number): View {
    const wanted = this.wanted(v);
    if (wanted !== undefined && this.isDense(v, wanted)) return this.target(v);
    const view = this.allocate(this.type(v), this.isBatched(v));
    this.define(v, view);
    return view;
  }

  isDense(v: number, { strides }: View): boolean {
    const { dtype, shape } = this.type(v);
    return isRowMajor(shape, strides, elementSize(dtype));
  }

  /** Where a value lies with its elements one after the other; it is copied where they do not. */
  dense(v: number): View {
    const view = this.view(v);
    if (this.isDense(v, view)) return view;
    const copy = this.allocate(this.type(v), this.isBatched(v));
    this.copy(view, copy, this.type(v), this.isBatched(v));
    return copy;
  }

  /** Room for a tensor, for one trip. */
  allocate({ dtype, shape }: StaticTensor, isBatched: boolean): View {
    const size = elementSize(dtype);
    const arena = isBatched ? 'shared' : 'own';
    const offset = this.bytes[arena];
    this.bytes[arena] += Math.ceil((sizeOf(shape) * size + SLACK) / 16) * 16;
    return { pointer: { kind: arena }, offset, strides: rowMajor(shape, size) };
  }

  /** Room for two tensors, of this trip and of the one before. */
  allocateTurns(type: StaticTensor, isBatched: boolean): View {
    const { pointer, offset, strides } = this.allocate(type, isBatched);
    const bytes = this.allocate(type, isBatched).offset - offset;
    return { pointer: { kind: 'turns', arena: pointer, offset, bytes }, offset: 0, strides };
  }

  /** Where the right operand of a product lies packed, which is a constant of the loop: packed once, before the first trip. */
  packed(v: number, row: number, column: number, n: number, k: number): Operand {
    let pack = this.packs.find((p) => p.v === v && p.row === row && p.column === column);
    if (pack === undefined) {
      const offset = this.bytes.shared;
      this.bytes.shared += Math.ceil((this.cpu.wasm.packedBytes(n, k) + SLACK) / 16) * 16;
      pack = { v, row, column, n, k, offset };
      this.packs.push(pack);
    }
    return { kind: 'address', pointer: { kind: 'shared' }, offset: pack.offset, row: 0 };
  }

  scratch(bytes: number): Operand {
    this.bytes.scratch = Math.max(this.bytes.scratch, bytes);
    return { kind: 'address', pointer: { kind: 'scratch' }, offset: 0, row: 0 };
  }

  call(target: Call['target'], ...operands: readonly Operand[]): void {
    this.#calls.push({ target, operands });
  }

  /** The address of the first element, of the thread's first row where the rows are cut. */
  address({ pointer, offset, strides }: View, isBatched: boolean): Operand {
    return { kind: 'address', pointer, offset, row: isBatched ? strides[0] : 0 };
  }

  /** Moves a tensor. */
  copy(from: View, to: View, { dtype, shape }: StaticTensor, isBatched: boolean): void {
    const size = elementSize(dtype);
    const outer = isBatched ? 1 : 0;
    const inner = mergeAxes(
      shape.slice(outer),
      [from, to].map(({ strides }) => strides.slice(outer)),
    );
    if (inner.length + outer > 4) throw new Unsupported('copy');
    while (inner.length + outer < 4) {
      inner.unshift({ length: 1, strides: inner.length === 0 ? [size, size] : [0, 0] });
    }
    const lengths = inner.map(({ length }) => int(length));
    const strides = [from, to].map((view, i) => [
      ...(isBatched ? [int(view.strides[0])] : []),
      ...inner.map((axis) => int(axis.strides[i])),
    ]);
    const count = isBatched ? [rows()] : [];
    const ends = [this.address(from, isBatched), this.address(to, isBatched)];
    const move = size === 1 ? 'move1' : size === 4 ? 'move4' : 'move8';
    this.call(move, ...ends, ...count, ...lengths, ...strides.flat());
  }

  /** Adds an elementwise op to those that are computed in one pass. */
  elementwise({ inputs, outputs: [out] }: StaticStep, define: (...operands: Expression[]) => Expression): void {
    const { shape } = this.type(out);
    const isBatched = this.isBatched(out);
    const fits = (r: Region): boolean => r.isBatched === isBatched && sameShape(r.shape, shape);
    for (const v of inputs) {
      const owner = this.#open.find((r) => r.values.has(v));
      if (owner !== undefined && !fits(owner)) this.#flush(owner);
    }
    let region = this.#open.find(fits);
    if (region === undefined) this.#open.push((region = new Region(shape, isBatched)));
    this.work += sizeOf(shape);
    const operands = inputs.map((v) => this.#inline(v) ?? region.operand(v, this.type(v).dtype));
    region.values.set(out, define(...operands));
  }

  /** A constant of one element, as part of the code. */
  #inline(v: number): Expression | undefined {
    const tensor = this.loop.constants.get(v);
    return tensor?.data.length === 1 ? constant(tensor.dtype, tensor.data[0]) : undefined;
  }

  #flush(region: Region): void {
    this.#open = this.#open.filter((r) => r !== region);
    const isOutput = (v: number): boolean =>
      this.#results.has(v) || (this.#users.get(v) ?? []).some((step) => !region.values.has(step.outputs[0]));
    const outputs = [...region.values.keys()].filter(isOutput);
    if (outputs.length > 0) this.#calls.push(regionCall(region, outputs, this));
  }

  /** Bytes of one element of a value. */
  sizeOf(v: number): number {
    return bytesPerElement(this.type(v).dtype);
  }
}
