import {
  type Tensor,
  assert,
  cast,
  cond,
  constant,
  controlDependencies,
  dimOf,
  listUnstack,
  listStack,
  loopOver,
  placeholder,
  randomUniform,
  reduceMax,
  reduceSum,
  resetDefaultGraph,
  shapeOf,
  variable,
  whileLoop,
} from '@tensorloom/graph';
import { beforeEach, describe, expect, test } from 'vitest';
import { copyNeeded } from '../../src/lower/copy.js';
import type { IrFunction, IrValue } from '../../src/lower/ir.js';
import { type Place, isOnDevice, place } from '../../src/lower/place.js';
import { present } from '../support.js';

beforeEach(() => resetDefaultGraph());

/** Where things are, with `fed` fed. */
function placed(fetches: readonly Tensor[], fed: readonly Tensor[] = []) {
  const f = copyNeeded(fed, fetches);
  const places = new Map<IrValue, Place>();
  place(
    f,
    f.params.map((): Place => 'either'),
    places,
  );
  const shown = (v: IrValue): string => {
    const p = present(places.get(v));
    return isOnDevice(p) ? 'device' : p;
  };
  const of = (g: IrFunction): string[] => g.results.map(shown);
  const params = (g: IrFunction): string[] => g.params.map(shown);
  const bodies = f.nodes.flatMap((n) => n.bodies);
  return { results: of(f), bodies: bodies.map((b) => ({ params: params(b), results: of(b) })) };
}

/** An integer that only the device knows. */
const whole = (x: Tensor): Tensor => cast(reduceMax(x), 'int32');
const count = (): Tensor => constant(0, { dtype: 'int32' });

describe('on the host', () => {
  test('shapes and arithmetic on them', () => {
    const x = placeholder('float32', [null, 3]);
    expect(placed([shapeOf(x), shapeOf(x).add(1), shapeOf(x).slice([0], [1]).less(4)], [x]).results).toEqual([
      'host',
      'host',
      'host',
    ]);
  });

  test('random numbers', () => {
    expect(placed([randomUniform([1000])]).results).toEqual(['host']);
  });

  test('integers and booleans that follow from feeds and constants of their kind', () => {
    const n = placeholder('int32', []);
    expect(placed([n.add(1).less(5)], [n]).results).toEqual(['host']);
  });
});

describe('on the device', () => {
  test('floats, variables, and what is computed from them', () => {
    const x = placeholder('float32', [2]);
    const v = variable(cast(constant(1), 'int32'));
    expect(placed([x.neg(), whole(x), v.value(), v.add(1), cast(shapeOf(x), 'float32')], [x]).results).toEqual([
      'device',
      'device',
      'device',
      'device',
      'device',
    ]);
  });

  test('large tensors of integers', () => {
    const labels = placeholder('int32', [100, 10]);
    expect(placed([labels.add(1)], [labels]).results).toEqual(['device']);
  });
});

test('constants and feeds are either', () => {
  const x = placeholder('float32', [2]);
  expect(placed([x, constant(1)], [x]).results).toEqual(['either', 'either']);
});

describe('a loop', () => {
  test('keeps its counter, its limit and its condition on the host', () => {
    const n = placeholder('int32', []);
    const { results, bodies } = placed(
      whileLoop(
        (i) => i.less(n),
        (i, y) => [i.add(1), y.mul(2)],
        [count(), constant([1, 2])],
      ),
      [n],
    );
    expect(results).toEqual(['host', 'device']);
    expect(bodies).toEqual([
      { params: ['host', 'host', 'device'], results: ['host', 'device'] },
      { params: ['host', 'host', 'device'], results: ['host'] },
    ]);
  });

  test('brings a scalar limit to the host once, before it starts', () => {
    const x = placeholder('float32', [3]);
    const n = whole(x);
    const { bodies } = placed(
      whileLoop(
        (i) => i.less(n),
        (i) => [i.add(1)],
        [count()],
      ),
      [x],
    );
    expect(bodies[1].params[0]).toBe('host');
  });

  test('carries on the device what comes back on the device, and what follows from it', () => {
    const x = placeholder('float32', [3]);
    const { bodies } = placed(
      whileLoop(
        (i) => i.less(5),
        (i, j, k) => [i.add(1), j.add(k), whole(x.add(cast(i, 'float32')))],
        [count(), count(), count()],
      ),
      [x],
    );
    expect(bodies[0].params.slice(-3)).toEqual(['host', 'device', 'device']);
  });

  test('reads rows where the sequence is, and stacks where the values are', () => {
    const x = placeholder('float32', [4, 2]);
    const { ys } = loopOver(
      ([i], [row]) => ({ carry: [i.add(1)], ys: [row.neg(), i, randomUniform([2], { seed: 1 })] }),
      [count()],
      [x],
    );
    const lengths = ys.map((y) => listStack(y, constant(4, { dtype: 'int32' })));
    expect(placed(lengths, [x]).results).toEqual(['device', 'host', 'host']);
    const host = listUnstack(randomUniform([4, 2]), constant(4, { dtype: 'int32' }));
    const rows = loopOver(([i], [row]) => ({ carry: [i.add(1)], ys: [row] }), [count()], [host]);
    expect(placed([listStack(rows.ys[0], present(rows.trips))]).results).toEqual(['host']);
  });
});

describe('a branch', () => {
  const returned = (then: (x: Tensor) => Tensor, otherwise: (x: Tensor) => Tensor): string[] => {
    const [p, x] = [placeholder('bool', []), placeholder('float32', [null])];
    return placed(
      [
        cond(
          p,
          () => then(x),
          () => otherwise(x),
        ),
      ],
      [p, x],
    ).results;
  };

  test('returns on the host what both branches have there, or could', () => {
    expect(
      returned(
        (x) => dimOf(x, 0),
        (x) => dimOf(x, 0).add(1),
      ),
    ).toEqual(['host']);
    expect(returned((x) => dimOf(x, 0), count)).toEqual(['host']);
    expect(returned(count, count)).toEqual(['host']);
  });

  test('returns on the device what either has there, and data', () => {
    expect(returned((x) => dimOf(x, 0), whole)).toEqual(['device']);
    expect(returned(whole, count)).toEqual(['device']);
    expect(
      returned(
        () => constant([1, 2]),
        () => constant([3, 4]),
      ),
    ).toEqual(['device']);
  });
});

test('what an assertion prints and checks does not move the values themselves', () => {
  const x = placeholder('float32', [2]);
  const y = x.exp();
  const checked = controlDependencies([assert(reduceSum(y).greater(0), 'positive', [y])], () => y.neg());
  expect(placed([checked], [x]).results).toEqual(['device']);
});
