import { gradients } from '@tensorloom/autodiff';
import { createCpu } from '@tensorloom/backend-cpu';
import { reference } from '@tensorloom/backend-reference';
import {
  NDArray,
  type Tensor,
  compatible,
  constant,
  globalVariablesInitializer,
  isDType,
  placeholder,
  resetDefaultGraph,
  setRandomSeed,
  sizeOf,
  toTypedArray,
} from '@tensorloom/graph';
import { nn } from '@tensorloom/nn';
import { Session } from '@tensorloom/runtime';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import golden from '../../testkit/golden/nn.json' with { type: 'json' };

beforeEach(() => {
  resetDefaultGraph();
  setRandomSeed(42);
});

type Case = (typeof golden.cases)[number];
type Described = Case['results'][number];
const backends = { reference: reference(), cpu: createCpu() };
afterAll(() => Object.values(backends).forEach((b) => b.dispose()));

const arrayOf = ({ dtype, shape, data }: Described): NDArray => {
  if (!isDType(dtype)) throw new Error(`no dtype: ${dtype}`);
  return new NDArray(dtype, shape, toTypedArray(dtype, data.map(Number)));
};

type Call = (...args: unknown[]) => Tensor | readonly Tensor[];
const face: Readonly<Record<string, unknown>> = nn;

function call({ op, args, options, keys }: Case, inputs: readonly Tensor[]): readonly Tensor[] {
  const f = face[op];
  if (typeof f !== 'function') throw new Error(`nn has no function '${op}'.`);
  const named = keys === null ? {} : Object.fromEntries(keys.map((key, i) => [key, inputs[i]]));
  const all = { ...named, ...options };
  const given = [...(keys === null ? inputs : []), ...args, ...(Object.keys(all).length > 0 ? [all] : [])];
  return [(f as Call)(...given)].flat();
}

function expectClose(got: NDArray, expected: Described, what: string, atol: number): void {
  const want = arrayOf(expected);
  expect([what, got.dtype, got.shape]).toEqual([what, want.dtype, want.shape]);
  got.data.forEach((g, i) => {
    const w = want.data[i];
    if (Object.is(g, w) || g === w || Math.abs(g - w) <= atol + 1e-6 * Math.abs(w)) return;
    expect.fail(`${what}: element ${i}: expected ${w}, got ${g}`);
  });
}

/** Sums of products that cancel, and 1 - tanh^2 far from 0. */
const cancelling = new Set(['conv1d', 'conv2d', 'conv3d', 'tanh']);

/** Builds, runs and compares a case; its inputs have static shapes, or lengths that only the run knows where that is allowed. */
async function check(c: Case, backend: keyof typeof backends, isStatic: boolean): Promise<void> {
  const values = c.inputs.map(arrayOf);
  // The last axis holds channels or classes, filters must be known.
  const known = (shape: readonly number[], i: number): readonly (number | null)[] =>
    isStatic || i > 0 ? shape : shape.map((d, axis) => (axis < shape.length - 1 ? null : d));
  const inputs = values.map(({ dtype, shape }, i) => placeholder(dtype, known(shape, i)));
  const results = call(c, inputs);
  results.forEach((r, i) => expect(compatible(r.shape, c.results[i].shape)).toBe(true));
  if (isStatic) results.forEach((r, i) => expect(r.shape).toEqual(c.results[i].shape));
  const floats = inputs.filter((x) => x.dtype === 'float32');
  const weights = new Float32Array(sizeOf(c.results[0].shape)).map((_, i) => Math.cos(i));
  const gradYs = [constant(new NDArray('float32', c.results[0].shape, weights))];
  const found = c.gradients === undefined ? [] : gradients(results[0], floats, { gradYs });
  const session = new Session({ backend: backends[backend] });
  const feeds = inputs.map((x, i) => [x, values[i]] as const);
  const atol = cancelling.has(c.op) ? 1e-6 : 1e-7;
  await session.run(globalVariablesInitializer());
  (await session.run(results, feeds)).forEach((g, i) => expectClose(g, c.results[i], `result ${i}`, atol));
  for (const [i, expected] of (c.gradients ?? []).entries()) {
    const gradient = found[i];
    if (expected === null || gradient === null) expect(gradient).toBe(expected);
    else expectClose(await session.run(gradient, feeds), expected, `gradient ${i}`, atol);
  }
  session.close();
}

const cases = golden.cases.map((c, i) => ({ ...c, title: `${c.op} ${i}` }));

describe('as in TensorFlow', () => {
  test.each(cases)('reference: $title', (c) => check(c, 'reference', true));
  test.each(cases)('cpu: $title', (c) => check(c, 'cpu', true));
  test.each(cases.filter(({ keys }) => keys === null))('unknown lengths: $title', (c) => check(c, 'reference', false));
});
