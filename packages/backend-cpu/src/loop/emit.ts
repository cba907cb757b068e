import { memoryCopy, noResult, opcodes } from '../emit/instructions.js';
import {
  type Bytes,
  type FunctionType,
  type ImportedFunction,
  type ValueType,
  double,
  encodeModule,
  signed,
  unsigned,
} from '../emit/module.js';
import {
  type Call,
  DONE,
  type LoopProgram,
  OWN,
  OWN_BYTES,
  type Operand,
  type Pointer,
  SHARED,
  TRIPS,
  type View,
} from './program.js';

/** A loop as a module, and what it imports from `env`, in order. */
export interface EmittedLoop {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly imports: readonly { readonly name: string; readonly target: Exclude<Call['target'], 'copy'> }[];
}

/** Parameters of `run`: the thread's rows of the batch, from `BEGIN` to before `END`, its number, and the block of arguments. */
const BEGIN = 0;
const END = 1;
const THREAD = 2;
const ARGUMENTS = 3;
const PARAMETERS = 4;

/** Writes a loop as one function. `ownBytes` is where the scratch begins in the memory of a thread; `shared`: whether threads share memory. */
export function emitLoop(program: LoopProgram, ownBytes: number, shared: boolean): EmittedLoop {
  return new Emitter(program, ownBytes, shared).emit();
}

class Emitter {
  #code: Bytes = [];
  readonly #locals: ValueType[] = [];
  readonly #pointers = new Map<string, { readonly local: number; readonly pointer: Pointer }>();
  readonly #functions = new Map<Call['target'], number>();
  readonly #imports: ImportedFunction[] = [];
  readonly #targets: EmittedLoop['imports'][number][] = [];
  readonly #count = this.#local();
  readonly #t = this.#local();
  readonly #trips = this.#local();

  constructor(
    readonly program: LoopProgram,
    readonly ownBytes: number,
    readonly shared: boolean,
  ) {}

  emit(): EmittedLoop {
    const { body, cond, carries } = this.program;
    // The loop comes first, because it finds out which pointers there are.
    this.#op(opcodes.block, noResult);
    this.#op(opcodes.loop, noResult);
    this.#get(this.#t);
    this.#get(this.#trips);
    this.#code.push(opcodes.i32GeS);
    this.#op(opcodes.brIf, 1);
    const early = this.#code;
    this.#code = [];
    if (cond !== null) {
      cond.calls.forEach((call) => {
        this.#call(call);
      });
      this.#address(cond.result, 0);
      this.#code.push(opcodes.i32Load8U, 0, 0, opcodes.i32Eqz);
      this.#op(opcodes.brIf, 1);
    }
    body.forEach((call) => {
      this.#call(call);
    });
    carries.forEach(({ next }) => {
      this.#address(next, 0);
    });
    [...carries].reverse().forEach(({ pointer }) => {
      this.#set(this.#pointer(pointer));
    });
    for (const { pointer, local } of this.#pointers.values()) {
      if (pointer.kind === 'row') this.#increase(local, this.program.reverse ? -pointer.bytes : pointer.bytes);
    }
    this.#increase(this.#t, 1);
    this.#op(opcodes.br, 0);
    this.#op(opcodes.end);
    this.#op(opcodes.end);
    const trip = this.#code;
    this.#code = [];
    this.#turns();
    const turns = this.#code;
    this.#code = [];
    carries.forEach((carry) => {
      this.#keep(carry);
    });
    this.#get(ARGUMENTS);
    this.#get(this.#t);
    this.#code.push(opcodes.i32Store, 2, ...unsigned(4 * DONE));
    const end = this.#code;
    this.#code = [];
    this.#begin();
    const code = [this.#code, early, turns, trip, end].flat();
    const type: FunctionType = { parameters: ['i32', 'i32', 'i32', 'i32'], results: [] };
    return { bytes: encodeModule(this.#imports, type, this.#locals, code, this.shared), imports: this.#targets };
  }

  /** Fills the locals. */
  #begin(): void {
    this.#get(END);
    this.#get(BEGIN);
    this.#code.push(opcodes.i32Sub);
    this.#set(this.#count);
    this.#argument(TRIPS);
    this.#set(this.#trips);
    for (const { pointer, local } of this.#pointers.values()) {
      switch (pointer.kind) {
        case 'absolute':
        case 'turns':
          continue;
        case 'argument':
        case 'carry':
          this.#argument(pointer.word);
          break;
        case 'row':
          this.#argument(pointer.word);
          if (!this.program.reverse) break;
          this.#get(this.#trips);
          this.#int(1);
          this.#code.push(opcodes.i32Sub);
          this.#times(pointer.bytes);
          this.#code.push(opcodes.i32Add);
          break;
        case 'shared':
          this.#argument(SHARED);
          break;
        case 'own':
        case 'scratch':
          this.#argument(OWN);
          this.#get(THREAD);
          this.#argument(OWN_BYTES);
          this.#code.push(opcodes.i32Mul, opcodes.i32Add);
          if (pointer.kind === 'scratch') this.#plus(this.ownBytes);
          break;
      }
      this.#set(local);
    }
  }

  /** At the beginning of a trip: which of the two places is this one's. */
  #turns(): void {
    for (const { pointer, local } of [...this.#pointers.values()]) {
      if (pointer.kind !== 'turns') continue;
      this.#get(this.#pointer(pointer.arena));
      this.#plus(pointer.offset);
      this.#get(this.#t);
      this.#int(1);
      this.#code.push(opcodes.i32And);
      this.#times(pointer.bytes);
      this.#code.push(opcodes.i32Add);
      this.#set(local);
    }
  }

  /** Leaves what the last trip ended with in its result. */
  #keep({ pointer, bytes, batched, result }: LoopProgram['carries'][number]): void {
    const row = batched && this.program.batch !== null ? bytes / this.program.batch : 0;
    this.#argument(result);
    this.#rowsBefore(row);
    this.#get(this.#pointer(pointer));
    this.#rowsBefore(row);
    if (row === 0) this.#int(bytes);
    else {
      this.#get(this.#count);
      this.#times(row);
    }
    this.#code.push(...memoryCopy);
  }

  #call({ target, operands }: Call): void {
    for (const o of operands) this.#operand(o);
    if (target === 'copy') this.#code.push(...memoryCopy);
    else this.#op(opcodes.call, this.#function(target, operands));
  }

  #function(target: Exclude<Call['target'], 'copy'>, operands: readonly Operand[]): number {
    const known = this.#functions.get(target);
    if (known !== undefined) return known;
    const name = typeof target === 'string' ? target : `e${this.#imports.length}`;
    const parameters = operands.map((o): ValueType => (o.kind === 'float' ? 'f64' : 'i32'));
    this.#targets.push({ name, target });
    const index = this.#imports.push({ name, type: { parameters, results: [] } }) - 1;
    this.#functions.set(target, index);
    return index;
  }

  #operand(o: Operand): void {
    switch (o.kind) {
      case 'int':
        this.#int(o.value);
        return;
      case 'float':
        this.#code.push(opcodes.f64Const, ...double(o.value));
        return;
      case 'rows':
        this.#get(this.#count);
        this.#times(o.times);
        return;
      case 'address':
        this.#address(o, o.row);
        return;
    }
  }

  /** Leaves an address on the stack, `row` bytes further for each row before the thread's first. */
  #address({ pointer, offset }: Pick<View, 'pointer' | 'offset'>, row: number): void {
    if (pointer.kind === 'absolute') this.#int(offset);
    else {
      this.#get(this.#pointer(pointer));
      this.#plus(offset);
    }
    this.#rowsBefore(row);
  }

  #rowsBefore(row: number): void {
    if (row === 0 || this.program.batch === null) return;
    this.#get(BEGIN);
    this.#times(row);
    this.#code.push(opcodes.i32Add);
  }

  /** The local that holds a pointer. */
  #pointer(pointer: Pointer): number {
    const key = JSON.stringify(pointer);
    const known = this.#pointers.get(key);
    if (known !== undefined) return known.local;
    if (pointer.kind === 'turns') this.#pointer(pointer.arena);
    const local = this.#local();
    this.#pointers.set(key, { local, pointer });
    return local;
  }

  #local(): number {
    return PARAMETERS - 1 + this.#locals.push('i32');
  }

  #argument(word: number): void {
    this.#get(ARGUMENTS);
    this.#code.push(opcodes.i32Load, 2, ...unsigned(4 * word));
  }

  #times(by: number): void {
    if (by === 1) return;
    this.#int(by);
    this.#code.push(opcodes.i32Mul);
  }

  #plus(x: number): void {
    if (x === 0) return;
    this.#int(x);
    this.#code.push(opcodes.i32Add);
  }

  #increase(local: number, by: number): void {
    this.#get(local);
    this.#plus(by);
    this.#set(local);
  }

  #get(local: number): void {
    this.#op(opcodes.localGet, local);
  }

  #set(local: number): void {
    this.#op(opcodes.localSet, local);
  }

  #int(x: number): void {
    this.#code.push(opcodes.i32Const, ...signed(x));
  }

  #op(opcode: number, index?: number): void {
    this.#code.push(opcode, ...(index === undefined ? [] : unsigned(index)));
  }
}
