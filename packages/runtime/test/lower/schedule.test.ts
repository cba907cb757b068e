import {
  type Tensor,
  assert,
  cond,
  constant,
  controlDependencies,
  dimOf,
  loopOver,
  placeholder,
  randomUniform,
  reduceSum,
  resetDefaultGraph,
  variable,
  whileLoop,
} from '@tensorloom/graph';
import { beforeEach, describe, expect, test } from 'vitest';
import { lower } from '../../src/lower/lower.js';
import { printProgram } from '../../src/lower/print-program.js';
import type { KernelStep, Program, Step } from '../../src/lower/program.js';
import { checkProgram } from './check-program.js';

beforeEach(() => resetDefaultGraph());

function scheduled(fetches: readonly Tensor[], fed: readonly Tensor[] = [], targets: readonly Tensor[] = []): Program {
  const program = lower(
    fetches,
    targets.map((t) => t.op),
    fed,
  );
  checkProgram(program);
  return program;
}

const kinds = (p: Program): string[] => p.steps.map((s) => s.kind);
const kernels = (p: Program): KernelStep[] => p.steps.filter((s): s is KernelStep => s.kind === 'kernel');
const stepOf = <K extends Step['kind']>(p: Program, kind: K): Extract<Step, { kind: K }> => {
  const step = p.steps.find((s): s is Extract<Step, { kind: K }> => s.kind === kind);
  if (step === undefined) throw new Error(`no ${kind}`);
  return step;
};
const count = (): Tensor => constant(0, { dtype: 'int32' });

describe('transfers', () => {
  test('happen once, where a value is first used elsewhere than it is', () => {
    const x = placeholder('float32', [2]);
    expect(kinds(scheduled([x.exp().add(x)], [x]))).toEqual([
      'upload',
      'kernel',
      'kernel',
      'release',
      'download',
      'release',
    ]);
  });

  test('are none for what is fetched as it was fed', () => {
    const x = placeholder('float32', [2]);
    const program = scheduled([x, x], [x]);
    expect(program.steps).toEqual([]);
    expect(program.results).toEqual([
      { slot: 0, move: false },
      { slot: 0, move: false },
    ]);
  });

  test('are none for reading the shape of what is on the device, or of a feed', () => {
    const x = placeholder('float32', [null]);
    const y = x.exp();
    expect(kinds(scheduled([dimOf(y, 0)], [x]))).toEqual(['upload', 'kernel', 'release', 'host', 'release']);
    expect(kinds(scheduled([dimOf(x, 0)], [x]))).toEqual(['host']);
  });

  test('bring what an assertion looks at to the host', () => {
    const x = placeholder('float32', [2]);
    const y = controlDependencies([assert(reduceSum(x).greater(0), 'positive', [x])], () => x.neg());
    const { steps } = scheduled([y], [x]);
    expect(steps.flatMap((s) => (s.kind === 'host' ? [s.inputs.length] : []))).toEqual([2]);
    expect(steps.filter((s) => s.kind === 'download')).toHaveLength(2);
  });
});

describe('releases', () => {
  test('follow the last use at once', () => {
    const x = placeholder('float32', [2]);
    const [y, z] = [x.exp(), x.neg()];
    expect(printProgram(scheduled([y.add(z)], [x]))).toMatchInlineSnapshot(`
      "program (@0: float32[2]) {
        %1: float32[2] = upload @0
        %2: float32[2] = Exp(%1)  # Exp
        %3: float32[2] = Neg(!%1)  # Neg
        release %1
        %4: float32[2] = Add(!%2, !%3)  # Add
        release %2, %3
        @5: float32[2] = download %4
        release %4
      } -> @5"
    `);
  });

  test('do not touch what is returned; the last of equal results takes the reference', () => {
    const [r] = whileLoop(
      (y) => reduceSum(y).less(9),
      (y) => [y.exp()],
      [constant([1, 2])],
    );
    const twice = loopOver(([y]) => ({ carry: [y.exp()], ys: [y, y] }), [constant([1, 2])], [constant([[1], [2]])]);
    const { body } = stepOf(scheduled([r]), 'loop');
    expect(body.results).toEqual([{ slot: 1, move: true }]);
    const loops = stepOf(scheduled([twice.carry[0]]), 'loop');
    expect(loops.body.results.map((result) => result.move)).toEqual([true]);
  });

  test('come first for arguments that nobody uses', () => {
    const { carry } = loopOver(([y]) => ({ carry: [y.exp()], ys: [] }), [constant([1, 2])], [constant([[1], [2]])]);
    const { body } = stepOf(scheduled(carry), 'loop');
    expect(body.steps.map((s) => s.kind)).toEqual(['release', 'kernel', 'release']);
    expect(body.steps[0]).toMatchObject({ slots: [body.params[1].slot] });
  });

  test('free results that nobody reads', () => {
    const v = variable([1, 2]);
    expect(kinds(scheduled([], [], [v.assignAdd([1, 1])]))).toEqual(['const', 'assign', 'release']);
  });
});

describe('donation', () => {
  const donated = (p: Program): (readonly boolean[])[] => kernels(p).map((s) => s.donated);

  test('is for the last use only', () => {
    const x = placeholder('float32', [2]);
    const y = x.exp();
    // exp(x) is the last to read x; mul reads y before add does, and constants stay.
    expect(donated(scheduled([y.mul(2).add(y)], [x]))).toEqual([[true], [false, false], [true, true]]);
  });

  test('is not for an input that is there twice, nor for what is returned', () => {
    const x = placeholder('float32', [2]);
    const y = x.exp();
    expect(donated(scheduled([y.mul(y), y], [x]))).toEqual([[true], [false, false]]);
    expect(donated(scheduled([y.add(y)], [x]))).toEqual([[true], [false, false]]);
  });

  test("is for a body's carries and rows, not for the constants it borrows", () => {
    const x = placeholder('float32', [2]);
    const { carry } = loopOver(
      ([y], [row]) => ({ carry: [y.mul(x).add(row)], ys: [] }),
      [constant([1, 2])],
      [constant([[1], [2]])],
    );
    const { body } = stepOf(scheduled(carry, [x]), 'loop');
    expect(donated(body)).toEqual([
      [true, false],
      [true, true],
    ]);
  });

  test("is not for a branch's captures", () => {
    const [p, x] = [placeholder('bool', []), placeholder('float32', [2])];
    const { then } = stepOf(
      scheduled(
        [
          cond(
            p,
            () => x.exp().neg(),
            () => x,
          ),
        ],
        [p, x],
      ),
      'cond',
    );
    expect(donated(then)).toEqual([[false], [true]]);
  });
});

test('a condition borrows all it reads', () => {
  const x = placeholder('float32', [2]);
  const {
    cond: condition,
    consts,
    carry,
  } = stepOf(
    scheduled(
      whileLoop(
        (y) => reduceSum(y).less(reduceSum(x)),
        (y) => [y.exp()],
        [constant([1, 2])],
      ),
      [x],
    ),
    'loop',
  );
  expect(condition?.params.map((p) => p.owned)).toEqual([...consts, ...carry].map(() => false));
});

test('random numbers are drawn on the host and uploaded where a kernel wants them', () => {
  expect(kinds(scheduled([randomUniform([2], { seed: 1 }).exp()]))).toEqual([
    'const',
    'random',
    'upload',
    'kernel',
    'release',
    'download',
    'release',
  ]);
});

test('nodes that compute nothing leave no step', () => {
  const v = variable([1, 2]);
  expect(kinds(scheduled([], [], [v.assign([3, 4])]))).toEqual(['const', 'assign', 'release']);
  expect(
    kinds(
      scheduled(
        [
          whileLoop(
            (i) => i.less(2),
            (i) => [i.add(1)],
            [count()],
          )[0],
        ],
        [],
      ),
    ),
  ).toEqual(['const', 'loop']);
});
