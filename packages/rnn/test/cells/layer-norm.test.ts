import { reference } from '@tensorloom/backend-reference';
import { constant, globalVariables, globalVariablesInitializer, resetDefaultGraph } from '@tensorloom/graph';
import { layers } from '@tensorloom/nn';
import { Session } from '@tensorloom/runtime';
import { beforeEach, expect, test } from 'vitest';
import { norm } from '../../src/cells/layer-norm.js';
import { expectClose } from '../support.js';

beforeEach(() => resetDefaultGraph());

test('is layers.layerNorm, with variables that begin as asked for', () => {
  const x = constant([
    [1, 2, 4],
    [0, -1, 5],
  ]);
  const plain = norm('plain', 3, 'float32', {})(x);
  const scaled = norm('scaled', 3, 'float32', { normGain: 2, normShift: 1 })(x);
  const want = layers.layerNorm(x, { scope: 'want' });
  expect(
    globalVariables()
      .map((v) => v.op)
      .slice(0, 2),
  ).toEqual(['plain/gamma', 'plain/beta']);
  const session = new Session({ backend: reference() });
  session.runSync(globalVariablesInitializer());
  const [a, b, c] = session.runSync([plain, want, scaled]);
  session.close();
  expectClose(a.toArray(), b.toArray());
  expectClose(
    Array.from(c.data),
    Array.from(b.data, (v) => 2 * v + 1),
  );
});
