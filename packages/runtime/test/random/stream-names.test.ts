import {
  cond,
  placeholder,
  randomNormal,
  randomUniform,
  defaultGraph,
  resetDefaultGraph,
  variable,
  withGraph,
  Graph,
} from '@tensorloom/graph';
import { gradients } from '@tensorloom/autodiff';
import { beforeEach, expect, test } from 'vitest';
import { streamNames } from '../../src/random/stream-names.js';

beforeEach(() => resetDefaultGraph());

test('names are those of the ops that draw, in bodies too', () => {
  const x = variable(() => randomNormal([]), { name: 'x' });
  cond(
    placeholder('bool', []),
    () => x.mul(randomUniform([])),
    () =>
      x.mul(
        cond(
          placeholder('bool', []),
          () => randomUniform([], { name: 'inner' }),
          () => x.value(),
        ),
      ),
  );
  expect([...streamNames(defaultGraph()).keys()]).toEqual([
    'x/Initializer/random_normal/RandomStandardNormal',
    'cond/random_uniform/RandomUniform',
    'cond/cond/inner/RandomUniform',
  ]);
});

test('copies that gradients make have the name of the op they copy', () => {
  const x = variable(1);
  const y = cond(
    placeholder('bool', []),
    () => x.mul(randomUniform([])),
    () => x.value(),
  );
  const before = streamNames(defaultGraph());
  gradients(y, [x]);
  expect(streamNames(defaultGraph())).toEqual(before);
});

test('a graph that draws nothing has none', () => {
  const graph = new Graph();
  withGraph(graph, () => placeholder('bool', []));
  expect(streamNames(graph).size).toBe(0);
});
