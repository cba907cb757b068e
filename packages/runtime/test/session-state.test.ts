import { gradients } from '@tensorloom/autodiff';
import {
  add,
  cond,
  constant,
  controlDependencies,
  globalVariablesInitializer,
  identity,
  listStack,
  loopOver,
  randomNormal,
  randomUniform,
  resetDefaultGraph,
  setRandomSeed,
  truncatedNormal,
  variable,
  whileLoop,
  type Tensor,
} from '@tensorloom/graph';
import { beforeEach, describe, expect, test } from 'vitest';
import golden from '../../testkit/golden/random.json' with { type: 'json' };
import { leakFree, open, present } from './support.js';

beforeEach(() => resetDefaultGraph());

const int = (n: number): Tensor => constant(n, { dtype: 'int32' });

describe('a read of a variable', () => {
  const values = (...fetches: Tensor[]): unknown[] => {
    const session = open();
    session.runSync(globalVariablesInitializer());
    return session.runSync(fetches).map((r) => r.toArray());
  };

  test('sees the value the run began with, whatever the order of fetches', () => {
    const v = variable(1);
    const next = v.assign(5);
    const read = v.readValue();
    expect(values(next, v.value(), read)).toEqual([5, 1, 1]);
    expect(values(v.value(), v.add(1), next, v.assignAdd(2))).toEqual([1, 2, 5, 7]);
  });

  test('sees what control dependencies put before it', () => {
    const v = variable(1);
    const read = controlDependencies([v.assign(5)], () => v.readValue());
    expect(values(v.value(), read)).toEqual([1, 5]);
  });

  test('sees what data puts before it, through ops that only pass values on and through equal ones', () => {
    const v = variable(1);
    const x = constant([1, 2]);
    const passed = controlDependencies([v.assign(5)], () => identity(x));
    const [before, after] = [x.exp(), passed.exp()];
    const read = controlDependencies([after.neg()], () => v.readValue());
    expect(values(before.neg(), read, v.value()).slice(1)).toEqual([5, 1]);
  });

  test('in a loop or branch sees the value the run began with', () => {
    const v = variable(1);
    const next = v.assign(5);
    const sum = (): Tensor =>
      whileLoop(
        (i) => i.less(3),
        (i, y) => [i.add(1), y.add(v.readValue())],
        [int(0), constant(0)],
      )[1];
    const branch = cond(
      constant(true),
      () => v.readValue(),
      () => constant(0),
    );
    const unordered = sum();
    const ordered = controlDependencies([next], sum);
    expect(values(next, unordered, branch, ordered)).toEqual([5, 3, 1, 15]);
  });

  test('in a loop that assigns sees the value of the trip before', () => {
    const v = variable(1);
    const [, total] = whileLoop(
      (i) => i.less(3),
      (i, y) => {
        const now = v.readValue();
        return [i.add(1), controlDependencies([v.assign(now.mul(2))], () => y.add(now))];
      },
      [int(0), constant(0)],
    );
    const after = controlDependencies([total], () => v.readValue());
    expect(values(total, v.value(), after)).toEqual([7, 1, 8]);
  });
});

test('sessions on one backend do not share variables', () => {
  const backend = leakFree();
  const [a, b] = [open(backend), open(backend)];
  const v = variable(1);
  a.runSync(v.initializer);
  b.runSync(v.assign(2));
  a.runSync(v.assignAdd(10));
  expect([a.runSync(v).item(), b.runSync(v).item()]).toEqual([11, 2]);
});

describe('random numbers', () => {
  const draws = { uniform: randomUniform, normal: randomNormal, truncatedNormal };

  test.each(golden.cases)(
    '$op $dtype $args, seeds $graphSeed and $opSeed, $size at a time, are those of TensorFlow',
    (c) => {
      if (c.graphSeed !== null) setRandomSeed(c.graphSeed);
      const [a, b] = c.args;
      const options = {
        dtype: c.dtype as 'float32',
        seed: c.opSeed,
        ...(c.op === 'uniform' ? { minval: a, maxval: b } : { mean: a, stddev: b }),
      };
      const x = draws[c.op as keyof typeof draws]([c.size], options);
      const session = open();
      for (const run of c.runs) {
        const { data } = session.runSync(x);
        const got = run.map((_, i) => data[i * c.stride]);
        if (c.op === 'uniform') expect(got).toEqual(c.dtype === 'float32' ? run.map(Math.fround) : run);
        else
          got.forEach((v, i) => expect(Math.abs(v - run[i])).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(run[i]))));
      }
    },
  );

  test('are the same in every session with the same seeds, and go on from run to run', () => {
    setRandomSeed(42);
    const [x, y] = [randomNormal([3]), randomNormal([3], { seed: 7 })];
    const draw = (): unknown[] => {
      const session = open();
      return [session.runSync([x, y]), session.runSync([x, y])].map((run) => run.map((r) => r.toArray()));
    };
    const [first, second] = [draw(), draw()];
    expect(first).toEqual(second);
    expect(first[0]).not.toEqual(first[1]);
  });

  test('differ from session to session without any seed', () => {
    const x = randomNormal([3]);
    expect(open().runSync(x).toArray()).not.toEqual(open().runSync(x).toArray());
  });

  test('in a loop go on from trip to trip, and from run to run', () => {
    setRandomSeed(42);
    const c = golden.cases.find(
      ({ op, size, graphSeed, opSeed }) => op === 'uniform' && size === 7 && graphSeed === 42 && opSeed === 20,
    );
    const rows = present(c).runs.map((run) => run.map(Math.fround));
    const { ys, trips } = loopOver(() => ({ carry: [], ys: [randomUniform([7], { seed: 20 })] }), [], [], {
      length: int(2),
    });
    const draws = listStack(ys[0], trips);
    const session = open();
    expect(session.runSync(draws).toArray()).toEqual(rows.slice(0, 2));
    expect(session.runSync(draws.slice([0, 0], [1, 7])).toArray()).toEqual(rows.slice(2));
  });

  test('are those that a loop drew, when its gradient repeats the loop', () => {
    setRandomSeed(42);
    const x = constant([1, 1]);
    const [, r] = whileLoop(
      (i) => i.less(2),
      (i, y) => [i.add(1), y.mul(randomUniform([2], { seed: 20 }))],
      [int(0), x],
    );
    const [value, gradient] = open().runSync([r, present(gradients(r, x)[0])]);
    expect(gradient.toArray()).toEqual(value.toArray());
  });

  test('are drawn once in a run, however many fetch them', () => {
    const x = randomUniform([3], { seed: 1 });
    const [a, b] = open().runSync([x, add(x, 0)]);
    expect(a.toArray()).toEqual(b.toArray());
  });
});
