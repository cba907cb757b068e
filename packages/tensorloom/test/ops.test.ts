import { reference } from '@tensorloom/backend-reference';
import { createCpu } from '@tensorloom/backend-cpu';
import { type NDArray, type Tensor, NDArray as Elements, toTypedArray } from '@tensorloom/graph';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import golden from '../../testkit/golden/ops.json' with { type: 'json' };
import * as tl from '../src/index.js';

type Described = (typeof golden.cases)[number]['results'][number];

const backends = { reference: reference(), cpu: createCpu() };
afterAll(() => Object.values(backends).forEach((b) => b.dispose()));
beforeEach(() => tl.resetDefaultGraph());

const arrayOf = ({ dtype, shape, data }: Described): NDArray => {
  if (!tl.isDType(dtype)) throw new Error(`no dtype: ${dtype}`);
  return new Elements(dtype, shape, toTypedArray(dtype, data.map(Number)));
};

type Call = (...args: unknown[]) => Tensor | readonly Tensor[];
const face: Readonly<Record<string, unknown>> = tl;

/** Calls the public function that a case names. */
function call({ op, args, options }: (typeof golden.cases)[number], inputs: readonly Tensor[]): readonly Tensor[] {
  const [name, ...before] = op.split(' ');
  const f = face[name];
  if (typeof f !== 'function') throw new Error(`tensorloom has no function '${name}'.`);
  const result = (f as Call)(...before, ...inputs, ...args, ...(Object.keys(options).length > 0 ? [options] : []));
  return [result].flat();
}

function expectClose(got: NDArray, expected: Described, what: string): void {
  const want = arrayOf(expected);
  expect([what, got.dtype, got.shape]).toEqual([what, want.dtype, want.shape]);
  got.data.forEach((g, i) => {
    const w = want.data[i];
    if (Object.is(g, w) || g === w || Math.abs(g - w) <= 2e-6 + 4e-6 * Math.abs(w)) return;
    expect.fail(`${what}: element ${i}: expected ${w}, got ${g}`);
  });
}

/** These must know the lengths of axes. */
const needsLengths = new Set(['unstack', 'squeeze']);

const cases = golden.cases.map((c, i) => ({ ...c, title: `${c.op} ${i}` }));

/** Builds, runs and compares a case; its inputs have static shapes, or are of known rank only. */
async function check(c: (typeof cases)[number], backend: keyof typeof backends, isStatic: boolean): Promise<void> {
  const values = c.inputs.map(arrayOf);
  const inputs = values.map(({ dtype, shape }, i) =>
    tl.placeholder(dtype, isStatic ? shape : shape.map(() => null), { name: `x${i}` }),
  );
  const results = call(c, inputs);
  results.forEach((r, i) => expect(tl.compatible(r.shape, c.results[i].shape)).toBe(true));
  if (isStatic && !c.op.startsWith('sequenceMask'))
    results.forEach((r, i) => expect(r.shape).toEqual(c.results[i].shape));
  const floats = inputs.filter((x) => x.dtype === 'float32');
  const weights = new Float32Array(tl.sizeOf(c.results[0].shape)).map((_, i) => Math.cos(i));
  const gradients =
    'gradients' in c && c.gradients !== undefined
      ? tl.gradients(results[0], floats, {
          gradYs: [tl.constant(new Elements('float32', c.results[0].shape, weights))],
        })
      : [];
  const session = new tl.Session({ backend: backends[backend] });
  const feeds = inputs.map((x, i) => [x, values[i]] as const);
  const got = await session.run(results, feeds);
  got.forEach((g, i) => expectClose(g, c.results[i], `result ${i}`));
  for (const [i, expected] of (c.gradients ?? []).entries()) {
    const gradient = gradients[i];
    if (expected === null || gradient === null) expect(gradient).toBe(expected);
    else expectClose(await session.run(gradient, feeds), expected, `gradient ${i}`);
  }
  session.close();
}

describe('as in TensorFlow', () => {
  test.each(cases)('reference: $title', (c) => check(c, 'reference', true));
  test.each(cases)('cpu: $title', (c) => check(c, 'cpu', true));
  test.each(cases.filter(({ op }) => !needsLengths.has(op)))('only the rank known: $title', (c) =>
    check(c, 'reference', false),
  );
});
