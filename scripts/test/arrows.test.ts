import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { arrows, importsOf, readSources, violations } from '../arrows.mjs';

const all = Object.keys(arrows).map((name) => (name === 'tensorloom' ? name : `@tensorloom/${name}`));
const declared = Object.fromEntries([...Object.keys(arrows), 'examples', 'bench'].map((name) => [name, all]));

/** What is wrong with files given as `path: text`. */
const check = (files: Record<string, string>): string[] =>
  violations(
    Object.entries(files).map(([path, text]) => ({ path, imports: importsOf(path, text) })),
    declared,
  );

describe('importsOf', () => {
  it('finds imports, re-exports, dynamic imports and import types, with their lines', () => {
    const text = `import { a } from './a.js';
import type { B } from './b.js';
import { type C } from './c.js';
export * from './d.js';
export type { E } from './e.js';
const f = await import('./f.js');
let g: import('./g.js').G;`;
    expect(importsOf('x.ts', text)).toEqual([
      { specifier: './a.js', typeOnly: false, line: 1 },
      { specifier: './b.js', typeOnly: true, line: 2 },
      { specifier: './c.js', typeOnly: false, line: 3 },
      { specifier: './d.js', typeOnly: false, line: 4 },
      { specifier: './e.js', typeOnly: true, line: 5 },
      { specifier: './f.js', typeOnly: false, line: 6 },
      { specifier: './g.js', typeOnly: true, line: 7 },
    ]);
  });
});

describe('arrows between packages', () => {
  it('lets a package import what stands to its left', () => {
    expect(check({ 'packages/rnn/src/index.ts': `import '@tensorloom/graph'; import '@tensorloom/nn';` })).toEqual([]);
  });

  it('refuses an arrow to the right, type-only ones too', () => {
    expect(check({ 'packages/graph/src/index.ts': `import type { Session } from '@tensorloom/runtime';` })).toEqual([
      'packages/graph/src/index.ts:1: graph may not import runtime, only nothing.',
    ]);
  });

  it('refuses a backend that imports another', () => {
    expect(check({ 'packages/backend-cpu/src/index.ts': `import '@tensorloom/backend-tfjs';` })).toEqual([
      'packages/backend-cpu/src/index.ts:1: backend-cpu may not import backend-tfjs, only graph, runtime.',
    ]);
  });

  it('keeps models out of what the testkit entry reaches, and in its models entry', () => {
    const shared = { 'packages/testkit/src/rnns.ts': `import '@tensorloom/rnn';` };
    expect(check({ ...shared, 'packages/testkit/src/models.ts': `import './rnns.js';` })).toEqual([]);
    expect(check({ ...shared, 'packages/testkit/src/index.ts': `import './rnns.js';` })).toEqual([
      'packages/testkit/src/rnns.ts:1: packages/testkit/src/index.ts reaches this file, and may not import rnn.',
    ]);
  });

  it('refuses ways around the public face', () => {
    const found = check({
      'packages/nn/src/a.ts': `import '../../graph/src/op.js';`,
      'packages/nn/src/b.ts': `import '@tensorloom/graph/src/op.js';`,
      'packages/nn/src/c.ts': `import '@tensorloom/nn';`,
    });
    expect(found).toEqual([
      `packages/nn/src/a.ts:1: '../../graph/src/op.js' leaves its package. Import other packages by name.`,
      `packages/nn/src/b.ts:1: '@tensorloom/graph/src/op.js' reaches behind the public face of graph. Import the package.`,
      'packages/nn/src/c.ts:1: nn imports itself by name. Import the file instead.',
    ]);
  });

  it('refuses what package.json does not declare', () => {
    expect(
      check({ 'packages/nn/src/a.ts': `import 'left-pad';`, 'bench/src/a.ts': `import '@scope/x/deep';` }),
    ).toEqual([
      `packages/nn/src/a.ts:1: 'left-pad' is not in the dependencies of nn. Add it to that package.json.`,
      `bench/src/a.ts:1: '@scope/x' is not in the dependencies of bench. Add it to that package.json.`,
    ]);
  });

  it('wants a line for every package', () => {
    expect(check({ 'packages/vision/src/index.ts': '' })).toEqual([
      'packages/vision/src/index.ts: the package vision has no arrows. Give it a line in scripts/arrows.mjs.',
    ]);
  });
});

describe('cycles of files', () => {
  it('shows a shortest way round', () => {
    const found = check({
      'packages/nn/src/a.ts': `import './b.js'; import './d.js';`,
      'packages/nn/src/b.ts': `import './c.js';`,
      'packages/nn/src/c.ts': `import './a.js';`,
      'packages/nn/src/d.ts': `import './b.js';`,
    });
    expect(found).toEqual([
      'cycle of files: packages/nn/src/a.ts -> packages/nn/src/b.ts -> packages/nn/src/c.ts -> packages/nn/src/a.ts. Move what they share to a file of its own.',
    ]);
  });

  it('sees a file that imports itself', () => {
    expect(check({ 'packages/nn/src/a.ts': `export * from './a.js';` })).toHaveLength(1);
  });

  it('lets types go round', () => {
    expect(
      check({ 'packages/nn/src/a.ts': `import './b.js';`, 'packages/nn/src/b.ts': `import type { A } from './a.js';` }),
    ).toEqual([]);
  });

  it('lets tensor methods call ops, and nothing else beside them', () => {
    const late = {
      'packages/graph/src/tensor.ts': `import { methods } from './ops/methods.js';`,
      'packages/graph/src/ops/methods.ts': `import { Tensor } from '../tensor.js';`,
    };
    expect(check(late)).toEqual([]);
    const more = { 'packages/graph/src/ops/math.ts': `import './methods.js';` };
    const methods = { 'packages/graph/src/ops/methods.ts': `import './math.js'; import '../tensor.js';` };
    expect(check({ ...late, ...more, ...methods })).toHaveLength(1);
  });
});

it('the sources of this repository hold the arrows', () => {
  const { sources, declared } = readSources(fileURLToPath(new URL('../..', import.meta.url)));
  expect(Object.keys(declared)).toEqual(expect.arrayContaining(Object.keys(arrows)));
  expect(violations(sources, declared)).toEqual([]);
});
