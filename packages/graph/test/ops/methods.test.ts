import { expect, test, vi } from 'vitest';

// Modules of its own, in which no tensor has been made yet: test files share theirs.
vi.resetModules();
const graph = await import('../../src/index.js');
const { tensorMethods } = await import('../../src/ops/methods.js');

const classes = [graph.Tensor, graph.Variable];
/** What the classes define themselves: the methods are added with the first tensor. */
const defined = classes.map((c) => Object.getOwnPropertyNames(c.prototype));

test('every method is the public function of its name, which takes a tensor first', () => {
  for (const [name, f] of Object.entries(tensorMethods())) expect(Reflect.get(graph, name), name).toBe(f);
});

test('no method hides a member of tensors or variables', () => {
  const v = graph.variable(1);
  for (const [i, x] of [v.value(), v].entries()) {
    const members = [...defined[i], ...Object.keys(x)];
    expect(members).toEqual(expect.arrayContaining(['name', 'toString', 'dtype', 'shape', 'kind']));
    expect(Object.keys(tensorMethods()).filter((name) => members.includes(name))).toEqual([]);
  }
});

test('tensors and variables have them all', () => {
  const v = graph.variable(1);
  for (const x of [v.value(), v]) {
    expect(Object.keys(tensorMethods()).filter((name) => typeof Reflect.get(x, name) !== 'function')).toEqual([]);
  }
});
