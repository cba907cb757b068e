import { gradients } from '@tensorloom/autodiff';
import { reference } from '@tensorloom/backend-reference';
import { constant, cumprod, placeholder, resetDefaultGraph } from '@tensorloom/graph';
import { seq2seq } from '@tensorloom/rnn';
import { Session } from '@tensorloom/runtime';
import { checkGradients, ndarrays } from '@tensorloom/testkit';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { expectClose } from '../support.js';

beforeEach(() => resetDefaultGraph());

const { safeCumprod } = seq2seq;
const options = fc.record({ axis: fc.constantFrom(0, 1), exclusive: fc.boolean(), reverse: fc.boolean() });

test('is cumprod for numbers from 0 to 1', () => {
  fc.assert(
    fc.property(ndarrays('float64', [4, 5], { min: 0, max: 1 }), options, (x, { axis, ...rest }) => {
      const t = placeholder('float64', [null, null]);
      const session = new Session({ backend: reference() });
      const [safe, plain, named] = session.runSync(
        [safeCumprod(t, axis, rest), cumprod(t, axis, rest), safeCumprod(t, { axis, ...rest })],
        [[t, x]],
      );
      session.close();
      expectClose(safe.toArray(), plain.toArray(), 1e-12);
      expect(named.toArray()).toEqual(safe.toArray());
    }),
    { numRuns: 30 },
  );
});

test('gradients', () => {
  fc.assert(
    fc.property(ndarrays('float64', [2, 3], { min: 0.1, max: 0.9 }), options, (x, { axis, ...rest }) =>
      checkGradients({ inputs: [x], order: 2, build: ([t]) => safeCumprod(t, axis, rest) }),
    ),
    { numRuns: 5 },
  );
});

test.each(['float32', 'float64'] as const)('products that underflow have finite values and gradients, %s', (dtype) => {
  const x = constant(1e-30, { shape: [1, 20], dtype });
  const y = safeCumprod(x, 1);
  const [dx] = gradients(y, [x]);
  if (dx === null) throw new Error('expected a gradient');
  const session = new Session({ backend: reference() });
  const values = session.runSync([y, dx]).flatMap(({ data }) => Array.from(data, Number));
  session.close();
  expect(values.filter((v) => !Number.isFinite(v))).toEqual([]);
});

test('errors', () => {
  expect(() => safeCumprod(constant([1, 2], { dtype: 'int32' }))).toThrow(
    /safeCumprod: expected floats from 0 to 1, got int32/,
  );
});
