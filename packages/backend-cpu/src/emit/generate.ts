import type { DType } from '@tensorloom/graph';
import { type ElementSize, elementSize } from '../element-size.js';
import { type Expression, type ScalarFunction, argsOf, bytesOfMask, lanesOf } from './expression.js';
import { accessOpcodes, noResult, opcodes, vectorOpcodes } from './instructions.js';
import { type Bytes, type ImportedFunction, type ValueType, encodeModule, signed, unsigned } from './module.js';

/** How the elements of an input run along a row of the output: one for each, or the same one for the whole row. */
export type Access = 'vector' | 'splat';

/** What the code is generated for. */
export interface Target {
  /** Whether fused multiply-add may be used. */
  readonly relaxed: boolean;
  /** Whether threads share the memory. */
  readonly shared: boolean;
  /** Address of a vector constant, four words repeated from those given. */
  constant(words: Uint32Array): number;
}

/** A module, and the functions it imports from `env`, by name. */
export interface GeneratedModule {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly functions: Readonly<Record<string, ScalarFunction>>;
}

/** Parameters of `run`: rows, elements in a row, then address and bytes from row to row of each output and of each input. */
const ROWS = 0;
const COLUMNS = 1;
const addressOf = (operand: number): number => 2 + 2 * operand;
const strideOf = (operand: number): number => 3 + 2 * operand;

/**
 * Generates a loop over rows and, within a row, over vectors, that computes an output for each expression. Loads may run past the end of a
 * row or tensor, for which blocks of memory have room; stores never do, because an output may lie over an input.
 */
export function generate(outputs: readonly Expression[], access: readonly Access[], target: Target): GeneratedModule {
  return new Generator(outputs, access, target).module();
}

class Generator {
  readonly #code: Bytes = [];
  readonly #locals: ValueType[] = [];
  readonly #functions: ScalarFunction[] = [];
  readonly #imports: ImportedFunction[] = [];
  readonly #localOf = new Map<Expression, number>();
  readonly #uses = new Map<Expression, number>();
  readonly #inputs: readonly DType[];
  readonly #outputs: readonly Expression[];
  readonly #lanes: 2 | 4;

  constructor(
    outputs: readonly Expression[],
    readonly access: readonly Access[],
    readonly target: Target,
  ) {
    this.#lanes = outputs.some((e) => lanesOf(e) === 2) ? 2 : 4;
    this.#outputs = outputs.map((e) => (e.dtype === 'bool' ? bytesOfMask(e) : e));
    const inputs: DType[] = [];
    const seen = new Set<Expression>(this.#outputs);
    for (const e of seen) this.#uses.set(e, 1);
    for (const e of seen) {
      if (e.kind === 'input') inputs[e.index] = e.dtype;
      for (const arg of argsOf(e)) {
        seen.add(arg);
        this.#uses.set(arg, (this.#uses.get(arg) ?? 0) + 1);
      }
    }
    this.#inputs = inputs;
  }

  module(): GeneratedModule {
    const count = this.#outputs.length;
    const to = this.#outputs.map(() => this.#local('i32'));
    const pointers = this.access.map((a) => this.#local(a === 'vector' ? 'i32' : 'v128'));
    this.#op(opcodes.loop, noResult);
    to.forEach((pointer, i) => {
      this.#op(opcodes.localGet, addressOf(i));
      this.#op(opcodes.localSet, pointer);
    });
    this.#inputs.forEach((dtype, i) => {
      this.#op(opcodes.localGet, addressOf(count + i));
      if (this.access[i] === 'splat') this.#loadSplat(dtype);
      this.#op(opcodes.localSet, pointers[i]);
    });
    this.#row(to, pointers);
    for (let i = 0; i < count + this.access.length; i++) {
      this.#op(opcodes.localGet, addressOf(i));
      this.#op(opcodes.localGet, strideOf(i));
      this.#op(opcodes.i32Add);
      this.#op(opcodes.localSet, addressOf(i));
    }
    this.#increase(ROWS, -1);
    this.#op(opcodes.localGet, ROWS);
    this.#op(opcodes.brIf, 0);
    this.#op(opcodes.end);
    const parameters = Array.from({ length: this.#parameters }, () => 'i32' as const);
    return {
      bytes: encodeModule(this.#imports, { parameters, results: [] }, this.#locals, this.#code, this.target.shared),
      functions: Object.fromEntries(this.#functions.map((f, i) => [this.#imports[i].name, f])),
    };
  }

  /** One row: full vectors while they fit, then the elements that are left. */
  #row(to: readonly number[], pointers: readonly number[]): void {
    const lanes = this.#lanes;
    const sizes = this.#outputs.map(({ dtype }) => elementSize(dtype));
    const left = this.#local('i32');
    const values = this.#outputs.map(() => this.#local('v128'));
    this.#op(opcodes.localGet, COLUMNS);
    this.#op(opcodes.localSet, left);
    this.#op(opcodes.loop, noResult);
    this.#outputs.forEach((e, i) => {
      this.#emit(e, pointers);
      this.#op(opcodes.localSet, values[i]);
    });
    this.#op(opcodes.localGet, left);
    this.#int(lanes);
    this.#op(opcodes.i32LtS);
    this.#op(opcodes.if, noResult);
    sizes.forEach((size, i) => this.#storePart(to[i], values[i], left, size));
    this.#op(opcodes.else);
    sizes.forEach((size, i) => this.#storeLow(to[i], values[i], lanes * size));
    this.#inputs.forEach((dtype, i) => {
      if (this.access[i] === 'vector') this.#increase(pointers[i], lanes * elementSize(dtype));
    });
    this.#increase(left, -lanes);
    this.#op(opcodes.localGet, left);
    this.#op(opcodes.brIf, 1);
    this.#op(opcodes.end);
    this.#op(opcodes.end);
  }

  /** Stores the first `left` elements, fewer than there are lanes. */
  #storePart(to: number, value: number, left: number, size: ElementSize): void {
    for (let count = this.#lanes / 2; count >= 1; count /= 2) {
      this.#op(opcodes.localGet, left);
      this.#int(count);
      this.#op(opcodes.i32And);
      this.#op(opcodes.if, noResult);
      this.#storeLow(to, value, count * size);
      this.#op(opcodes.localGet, value);
      this.#op(opcodes.localGet, value);
      this.#vectorOp(
        vectorOpcodes['i8x16.shuffle'],
        Array.from({ length: 16 }, (_, i) => (i + count * size) % 16),
      );
      this.#op(opcodes.localSet, value);
      this.#op(opcodes.end);
    }
  }

  /** Stores the first `bytes` of a vector and moves on. */
  #storeLow(to: number, value: number, bytes: number): void {
    this.#op(opcodes.localGet, to);
    this.#op(opcodes.localGet, value);
    if (bytes === 16) this.#vectorOp(accessOpcodes.store, [0, 0]);
    else if (bytes === 1 || bytes === 2 || bytes === 4 || bytes === 8)
      this.#vectorOp(accessOpcodes.storeLane[bytes], [0, 0, 0]);
    else throw new RangeError(`cpu: there is no store of ${bytes} bytes.`);
    this.#increase(to, bytes);
  }

  /** Leaves the vector of `e` on the stack; what is used again stays in a local. */
  #emit(e: Expression, pointers: readonly number[]): void {
    const known = this.#localOf.get(e);
    if (known !== undefined) {
      this.#op(opcodes.localGet, known);
      return;
    }
    this.#compute(e, pointers);
    if ((this.#uses.get(e) ?? 0) > 1 && e.kind !== 'constant') {
      const local = this.#local('v128');
      this.#localOf.set(e, local);
      this.#op(opcodes.localTee, local);
    }
  }

  #compute(e: Expression, pointers: readonly number[]): void {
    switch (e.kind) {
      case 'input':
        this.#op(opcodes.localGet, pointers[e.index]);
        if (this.access[e.index] === 'vector') this.#load(e.dtype);
        return;
      case 'constant':
        this.#int(0);
        this.#vectorOp(accessOpcodes.load, [0, ...unsigned(this.target.constant(wordsOf(e.dtype, e.value)))]);
        return;
      case 'bits':
        this.#emit(e.args[0], pointers);
        return;
      case 'vector':
        this.#vector(e, pointers);
        return;
      case 'perElement':
        this.#calls(
          e,
          e.args.map((arg) => this.#toLocal(arg, pointers)),
        );
        return;
      case 'patch': {
        const [mask, fast, ...args] = e.args.map((arg) => this.#toLocal(arg, pointers));
        this.#op(opcodes.localGet, mask);
        this.#vectorOp(accessOpcodes.anyTrue);
        this.#op(opcodes.if, noResult);
        this.#calls(e, args);
        this.#op(opcodes.localGet, fast);
        this.#op(opcodes.localGet, mask);
        this.#vectorOp(vectorOpcodes['v128.bitselect']);
        this.#op(opcodes.localSet, fast);
        this.#op(opcodes.end);
        this.#op(opcodes.localGet, fast);
        return;
      }
    }
  }

  #vector(e: Extract<Expression, { kind: 'vector' }>, pointers: readonly number[]): void {
    if (e.instruction === 'f32x4.relaxed_madd' && !this.target.relaxed) {
      this.#emit(e.args[0], pointers);
      this.#emit(e.args[1], pointers);
      this.#vectorOp(vectorOpcodes['f32x4.mul']);
      this.#emit(e.args[2], pointers);
      this.#vectorOp(vectorOpcodes['f32x4.add']);
      return;
    }
    for (const arg of e.args) this.#emit(arg, pointers);
    const isShift = e.instruction === 'i32x4.shl' || e.instruction === 'i32x4.shr_s';
    if (isShift) this.#int(e.immediates[0]);
    this.#vectorOp(vectorOpcodes[e.instruction], isShift ? [] : e.immediates);
  }

  /** Calls a function of float64 for each lane of float32 or float64 operands held in locals; leaves the vector of results. */
  #calls(e: Extract<Expression, { kind: 'perElement' | 'patch' }>, args: readonly number[]): void {
    const { dtype } = e;
    if (dtype !== 'float32' && dtype !== 'float64')
      throw new TypeError(`cpu: cannot call a function per element of ${dtype}.`);
    const lanes = dtype === 'float64' ? 2 : this.#lanes;
    const f = this.#import(e.scalar, args.length);
    this.#op(opcodes.localGet, args[0]);
    for (let lane = 0; lane < lanes; lane++) {
      for (const arg of args) {
        this.#op(opcodes.localGet, arg);
        this.#vectorOp(accessOpcodes.extractLane[dtype], [lane]);
        if (dtype === 'float32') this.#op(opcodes.f64PromoteF32);
      }
      this.#op(opcodes.call, f);
      if (dtype === 'float32') this.#op(opcodes.f32DemoteF64);
      this.#vectorOp(accessOpcodes.replaceLane[dtype], [lane]);
    }
  }

  #import(scalar: ScalarFunction, arity: number): number {
    const known = this.#functions.indexOf(scalar);
    if (known >= 0) return known;
    const parameters = Array.from({ length: arity }, () => 'f64' as const);
    this.#imports.push({ name: `f${this.#functions.length}`, type: { parameters, results: ['f64'] } });
    return this.#functions.push(scalar) - 1;
  }

  #toLocal(e: Expression, pointers: readonly number[]): number {
    this.#emit(e, pointers);
    const local = this.#local('v128');
    this.#op(opcodes.localSet, local);
    return local;
  }

  /** With the address on the stack: the next elements, one for each lane. */
  #load(dtype: DType): void {
    const bytes = elementSize(dtype) * this.#lanes;
    if (bytes === 16) this.#vectorOp(accessOpcodes.load, [0, 0]);
    else if (bytes === 8) this.#vectorOp(accessOpcodes.load64Zero, [0, 0]);
    else if (bytes === 4) this.#vectorOp(accessOpcodes.load32Zero, [0, 0]);
    else this.#vectorOp(accessOpcodes.loadSplat[2], [0, 0]);
    if (dtype === 'bool') this.#bytesToMask();
  }

  /** With the address on the stack: the element there in every lane. */
  #loadSplat(dtype: DType): void {
    this.#vectorOp(accessOpcodes.loadSplat[elementSize(dtype)], [0, 0]);
    if (dtype === 'bool') this.#bytesToMask();
  }

  #bytesToMask(): void {
    this.#vectorOp(vectorOpcodes['i16x8.extend_low_i8x16_u']);
    this.#vectorOp(vectorOpcodes['i32x4.extend_low_i16x8_u']);
    this.#vectorOp(vectorOpcodes['i32x4.neg']);
  }

  #increase(local: number, by: number): void {
    this.#op(opcodes.localGet, local);
    this.#int(by);
    this.#op(opcodes.i32Add);
    this.#op(opcodes.localSet, local);
  }

  get #parameters(): number {
    return 2 + 2 * (this.#outputs.length + this.access.length);
  }

  #local(type: ValueType): number {
    return this.#parameters - 1 + this.#locals.push(type);
  }

  #int(x: number): void {
    this.#code.push(opcodes.i32Const, ...signed(x));
  }

  #op(opcode: number, index?: number): void {
    this.#code.push(opcode, ...(index === undefined ? [] : unsigned(index)));
  }

  #vectorOp(opcode: number, immediates: readonly number[] = []): void {
    this.#code.push(0xfd, ...unsigned(opcode), ...immediates);
  }
}

function wordsOf(dtype: DType, value: number): Uint32Array {
  if (dtype === 'float64') return new Uint32Array(Float64Array.of(value).buffer);
  if (dtype === 'float32') return new Uint32Array(Float32Array.of(value).buffer);
  return Uint32Array.of(dtype === 'bool' && value !== 0 ? 0xffffffff : value);
}
