import { beforeEach, describe, expect, test } from 'vitest';
import {
  type Edge,
  Graph,
  close,
  constant,
  control,
  defaultGraph,
  identity,
  listSpec,
  resetDefaultGraph,
  stopGradient,
  tensorSpec,
  trace,
} from '../../src/index.js';
import { type LoopAttrs, loop, rowSpec, tripsOf } from '../../src/ops/control.js';
import { listUnstack } from '../../src/ops/list.js';
import { int, messageFrom, specs, x } from '../support.js';

beforeEach(() => resetDefaultGraph());

/** A loop whose body is `f`, over nothing captured. */
function attrs(
  f: (ps: readonly Edge[]) => readonly Edge[],
  params: readonly Edge[],
  change: Partial<LoopAttrs> = {},
): LoopAttrs {
  const traced = trace(
    defaultGraph(),
    params.map((p) => ({ spec: p.spec, name: 'p' })),
    f,
  );
  return {
    body: close(traced, []),
    cond: null,
    consts: 0,
    carry: 1,
    counted: true,
    reverse: false,
    saved: [],
    widens: null,
    names: ['h'],
    ...change,
  };
}

describe('loop', () => {
  test('gives the carry, lists of what is collected and saved, and the trips', () => {
    const h = x([2]);
    const a = attrs(([p]) => [p, (p as typeof h).reduceSum()], [h]);
    const node = loop({ ...a, saved: [a.body.outputs[1]] }, [h, int(3)], 'while');
    expect(node.outputs.map((o) => o.spec)).toEqual([
      tensorSpec('float32', [2]),
      listSpec('float32', []),
      listSpec('float32', []),
      tensorSpec('int32', []),
    ]);
    expect(tripsOf(node).index).toBe(3);
    expect(control.loop.subgraphs?.(node.attrs)).toEqual([a.body]);
  });

  test('what goes in must be what the body takes', () => {
    const h = x([2]);
    expect(
      messageFrom(() =>
        loop(
          attrs(([p]) => [p], [h]),
          [x([3]), int(1)],
        ),
      ),
    ).toMatch(/^Loop: input 0 is float32\[3\], the body takes float32\[2\]\. Pass what it takes\.\n/);
  });
});

test('rows of tensors and lists', () => {
  expect([
    rowSpec(tensorSpec('int32', [3, 2])),
    rowSpec(tensorSpec('int32', undefined)),
    rowSpec(listSpec('int32', [2], 2)),
    rowSpec(listSpec('int32', [2])),
  ]).toEqual([
    tensorSpec('int32', [2]),
    tensorSpec('int32', undefined),
    listSpec('int32', [2]),
    tensorSpec('int32', [2]),
  ]);
  expect(() => rowSpec(tensorSpec('int32', []))).toThrow(
    'Loop: expected sequences with a first axis to run over, got int32[].',
  );
});

test('identity and stopGradient are new nodes of the same type and value', () => {
  const k = constant([1, 2], { dtype: 'int32' });
  for (const [f, op] of [
    [identity, control.identity],
    [stopGradient, control.stopGradient],
  ] as const) {
    const t = f(k, { name: 'same' });
    expect([t.op.op, t.op.inputs, t.value, ...specs(t)]).toEqual([op, [k], [1, 2], 'int32[2]']);
  }
  expect(messageFrom(() => identity('a' as never))).toMatch(/^Identity: expected a tensor, /);
});

test('identity takes lists too, for bodies that pass them on', () => {
  const l = listUnstack(x([2]), int(2));
  expect(new Graph(defaultGraph()).apply(control.identity, [l], {}).outputs[0].spec).toEqual(l.spec);
});

test('assumeShape knows more than could be inferred', () => {
  const spec = tensorSpec('float32', [2]);
  expect(
    defaultGraph()
      .apply(control.assumeShape, [x([null])], { spec })
      .output().shape,
  ).toEqual([2]);
});
