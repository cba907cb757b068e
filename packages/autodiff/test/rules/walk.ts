import {
  type AttrsOf,
  type Family,
  NDArray,
  type Op,
  apply,
  asTensors,
  constant,
  isFloating,
  resetDefaultGraph,
  sin,
  sizeOf,
} from '@tensorloom/graph';
import { type ElementOptions, type Sample, checkGradients, ndarrays, samplers } from '@tensorloom/testkit';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { rules } from '../../src/index.js';

/** Where an op is checked. */
export interface Domain<A> {
  /** What its floats are drawn from; default: anywhere but at 0, no two alike. */
  readonly elements?: ElementOptions;
  /** Which samples are taken; default: all. */
  when?(sample: Sample<A>): boolean;
}
/** Domains by the keys of a family. */
export type Domains<F extends Family> = { readonly [K in keyof F]?: Domain<AttrsOf<F[K]>> };

/** Inputs of more elements take long, and find no more. */
const LARGEST = 24;

/** Samples of an op in float64, as `conformance` has them, but with floats at which the op is smooth. */
function smoothSamples(op: Op, domain: Domain<unknown>): fc.Arbitrary<Sample> {
  const sampler = samplers.get(op);
  if (sampler?.dtypes.includes('float64') !== true) throw new Error(`${op.name}: expected a sampler for float64.`);
  return sampler
    .draw('float64', false)
    .filter((sample) => domain.when?.(sample) ?? true)
    .filter(({ inputs }) => inputs.every((x) => sizeOf(x.shape) <= LARGEST))
    .filter(({ inputs }) => inputs.every((x) => x.dtype !== 'float64' || sizeOf(x.shape) > 0))
    .chain(({ inputs, attrs }) =>
      fc
        .tuple(
          ...inputs.map((x) =>
            isFloating(x.dtype)
              ? ndarrays(x.dtype, x.shape, { distinct: true, awayFrom: [0], ...domain.elements })
              : fc.constant(x),
          ),
        )
        .map((smooth) => ({ inputs: smooth, attrs })),
    );
}

/**
 * Tests that every op of a family has a rule or an intended null, that the rules pass `checkGradients` at orders 1 and 2 on the shapes
 * and attributes that `conformance` draws, statically known or not, and that the others take or give no floats, but for those in
 * `without`: smooth, and held constant like TensorFlow's.
 */
export function walkRules<F extends Family>(
  family: F,
  { domains = {}, without = [] }: { readonly domains?: Domains<F>; readonly without?: readonly (keyof F)[] } = {},
): void {
  beforeEach(() => resetDefaultGraph());
  const entries = Object.entries<Op>(family);
  const own: Readonly<Record<string, Domain<unknown> | undefined>> = domains;

  test.each(entries)('%s has a rule or an intended null', (_, op) => {
    expect(rules.has(op)).toBe(true);
  });

  const smooth = entries.filter(([, op]) => rules.get(op) !== null);
  if (smooth.length > 0) {
    describe('orders 1 and 2', () => {
      test.each(smooth)('%s', (key, op) => {
        fc.assert(
          fc.property(smoothSamples(op, own[key] ?? {}), fc.boolean(), fc.nat(1000), (sample, known, seed) => {
            const device = sample.inputs.filter((_, i) => !op.hostInputs.includes(i));
            checkGradients({
              inputs: device,
              shapes: device.map((x) => (known ? x.shape : x.shape.map(() => null))),
              order: 2,
              seed,
              build: (placed) => {
                const rest = [...placed];
                const all = sample.inputs.map((x, i) =>
                  op.hostInputs.includes(i) ? constant(x) : (rest.shift() ?? constant(x)),
                );
                const outputs = asTensors(apply(op, all, sample.attrs).outputs);
                // Something curved, so that second derivatives are not zero.
                return outputs.filter((t) => isFloating(t.dtype)).map((t) => sin(t));
              },
            });
          }),
          { numRuns: 12, seed: 1 },
        );
      });
    });
  }

  const ends = entries.filter(([key, op]) => rules.get(op) === null && samplers.has(op) && !without.includes(key));
  if (ends.length > 0) {
    test.each(ends)('%s has no gradient, on purpose: it takes no floats, or gives none', (_, op) => {
      for (const dtype of samplers.get(op)?.dtypes ?? []) {
        const [{ inputs, attrs }] = fc.sample(samplers.get(op)?.draw(dtype, false) ?? fc.constant(none), 1);
        const xs = inputs.map((x) => constant(x));
        const takesFloats = xs.some((x, i) => isFloating(x.dtype) && !op.hostInputs.includes(i));
        expect(takesFloats && apply(op, xs, attrs).outputs.some((y) => isFloating(y.dtype))).toBe(false);
      }
    });
  }
}

const none: Sample = { inputs: [new NDArray('float32', [], Float32Array.of(0))], attrs: {} };
