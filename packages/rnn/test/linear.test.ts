import { reference } from '@tensorloom/backend-reference';
import {
  constant,
  constantInitializer,
  globalVariablesInitializer,
  resetDefaultGraph,
  variableScope,
} from '@tensorloom/graph';
import { Session } from '@tensorloom/runtime';
import { beforeEach, expect, test } from 'vitest';
import { linear } from '../src/linear.js';

beforeEach(() => resetDefaultGraph());

test('one kernel for all inputs together, variables made once', () => {
  const layer = variableScope('layer', () => linear(3, 2, 'float32', { kernelInitializer: constantInitializer(2) }));
  const y = layer(constant([[1, 2]]), constant([[3]]));
  const session = new Session({ backend: reference() });
  session.runSync(globalVariablesInitializer());
  expect(session.runSync([y, layer(constant([[1, 2, 4]]))]).map((v) => v.toArray())).toEqual([[[12, 12]], [[14, 14]]]);
  session.close();
});
