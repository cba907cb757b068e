import {
  controlDependencies,
  defaultGraph,
  nameScope,
  noOp,
  placeholder,
  resetDefaultGraph,
  whileLoop,
} from '@tensorloom/graph';
import { expect, test } from 'vitest';
import { atTop } from '../src/at-top.js';

test('builds in the outermost graph and scope, and depends on nothing', () => {
  resetDefaultGraph();
  const graph = defaultGraph();
  const made = controlDependencies([noOp()], () =>
    nameScope('scope', () => atTop(graph, () => placeholder('float32', [], { name: 'x' }))),
  );
  expect(made.name).toBe('x:0');
  expect(made.op.controlInputs).toEqual([]);
  const inside: unknown[] = [];
  whileLoop(
    (i) => i.less(3),
    (i) => {
      const { graph: body } = i;
      inside.push(atTop(body, () => placeholder('float32', [], { name: 'y' })).graph);
      return i.add(1);
    },
    placeholder('float32', []),
  );
  expect(inside).toEqual([graph]);
});
