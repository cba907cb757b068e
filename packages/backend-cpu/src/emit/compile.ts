import type { Memory } from '../memory.js';
import { type Expression, showExpression } from './expression.js';
import { type Access, generate } from './generate.js';

/**
 * A compiled expression: writes `rows` rows of `columns` elements one after the other to the address `out`. `inputs` are, for
 * each input, the address of its first row and the bytes from one row to the next. Both counts are at least 1.
 */
export type Loop = (out: number, rows: number, columns: number, ...inputs: number[]) => void;

/** Compiles expressions to WebAssembly, each once for every way its inputs are accessed. */
export class Compiler {
  readonly #loops = new Map<string, Loop>();
  readonly #texts = new WeakMap<Expression, string>();

  constructor(
    readonly memory: Memory,
    readonly relaxed: boolean,
  ) {}

  /** The loop that computes `expression`; `access` has an entry for each of its inputs. */
  compile(expression: Expression, access: readonly Access[]): Loop {
    const key = `${access.join()}\n${this.#textOf(expression)}`;
    const known = this.#loops.get(key);
    if (known !== undefined) return known;
    const { bytes, functions } = generate(expression, access, {
      relaxed: this.relaxed,
      constant: (words) => this.memory.constant(words),
    });
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
      env: { ...functions, memory: this.memory.memory },
    });
    const loop = exports['run'] as Loop;
    this.#loops.set(key, loop);
    return loop;
  }

  #textOf(expression: Expression): string {
    let text = this.#texts.get(expression);
    if (text === undefined) this.#texts.set(expression, (text = showExpression(expression)));
    return text;
  }
}
