import type { Memory } from '../memory.js';
import { type Expression, showExpression } from './expression.js';
import { type Access, generate } from './generate.js';

/**
 * Compiled expressions: writes `rows` rows of `columns` elements of each output. `operands` are, for each output and then for each
 * input, the address of its first row and the bytes from one row to the next. Both counts are at least 1.
 */
export type Loop = (rows: number, columns: number, ...operands: number[]) => void;

/** Code that computes expressions. */
export interface CompiledExpressions {
  readonly run: Loop;
  readonly module: WebAssembly.Module;
  /** Whether it calls functions of JavaScript, which only the thread that compiled it has. */
  readonly callsOut: boolean;
}

/** Compiles expressions to WebAssembly, each once for every way its inputs are accessed. */
export class Compiler {
  readonly #compiled = new Map<string, CompiledExpressions>();
  readonly #texts = new WeakMap<Expression, string>();

  constructor(
    readonly memory: Memory,
    readonly relaxed: boolean,
  ) {}

  /** The loop that computes `outputs` in one pass; `access` has an entry for each of their inputs. */
  compile(outputs: readonly Expression[], access: readonly Access[]): CompiledExpressions {
    const key = `${access.join()}\n${outputs.map((e) => this.#textOf(e)).join('\n\n')}`;
    const known = this.#compiled.get(key);
    if (known !== undefined) return known;
    const { bytes, functions } = generate(outputs, access, {
      relaxed: this.relaxed,
      shared: this.memory.isShared,
      constant: (words) => this.memory.constant(words),
    });
    const module = new WebAssembly.Module(bytes);
    const { exports } = new WebAssembly.Instance(module, { env: { ...functions, memory: this.memory.memory } });
    const compiled = { run: exports['run'] as Loop, module, callsOut: Object.keys(functions).length > 0 };
    this.#compiled.set(key, compiled);
    return compiled;
  }

  #textOf(expression: Expression): string {
    let text = this.#texts.get(expression);
    if (text === undefined) this.#texts.set(expression, (text = showExpression(expression)));
    return text;
  }
}
