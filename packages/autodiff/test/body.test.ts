import { gradients } from '@tensorloom/autodiff';
import { reference } from '@tensorloom/backend-reference';
import {
  type Tensor,
  cast,
  concat,
  constant,
  dimOf,
  placeholder,
  placeholderWithDefault,
  reduceSum,
  resetDefaultGraph,
  scan,
  whileLoop,
} from '@tensorloom/graph';
import { Session } from '@tensorloom/runtime';
import { checkGradients } from '@tensorloom/testkit';
import { beforeEach, describe, expect, test } from 'vitest';

beforeEach(() => resetDefaultGraph());

describe('what is saved', () => {
  /** The lists that the loops of a program save, loops that run back left out, in all its depth. */
  const listsOf = (text: string): string[] =>
    text
      .split('\n')
      .filter((line) => line.includes('= loop ') && !line.includes('= loop reverse'))
      .flatMap((line) => line.slice(0, line.indexOf('= loop')).match(/&\d+/g) ?? []);
  const described = (fetches: readonly (Tensor | null)[]): string => {
    const session = new Session({ backend: reference() });
    const text = session.describe(fetches.filter((t) => t !== null));
    session.close();
    return text;
  };

  test('a carry read before and after a trip is saved once', () => {
    const [xs, w] = [placeholder('float32', [null, 2, 3]), constant([1, 2, 3])];
    const states = scan((h, x) => h.mul(w).add(x).tanh(), xs, {
      initializer: constant([
        [1, 1, 1],
        [2, 2, 2],
      ]),
    });
    const text = described(gradients(reduceSum(states.slice([0, 0, 0], [1, 2, 3])), w));
    // The states are returned; those that entered the trips are saved.
    expect(listsOf(text)).toHaveLength(2);
  });

  test('of what is read only for its shape, the shape is saved', () => {
    const x = placeholder('float32', [null]);
    const [, r] = whileLoop(
      (i) => i.less(3),
      (i, y) => [
        i.add(1),
        concat([y, constant([1])], 0)
          .exp()
          .add(reduceSum(y.mul(y)).mul(0)),
      ],
      [constant(0, { dtype: 'int32' }), x],
      { shapeInvariants: [[], [null]] },
    );
    const sums = whileLoop(
      (i) => i.less(3),
      (i, y, s) => [i.add(1), y, s.add(reduceSum(y))],
      [constant(0, { dtype: 'int32' }), r, constant(0)],
    );
    const text = described(gradients(sums[2], r));
    expect(text).not.toMatch(/&\d+: list<float32/);
  });

  test('two gradients that need one value save it once', () => {
    const [x, w] = [placeholder('float32', [3]), constant([2, 3, 4])];
    const [, r] = whileLoop(
      (i) => i.less(3),
      (i, y) => [i.add(1), y.mul(w).tanh()],
      [constant(0, { dtype: 'int32' }), x],
    );
    const both = [...gradients(r, w), ...gradients(reduceSum(r.mul(r)), w)];
    expect(listsOf(described(both))).toHaveLength(1);
  });

  test('a loop inside a loop runs once: what its gradient reads is saved through both', () => {
    const v = constant(0.5);
    const [, r] = whileLoop(
      (i) => i.less(2),
      (i, x) => {
        const [, y] = whileLoop(
          (j) => j.less(3),
          (j, z) => [j.add(1), z.mul(z).add(v)],
          [constant(0, { dtype: 'int32' }), x],
        );
        return [i.add(1), y];
      },
      [constant(0, { dtype: 'int32' }), v],
    );
    const text = described([r, ...gradients(r, v)]);
    expect(text).toMatch(/list<list<float32\[\]>>/);
    expect(text.match(/= loop (?!reverse)/g)).toHaveLength(2);
  });

  test('segments keep their first carry only, at second order too', () => {
    const v = constant([0.5, 0.5]);
    const [, r] = whileLoop(
      (i) => i.less(20),
      (i, x) => [i.add(1), x.mul(x).tanh()],
      [constant(0, { dtype: 'int32' }), v],
      { checkpointEvery: 4 },
    );
    const [d] = gradients(r, v);
    const second = d === null ? [] : gradients(reduceSum(d.mul(d)), v);
    expect(described(second)).not.toMatch(/list<list</);
    const text = described([d]);
    expect(text).not.toMatch(/list<list</);
    const [outer] = text.split('\n').filter((line) => line.includes('= loop '));
    expect(outer.match(/list<float32/g)).toHaveLength(1);
  });
});

test('shapes that several ops ask for are kept once and known on the way back, orders 1 and 2', () => {
  checkGradients({
    inputs: [{ shape: [2, 3], data: Float64Array.of(0.1, 0.2, 0.3, -0.4, 0.5, 0.6) }, Float64Array.of(0.5, 0.7, 0.9)],
    order: 2,
    build: ([x, w]) => {
      const open = placeholderWithDefault(x, [null, null]);
      const [, r] = whileLoop(
        (i) => i.less(3),
        (i, y) => {
          const [a, b] = [y.mul(w), y.add(w)];
          const rows = cast(dimOf(a, 0), 'float64');
          return [i.add(1), a.mul(b).add(a).div(rows).tanh().sub(b.mul(0.1))];
        },
        [constant(0, { dtype: 'int32' }), open],
      );
      return r;
    },
  });
});
