import { type DType, bytesPerElement } from '@tensorloom/graph';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Compiler } from '../../src/emit/compile.js';
import {
  type Expression,
  add,
  cast,
  constant,
  greater,
  input,
  mul,
  multiplyAdd,
  patch,
  perElement,
  select,
  sub,
} from '../../src/emit/expression.js';
import type { Access } from '../../src/emit/generate.js';
import { Memory } from '../../src/memory.js';
import { tensor } from '../support.js';

const memory = new Memory();
const compiler = new Compiler(memory, false);

interface Operand {
  readonly dtype: DType;
  readonly access: Access;
  readonly values: ArrayLike<number>;
  /** Elements from row to row. */
  readonly stride: number;
}

/** Runs an expression; the elements after the output must stay as they were. */
function evaluate(e: Expression, rows: number, columns: number, operands: readonly Operand[]): number[] {
  const put = (dtype: DType, values: ArrayLike<number>): number => {
    const { address } = memory.allocate(values.length * bytesPerElement(dtype));
    memory.views[dtype].set(tensor(dtype, [values.length], values).data, address / bytesPerElement(dtype));
    return address;
  };
  const n = rows * columns;
  const guard = [1, 0, 1, 1, 0, 1, 0, 0, 1];
  const out = put(e.dtype, [...new Array<number>(n).fill(0), ...guard]);
  const addresses = operands.flatMap((o) => [put(o.dtype, o.values), o.stride * bytesPerElement(o.dtype)]);
  const access = operands.map((o) => o.access);
  compiler.compile([e], access).run(rows, columns, out, columns * bytesPerElement(e.dtype), ...addresses);
  const start = out / bytesPerElement(e.dtype);
  const view = memory.views[e.dtype];
  expect([...view.subarray(start + n, start + n + guard.length)]).toEqual(guard);
  return [...view.subarray(start, start + n)];
}

const numbers = (n: number, from = 0): number[] => Array.from({ length: n }, (_, i) => from + i);

describe('rows and columns', () => {
  const cases = [
    ['float32', (x: Expression, y: Expression) => sub(x, y), (a: number, b: number) => a - b],
    ['float64', (x: Expression, y: Expression) => sub(x, y), (a: number, b: number) => a - b],
    ['int32', (x: Expression, y: Expression) => sub(x, y), (a: number, b: number) => a - b],
    ['float32', (x: Expression, y: Expression) => greater(x, y), (a: number, b: number) => Number(a > b)],
    ['float64', (x: Expression, y: Expression) => greater(x, y), (a: number, b: number) => Number(a > b)],
  ] as const;

  it.each(cases)('of %s are all written, and nothing after them: %#', (dtype, define, scalar) => {
    const e = define(input(0, dtype), input(1, dtype));
    const accesses = fc.constantFrom<Access>('vector', 'splat');
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 11 }),
        accesses,
        accesses,
        (rows, columns, a, b) => {
          const operand = (access: Access, from: number): Operand => {
            const stride = access === 'vector' ? columns : 1;
            return { dtype, access, stride, values: numbers(rows * stride, from) };
          };
          const [x, y] = [operand(a, 0), operand(b, 7)];
          const at = (o: Operand, i: number): number =>
            o.values[Math.floor(i / columns) * o.stride + (o.access === 'vector' ? i % columns : 0)];
          expect(evaluate(e, rows, columns, [x, y])).toEqual(
            numbers(rows * columns).map((i) => scalar(at(x, i), at(y, i))),
          );
        },
      ),
    );
  });
});

describe('a fused expression', () => {
  it('computes a region of several ops and dtypes in one loop', () => {
    const [x, y, flag, scale] = [input(0, 'float32'), input(1, 'int32'), input(2, 'bool'), input(3, 'float64')];
    const product = mul(x, cast(y, 'float32'));
    const e = select(flag, add(cast(product, 'float64'), scale), mul(cast(product, 'float64'), scale));
    const out = evaluate(e, 1, 5, [
      { dtype: 'float32', access: 'vector', values: [1, 2, 3, 4, 5], stride: 0 },
      { dtype: 'int32', access: 'vector', values: [1, -1, 2, -2, 3], stride: 0 },
      { dtype: 'bool', access: 'vector', values: [1, 0, 1, 0, 1], stride: 0 },
      { dtype: 'float64', access: 'splat', values: [10], stride: 0 },
    ]);
    expect(out).toEqual([11, -20, 16, -80, 25]);
  });

  it('reads more inputs than any op has', () => {
    const xs = numbers(9).map((i) => input(i, 'float32'));
    const sum = xs.reduce((a, b) => add(a, b));
    const operands = xs.map((_, i): Operand => ({
      dtype: 'float32',
      access: 'vector',
      values: numbers(6, 10 ** (i % 5)),
      stride: 0,
    }));
    const expected = numbers(6).map((k) => operands.reduce((total, o) => total + o.values[k], 0));
    expect(evaluate(sum, 1, 6, operands)).toEqual(expected);
  });

  it('rounds a product and sum twice without relaxed SIMD', () => {
    const e = multiplyAdd(input(0, 'float32'), input(0, 'float32'), constant('float32', -1));
    const x = Math.fround(1 + 2 ** -13);
    expect(evaluate(e, 1, 1, [{ dtype: 'float32', access: 'vector', values: [x], stride: 0 }])).toEqual([
      Math.fround(x * x) - 1,
    ]);
  });
});

describe('functions of numbers', () => {
  it.each(['float32', 'float64'] as const)('are called per element of %s', (dtype) => {
    const f = (a: number, b: number): number => 10 * a + b;
    const e = perElement(f, input(0, dtype), input(1, dtype));
    const out = evaluate(e, 1, 7, [
      { dtype, access: 'vector', values: numbers(7), stride: 0 },
      { dtype, access: 'splat', values: [5], stride: 0 },
    ]);
    expect(out).toEqual(numbers(7).map((i) => 10 * i + 5));
  });

  it('patch vector code, and are called only where they are needed', () => {
    const called: number[] = [];
    const slow = (a: number): number => -(called.push(a) && a);
    const x = input(0, 'float32');
    const e = patch(greater(x, constant('float32', 9)), add(x, x), slow, x);
    const operand = (values: number[]): Operand[] => [{ dtype: 'float32', access: 'vector', values, stride: 0 }];
    expect(evaluate(e, 1, 8, operand([1, 2, 3, 4, 5, 6, 7, 8]))).toEqual([2, 4, 6, 8, 10, 12, 14, 16]);
    expect(called).toEqual([]);
    expect(evaluate(e, 1, 8, operand([1, 2, 3, 4, 5, 60, 7, 80]))).toEqual([2, 4, 6, 8, 10, -60, 14, -80]);
    expect(called).toEqual([5, 60, 7, 80]);
  });

  it('take floating-point numbers only', () => {
    expect(() => compiler.compile([perElement(Math.abs, input(0, 'int32'))], ['vector'])).toThrow(
      new TypeError('cpu: cannot call a function per element of int32.'),
    );
  });
});
