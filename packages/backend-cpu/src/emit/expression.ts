import type { DType } from '@tensorloom/graph';
import { type Instruction, vectorOpcodes } from './instructions.js';

/** A function of numbers, called element by element where no vector code exists. */
export type ScalarFunction = (...xs: number[]) => number;

/**
 * What a kernel computes for each element, over vectors of four lanes (two when float64 takes part). A node that occurs twice
 * is computed once. A bool is a mask: a 32-bit lane of ones or of zeros.
 */
export type Expression =
  | { readonly kind: 'input'; readonly dtype: DType; readonly index: number }
  | { readonly kind: 'constant'; readonly dtype: DType; readonly value: number }
  | {
      readonly kind: 'vector';
      readonly dtype: DType;
      readonly instruction: Instruction;
      readonly args: readonly Expression[];
      /** Lanes of a shuffle, the distance of a shift. */
      readonly immediates: readonly number[];
    }
  /** The bits of `args[0]` under another dtype. */
  | { readonly kind: 'bits'; readonly dtype: DType; readonly args: readonly [Expression] }
  | {
      readonly kind: 'perElement';
      readonly dtype: DType;
      readonly scalar: ScalarFunction;
      readonly args: readonly Expression[];
    }
  /** `args[1]`, but where the mask `args[0]` holds, `scalar` of the rest: the calls are made only if it holds anywhere. */
  | {
      readonly kind: 'patch';
      readonly dtype: DType;
      readonly scalar: ScalarFunction;
      readonly args: readonly Expression[];
    };

/** The operands of a node. */
export const argsOf = (e: Expression): readonly Expression[] => ('args' in e ? e.args : []);

export const input = (index: number, dtype: DType): Expression => ({ kind: 'input', dtype, index });
export const constant = (dtype: DType, value: number): Expression => ({ kind: 'constant', dtype, value });
export const bits = (dtype: DType, x: Expression): Expression => ({ kind: 'bits', dtype, args: [x] });
export const perElement = (scalar: ScalarFunction, ...args: readonly Expression[]): Expression => ({
  kind: 'perElement',
  dtype: args[0].dtype,
  scalar,
  args,
});

/** `fast`, except that `scalar` of `args` is called where `mask` holds. */
export const patch = (
  mask: Expression,
  fast: Expression,
  scalar: ScalarFunction,
  ...args: readonly Expression[]
): Expression => ({
  kind: 'patch',
  dtype: fast.dtype,
  scalar,
  args: [mask, fast, ...args],
});

const vector = (
  dtype: DType,
  instruction: Instruction,
  args: readonly Expression[],
  immediates: readonly number[] = [],
): Expression => ({
  kind: 'vector',
  dtype,
  instruction,
  args,
  immediates,
});

const lanes: Readonly<Record<DType, string>> = { float32: 'f32x4', float64: 'f64x2', int32: 'i32x4', bool: 'i32x4' };
const isInstruction = (name: string): name is Instruction => Object.hasOwn(vectorOpcodes, name);

/** The instruction of this name for the lanes of `dtype`. Throws `TypeError` where there is none. */
function instructionFor(dtype: DType, name: string): Instruction {
  const full = `${lanes[dtype]}.${name}`;
  if (!isInstruction(full)) throw new TypeError(`cpu: there is no instruction '${name}' on ${dtype}.`);
  return full;
}

const unary =
  (name: string) =>
  (x: Expression): Expression =>
    vector(x.dtype, instructionFor(x.dtype, name), [x]);

const binary =
  (name: string) =>
  (x: Expression, y: Expression): Expression =>
    vector(x.dtype, instructionFor(x.dtype, name), [x, y]);

export const add = binary('add');
export const sub = binary('sub');
export const mul = binary('mul');
export const div = binary('div');
export const neg = unary('neg');
export const abs = unary('abs');
export const sqrt = unary('sqrt');
export const ceil = unary('ceil');
export const floor = unary('floor');
/** To the nearest integer, halves to the even one. */
export const nearest = unary('nearest');
/** NaN if either is. */
export const min = binary('min');
/** NaN if either is. */
export const max = binary('max');
/** `y < x ? y : x`: faster than `min`, and the first operand where either is NaN. */
export const pmin = binary('pmin');
/** `x < y ? y : x`: faster than `max`, and the first operand where either is NaN. */
export const pmax = binary('pmax');

/** x y + z, rounded once where relaxed SIMD is used, else twice. float32. */
export const multiplyAdd = (x: Expression, y: Expression, z: Expression): Expression =>
  vector('float32', 'f32x4.relaxed_madd', [x, y, z]);

/** Masks of 64-bit lanes have their own width only between a comparison or a choice and these two. */
const narrowMask = (m: Expression): Expression =>
  vector('bool', 'i8x16.shuffle', [m, m], [0, 1, 2, 3, 8, 9, 10, 11, 0, 1, 2, 3, 8, 9, 10, 11]);
const widenMask = (m: Expression): Expression => vector('bool', 'i64x2.extend_low_i32x4_s', [m]);

const comparison =
  (name: string) =>
  (x: Expression, y: Expression): Expression => {
    const mask = vector('bool', instructionFor(x.dtype, name), [x, y]);
    return x.dtype === 'float64' ? narrowMask(mask) : mask;
  };

export const equal = comparison('eq');
export const notEqual = comparison('ne');
export const less = comparison('lt');
export const lessEqual = comparison('le');
export const greater = comparison('gt');
export const greaterEqual = comparison('ge');

/** Bits of both. */
export const and = (x: Expression, y: Expression): Expression => vector(x.dtype, 'v128.and', [x, y]);
/** Bits of either. */
export const or = (x: Expression, y: Expression): Expression => vector(x.dtype, 'v128.or', [x, y]);
/** Bits of one of them. */
export const xor = (x: Expression, y: Expression): Expression => vector(x.dtype, 'v128.xor', [x, y]);
/** The other bits. */
export const not = (x: Expression): Expression => vector(x.dtype, 'v128.not', [x]);
/** x where the mask holds, else y. */
export const select = (mask: Expression, x: Expression, y: Expression): Expression =>
  vector(x.dtype, 'v128.bitselect', [x, y, x.dtype === 'float64' ? widenMask(mask) : mask]);

export const shiftLeft = (x: Expression, by: number): Expression => vector('int32', 'i32x4.shl', [x], [by]);
export const shiftRight = (x: Expression, by: number): Expression => vector('int32', 'i32x4.shr_s', [x], [by]);

/** x as another dtype: floats are cut towards zero and to the range of int32 (NaN gives 0), numbers are true unless 0. */
export function cast(x: Expression, to: DType): Expression {
  const from = x.dtype;
  if (from === to) return x;
  if (to === 'bool') return notEqual(x, constant(from, 0));
  if (from === 'bool') return and(to === 'float64' ? bits(to, widenMask(x)) : bits(to, x), constant(to, 1));
  if (to === 'int32')
    return vector(to, from === 'float32' ? 'i32x4.trunc_sat_f32x4_s' : 'i32x4.trunc_sat_f64x2_s_zero', [x]);
  if (to === 'float32') return vector(to, from === 'int32' ? 'f32x4.convert_i32x4_s' : 'f32x4.demote_f64x2_zero', [x]);
  return vector(to, from === 'int32' ? 'f64x2.convert_low_i32x4_s' : 'f64x2.promote_low_f32x4', [x]);
}

/** Masks as bytes 0 and 1, those of the first lanes in the first bytes. */
export function bytesOfMask(mask: Expression): Expression {
  const words = vector('int32', 'i32x4.neg', [mask]);
  const halves = vector('int32', 'i16x8.narrow_i32x4_s', [words, words]);
  return vector('bool', 'i8x16.narrow_i16x8_s', [halves, halves]);
}

/** Number of lanes a vector of the expression has: two when float64 takes part. */
export function lanesOf(e: Expression): 2 | 4 {
  const seen = new Set<Expression>([e]);
  for (const node of seen) {
    if (node.dtype === 'float64') return 2;
    for (const arg of argsOf(node)) seen.add(arg);
  }
  return 4;
}

const identities = new WeakMap<ScalarFunction, number>();
let functions = 0;
const identityOf = (f: ScalarFunction): number => {
  const known = identities.get(f);
  if (known !== undefined) return known;
  identities.set(f, ++functions);
  return functions;
};

/** The expression as text, a line per node; equal for equal expressions. */
export function showExpression(e: Expression): string {
  const lines: string[] = [];
  const names = new Map<Expression, string>();
  const name = (x: Expression): string => {
    const known = names.get(x);
    if (known !== undefined) return known;
    const args = argsOf(x).map(name).join(' ');
    const line =
      x.kind === 'input'
        ? `input ${x.index}`
        : x.kind === 'constant'
          ? `constant ${Object.is(x.value, -0) ? '-0' : x.value}`
          : x.kind === 'vector'
            ? `${x.instruction} ${args}${x.immediates.length > 0 ? ` {${x.immediates.join(' ')}}` : ''}`
            : x.kind === 'bits'
              ? `bits ${args}`
              : `${x.kind} ${x.scalar.name}#${identityOf(x.scalar)} ${args}`;
    const id = `%${lines.length}`;
    lines.push(`${id}:${x.dtype} = ${line}`);
    names.set(x, id);
    return id;
  };
  name(e);
  return lines.join('\n');
}
