import {
  type Edge,
  type Tensor,
  assert,
  constant,
  controlDependencies,
  makeOp,
  apply1,
  placeholder,
  randomUniform,
  range,
  reduceSum,
  resetDefaultGraph,
  variable,
  whileLoop,
} from '@tensorloom/graph';
import { beforeEach, describe, expect, test } from 'vitest';
import { copyNeeded } from '../../src/lower/copy.js';
import type { IrFunction } from '../../src/lower/ir.js';
import { share } from '../../src/lower/share.js';

beforeEach(() => resetDefaultGraph());

const shared = (outputs: readonly Edge[], params: readonly Edge[] = []): IrFunction =>
  share(copyNeeded(params, outputs));
const ops = (f: IrFunction): string[] => f.nodes.map((n) => n.op.name);
/** Whether two tensors become one. */
function areOne(a: Tensor, b: Tensor, ...params: readonly Tensor[]): boolean {
  const [x, y] = shared([a, b], params).results;
  return x === y;
}

describe('becomes one', () => {
  test('what applies one op to the same inputs, and what follows from that', () => {
    const x = placeholder('float32', [2]);
    const f = shared([x.exp().neg(), x.exp().neg()], [x]);
    expect(ops(f)).toEqual(['Exp', 'Neg']);
    expect(f.results[0]).toBe(f.results[1]);
  });

  test('equal constants', () => {
    expect(areOne(constant([1, NaN, -0]), constant([1, NaN, -0]))).toBe(true);
  });

  test('what follows different control dependencies: the order of nodes keeps those', () => {
    const x = placeholder('float32', [2]);
    const v = variable([1, 2]);
    const y = controlDependencies([v.assign([3, 4])], () => x.exp());
    const after = controlDependencies([y], () => v.readValue());
    const f = shared([x.exp(), y, after], [x]);
    expect(ops(f)).toEqual(['Const', 'Assign', 'Exp', 'ReadVariable']);
  });

  test('what is equal in the body of a loop', () => {
    const [r] = whileLoop(
      (x) => x.less(9),
      (x) => [x.exp().add(x.exp())],
      [constant(0)],
    );
    const { nodes } = shared([r]);
    expect(ops(nodes[nodes.length - 1].bodies[0])).toEqual(['Exp', 'Add']);
  });
});

describe('stays apart', () => {
  const x = (): Tensor => placeholder('float32', [2, 2]);

  test('other ops, other attributes, other inputs, other order of inputs', () => {
    const [a, b] = [x(), x()];
    expect(areOne(a.exp(), a.neg(), a)).toBe(false);
    expect(areOne(reduceSum(a, 0), reduceSum(a, 1), a)).toBe(false);
    expect(areOne(a.exp(), b.exp(), a, b)).toBe(false);
    expect(areOne(a.sub(b), b.sub(a), a, b)).toBe(false);
  });

  test('constants that differ in dtype, shape, or only in a sign or kind of number', () => {
    expect(areOne(constant([1, 2]), constant([1, 2], { dtype: 'int32' }))).toBe(false);
    expect(areOne(constant([1, 2]), constant([[1, 2]]))).toBe(false);
    expect(areOne(constant(0), constant(-0))).toBe(false);
    expect(areOne(constant(NaN), constant(Infinity))).toBe(false);
    expect(areOne(constant(-Infinity), constant(Infinity))).toBe(false);
  });

  test('large constants that were made apart', () => {
    const elements = (): Float32Array => new Float32Array(65);
    expect(areOne(constant(elements()), constant(elements()))).toBe(false);
    const x = constant(elements());
    expect(areOne(x.exp(), x.exp())).toBe(true);
  });

  test('attributes that JSON does not tell apart', () => {
    const odd = makeOp<{ readonly f: unknown }>({ name: 'Odd', infer: ([s]) => [s.spec], show: () => '' });
    const a = x();
    const odds = (f: unknown, g: unknown): boolean => areOne(apply1(odd, [a], { f }), apply1(odd, [a], { f: g }), a);
    const same = (): number => 1;
    expect(odds(same, same)).toBe(true);
    expect(odds(same, () => 1)).toBe(false);
    expect(odds(NaN, null)).toBe(false);
    expect(odds(1, '1')).toBe(false);
    expect(odds(-0, 0)).toBe(false);
    expect(odds([1, [2]], [1, [2]])).toBe(true);
    expect(odds(new Float32Array(1), new Float64Array(1))).toBe(false);
    expect(odds(new Map(), new Map())).toBe(false);
  });

  test('draws of random numbers, in loops too', () => {
    expect(areOne(randomUniform([2], { seed: 1 }), randomUniform([2], { seed: 1 }))).toBe(false);
    const [r] = whileLoop(
      (y) => y.less(9),
      (y) => [y.add(reduceSum(randomUniform([2], { seed: 1 }))).add(reduceSum(randomUniform([2], { seed: 1 })))],
      [constant(0)],
    );
    const { nodes } = shared([r]);
    expect(ops(nodes[nodes.length - 1].bodies[0]).filter((op) => op === 'RandomUniform')).toHaveLength(2);
  });

  test('what touches state or can fail', () => {
    const v = variable([1, 2]);
    expect(ops(shared([v.assignAdd([1, 1]), v.assignAdd([1, 1])])).filter((op) => op === 'AssignAdd')).toHaveLength(2);
    const a = placeholder('bool', []);
    const checked = (): Tensor => controlDependencies([assert(a, 'a holds')], () => range(3).add(1));
    expect(ops(shared([checked(), checked()], [a])).filter((op) => op === 'Assert')).toHaveLength(2);
  });

  test('loops', () => {
    const loop = (): Tensor =>
      whileLoop(
        (y) => y.less(9),
        (y) => [y.add(1)],
        [constant(0)],
      )[0];
    expect(areOne(loop(), loop())).toBe(false);
  });
});
