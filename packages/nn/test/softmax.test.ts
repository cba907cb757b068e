import { reference } from '@tensorloom/backend-reference';
import { type Tensor, constant, resetDefaultGraph } from '@tensorloom/graph';
import { nn } from '@tensorloom/nn';
import { Session } from '@tensorloom/runtime';
import { checkGradients, ndarrays } from '@tensorloom/testkit';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';

beforeEach(() => resetDefaultGraph());

const values = (t: Tensor): number[] => {
  const session = new Session({ backend: reference() });
  const v = Array.from(session.runSync(t).data);
  session.close();
  return v;
};

test('rows sum to 1, and shifting the logits changes nothing', () => {
  fc.assert(
    fc.property(ndarrays('float64', [3, 4]), fc.integer({ min: -500, max: 500 }), (x, shift) => {
      const [a, b] = [constant(x), constant(x).add(shift)].map((t) => values(nn.softmax(t)));
      a.forEach((v, i) => expect(v).toBeCloseTo(b[i], 12));
      for (let row = 0; row < 3; row++)
        expect(a.slice(4 * row, 4 * row + 4).reduce((s, v) => s + v, 0)).toBeCloseTo(1, 12);
    }),
    { numRuns: 20 },
  );
});

test('logSoftmax is the logarithm of softmax, and stays finite where softmax underflows', () => {
  const x = constant([[1, 2, 4]], { dtype: 'float64' });
  const [log, plain] = [values(nn.logSoftmax(x)), values(nn.softmax(x))];
  log.forEach((v, i) => expect(v).toBeCloseTo(Math.log(plain[i]), 12));
  expect(values(nn.logSoftmax(constant([[0, 1000]], { dtype: 'float64' })))).toEqual([-1000, 0]);
});

test('logits of -Infinity have probability 0, vectors are one distribution', () => {
  expect(values(nn.softmax([-Infinity, 0, 0]))).toEqual([0, 0.5, 0.5]);
  expect(values(nn.logSoftmax([-Infinity, 0]))).toEqual([-Infinity, 0]);
});

test('scalars, integers and missing axes are refused', () => {
  for (const [name, f] of Object.entries({ softmax: nn.softmax, logSoftmax: nn.logSoftmax })) {
    expect(() => f(constant(1))).toThrow(`${name}: expected floating logits of rank 1 or more, got float32[].`);
    expect(() => f(constant([1], { dtype: 'int32' }))).toThrow(
      `${name}: expected floating logits of rank 1 or more, got int32[1].`,
    );
    expect(() => f([1, 2], { axis: 1 })).toThrow(
      'axis 1 is out of range for float32[2], expected an integer from -1 to 0',
    );
  }
});

test('gradients, orders 1 and 2', () => {
  for (const f of [nn.softmax, nn.logSoftmax]) {
    checkGradients({
      inputs: [{ shape: [2, 3], data: Float64Array.of(0.1, 0.5, -0.3, 1, 2, -1) }],
      shapes: [[null, 3]],
      order: 2,
      build: ([x]) => f(x),
    });
    checkGradients({
      inputs: [{ shape: [2, 3], data: Float64Array.of(0.1, 0.5, -0.3, 1, 2, -1) }],
      order: 2,
      build: ([x]) => f(x, { axis: 0 }),
    });
  }
});
