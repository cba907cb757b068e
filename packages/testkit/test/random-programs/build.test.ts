import { gradients } from '@tensorloom/autodiff';
import { reference } from '@tensorloom/backend-reference';
import { Graph, withGraph, constant, mul } from '@tensorloom/graph';
import { Session } from '@tensorloom/runtime';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkGradients } from '../../src/check-gradients.js';
import { buildProgram } from '../../src/random-programs/build.js';
import { type Expression, type ProgramDescription, randomPrograms } from '../../src/random-programs/description.js';

const x = [0.25, -0.5];
const x0: Expression = { kind: 'value', pick: 0 };
const settled = (v: number): number => 0.6 * Math.sin(v);

/** What an expression gives at x, with rows [[[1, 2]], [[3, 4]]] and weights [[0, 1], [1, 0], [0, 0], [0, 0]]. */
function valueOf(result: Expression): number[] {
  const graph = new Graph();
  return withGraph(graph, () => {
    const dtype = 'float64' as const;
    const inputs = {
      x: constant([x], { dtype }),
      weights: constant([[0, 1], [1, 0], [0, 0], [0, 0]], { dtype }), // prettier-ignore
      rows: constant([[[1, 2]], [[3, 4]]], { dtype }), // prettier-ignore
    };
    const session = new Session({ graph, backend: reference() });
    const { data } = session.runSync(buildProgram(result, inputs));
    session.close();
    return Array.from(data);
  });
}

describe('buildProgram', () => {
  const counted = { kind: 'while', until: 'count', carry: 'one', trips: 2, init: x0, body: x0 } as const;
  it.each<[string, Expression, (v: number, i: number) => number]>([
    ['a loop of two trips', counted, (v) => settled(settled(v))],
    ['one that ends by its maximum', { ...counted, until: 'maximum' }, (v) => settled(settled(v))],
    ['one without trips', { ...counted, trips: 0 }, (v) => v],
    ['a branch', { kind: 'cond', on: 'false', then: { kind: 'unary', op: 'tanh', of: x0 }, otherwise: x0 }, settled],
    ['a case', { kind: 'switch', pick: 0, cases: [{ kind: 'unary', op: 'tanh', of: x0 }, x0] }, settled],
    ['a cell', { kind: 'binary', op: 'cell', a: x0, b: x0 }, (_, i) => Math.tanh(x[1 - i])],
    ['a gradient', { kind: 'gradient', pick: 0, of: { kind: 'unary', op: 'square', of: x0 } }, (v) => settled(2 * v)],
    ['a loop of two values', { ...counted, carry: 'two', trips: 1 }, (v) => 0.7 * (settled(v) + 0.5 * v)],
    [
      'a loop that ends by its value',
      { ...counted, until: 'value', init: { kind: 'unary', op: 'sigmoid', of: x0 } },
      (v) => 1 / (1 + Math.exp(-v)),
    ],
    ['a product', { kind: 'matmul', of: x0 }, (_, i) => x[1 - i]],
    ['a sum', { kind: 'binary', op: 'add', a: x0, b: x0 }, (v) => 1.2 * v],
    [
      'the last row folded',
      { kind: 'foldl', rows: 'input', reverse: false, init: x0, body: x0 },
      (_, i) => settled([3, 4][i]),
    ],
    [
      'all rows scanned, after the initial value',
      { kind: 'scanFirst', rows: 'input', reverse: false, init: x0, body: x0 },
      (v, i) => 0.4 * (v + settled([1, 2][i]) + settled([3, 4][i])),
    ],
    [
      'an array in nested loops, joined',
      {
        kind: 'array',
        how: 'nested',
        size: 1,
        item: x0,
        rest: { kind: 'read', how: 'concat', pick: 0, index: 1 },
      },
      (v) => 0.4 * (settled(v) + Math.sin(2 * settled(settled(v)))),
    ],
    [
      'an array written in a loop and read twice',
      {
        kind: 'array',
        how: 'write',
        size: 2,
        item: x0,
        rest: { kind: 'read', how: 'twice', pick: 0, index: 1 },
      },
      (v) => settled(settled(v)) * (settled(settled(v)) + 0.5),
    ],
  ])('%s', (_, result, expected) => {
    valueOf(result).forEach((v, i) => expect(v).toBeCloseTo(expected(x[i], i), 12));
  });

  const check = ({ x: at, weights, rows, result }: ProgramDescription, wrong: boolean): void =>
    checkGradients({
      inputs: [at, weights, rows],
      build: ([a, b, c]) => buildProgram(result, { x: a, weights: b, rows: c }),
      ...(wrong && {
        gradients: (ys, xs, options) => gradients(ys, xs, options).map((g) => g && mul(g, 1.01)),
      }),
    });

  it('makes programs that find wrong gradients out', () => {
    const programs = fc.sample(randomPrograms(), { numRuns: 10, seed: 1 });
    const found = programs.filter((d) => {
      expect(() => check(d, false)).not.toThrow();
      try {
        check(d, true);
        return false;
      } catch {
        return true;
      }
    });
    expect(found.length).toBeGreaterThan(7);
  });
});
