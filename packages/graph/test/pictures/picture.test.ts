import { expect, test } from 'vitest';
import {
  Graph,
  add,
  assign,
  cond,
  constant,
  controlDependencies,
  identity,
  nameScope,
  placeholder,
  variable,
  whileLoop,
  withGraph,
} from '../../src/index.js';
import { type PictureFrame, pictureOf } from '../../src/pictures/picture.js';

const nodesIn = ({ nodes, frames }: PictureFrame): PictureFrame['nodes'] => [...nodes, ...frames.flatMap(nodesIn)];
const inGraph = (build: () => void): Graph => {
  const graph = new Graph();
  withGraph(graph, build);
  return graph;
};

test('scopes are frames, and nodes are drawn as what they are', () => {
  const graph = inGraph(() => {
    const x = placeholder('float32', [2], { name: 'x' });
    nameScope('outer', () => nameScope('inner', () => add(x, constant(1), { name: 'sum' })));
    const v = variable(0, { name: 'v' });
    controlDependencies([x], () => identity(v, { name: 'after' }));
  });
  const { frame, arrows } = pictureOf(graph);
  const [outer] = frame.frames;
  expect([outer.title, outer.frames[0].title]).toEqual(['outer', 'inner']);
  expect(nodesIn(outer).map(({ label, kind }) => [label, kind])).toEqual([
    ['Const', 'constant'],
    ['sum\nAdd', 'op'],
  ]);
  expect(
    nodesIn(frame)
      .filter(({ kind }) => kind === 'variable')
      .map(({ label }) => label),
  ).toEqual(['Assign', 'read\nReadVariable']);
  expect(arrows.filter(({ kind }) => kind === 'order')).toHaveLength(1);
  expect(arrows.find(({ label }) => label === 'float32[2]')?.kind).toBe('data');
  expect(pictureOf(graph, { types: false }).arrows.every(({ label }) => label === '')).toBe(true);
});

test('a loop reads at the parameters of its body, and leads from what a trip ends with to what the next begins with', () => {
  const graph = inGraph(() => {
    const x = placeholder('float32', [], { name: 'x' });
    whileLoop(
      (i) => i.less(3),
      (i, y) => [i.add(1), y.mul(x)],
      [constant(0, { dtype: 'int32' }), constant(1)],
    );
  });
  const { frame, arrows } = pictureOf(graph);
  const bodies: PictureFrame[] = [];
  const collect = (f: PictureFrame): void => {
    if (f.kind === 'body') bodies.push(f);
    f.frames.forEach(collect);
  };
  collect(frame);
  expect(bodies.map(({ title }) => title)).toEqual(['while/while: condition', 'while/while: body']);
  const next = arrows.filter(({ kind }) => kind === 'next');
  expect(next).toHaveLength(2);
  const parameters = nodesIn(bodies[1]).filter(({ kind }) => kind === 'parameter');
  expect(next.map(({ to }) => to).sort()).toEqual(
    parameters
      .slice(-2)
      .map(({ id }) => id)
      .sort(),
  );
  const fed = frame.nodes.find(({ kind }) => kind === 'placeholder');
  expect(arrows.some(({ from, to }) => from === fed?.id && parameters.some(({ id }) => id === to))).toBe(true);
});

test('a branch has two bodies, and its predicate leads to itself', () => {
  const graph = inGraph(() => {
    const [p, x] = [placeholder('bool', [], { name: 'p' }), placeholder('float32', [], { name: 'x' })];
    cond(
      p,
      () => x.mul(2),
      () => x.add(1),
    );
  });
  const { frame, arrows } = pictureOf(graph);
  const all = nodesIn(frame);
  const ids = (kind: string): string[] => all.filter((n) => n.kind === kind).map(({ id }) => id);
  const [predicate] = ids('placeholder');
  expect(arrows.filter(({ from }) => from === predicate).map(({ to }) => to)).toEqual(ids('control'));
});

test('only what is asked for is drawn', () => {
  const graph = new Graph();
  const [sum, set] = withGraph(graph, () => {
    const x = placeholder('float32', [], { name: 'x' });
    return [x.add(1, { name: 'sum' }), assign(variable(1, { name: 'v' }), x).op] as const;
  });
  const labels = (of: Parameters<Graph['toDot']>[0]): string[] =>
    nodesIn(pictureOf(graph, of).frame).map((n) => n.label);
  expect(labels({ of: [sum] })).toEqual(['x\nPlaceholder', 'Const', 'sum\nAdd']);
  expect(labels({ of: [set] })).toEqual(['x\nPlaceholder', 'Assign_1']);
});
