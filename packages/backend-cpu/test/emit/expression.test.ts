import { describe, expect, it } from 'vitest';
import {
  add,
  cast,
  constant,
  div,
  greater,
  input,
  lanesOf,
  mul,
  perElement,
  select,
  showExpression,
} from '../../src/emit/expression.js';

const x = input(0, 'float32');
const y = input(1, 'float32');

describe('showExpression', () => {
  it('prints a line per node, shared ones once', () => {
    const sum = add(x, y);
    expect(showExpression(mul(sum, sum))).toBe(
      [
        '%0:float32 = input 0',
        '%1:float32 = input 1',
        '%2:float32 = f32x4.add %0 %1',
        '%3:float32 = f32x4.mul %2 %2',
      ].join('\n'),
    );
  });

  it('tells constants and functions apart', () => {
    expect(showExpression(constant('float32', 0))).not.toBe(showExpression(constant('float32', -0)));
    expect(showExpression(constant('float32', 1))).not.toBe(showExpression(constant('float64', 1)));
    const [f, g] = [(a: number) => a + 1, (a: number) => a + 2];
    expect(showExpression(perElement(f, x))).toBe(showExpression(perElement(f, x)));
    expect(showExpression(perElement(f, x))).not.toBe(showExpression(perElement(g, x)));
  });
});

describe('lanesOf', () => {
  it('is 2 as soon as float64 takes part', () => {
    expect(lanesOf(greater(x, y))).toBe(4);
    expect(lanesOf(cast(input(0, 'float64'), 'float32'))).toBe(2);
    expect(lanesOf(select(greater(cast(x, 'float64'), constant('float64', 0)), x, y))).toBe(2);
  });
});

describe('a missing instruction', () => {
  it('is named', () => {
    expect(() => div(input(0, 'int32'), input(1, 'int32'))).toThrow(
      new TypeError("cpu: there is no instruction 'div' on int32."),
    );
  });
});
