import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { build as viteBuild } from 'vite';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { pack } from '../pack.mjs';

/** Backends whose engines are large come when somebody wants them. */
const optional = /backend-(tfjs|gpujs)/;
const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tensorloom-packages-'));
const seconds: Record<string, number> = {};

/** Runs a program in the folder. Returns what it prints. */
function run(step: string, program: string, args: readonly string[]): string {
  const from = Date.now();
  try {
    return execFileSync(program, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (e) {
    const { stdout, stderr } = e as { stdout: string; stderr: string };
    throw new Error(`${step}: ${stdout}\n${stderr}`, { cause: e });
  } finally {
    seconds[step] = (Date.now() - from) / 1000;
  }
}
const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

beforeAll(() => {
  const tarballs = pack(join(folder, 'packed')).filter(({ name }) => !optional.test(name));
  write('package.json', JSON.stringify({ name: 'newcomer', private: true, type: 'module' }));
  run('npm install', 'npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', ...tarballs.map((t) => t.file)]);
});

afterAll(() => {
  console.log(
    Object.entries(seconds)
      .map(([step, s]) => `${step}: ${s.toFixed(1)} s`)
      .join('\n'),
  );
  rmSync(folder, { recursive: true, force: true });
});

/** The programs of the README that are marked as TypeScript. */
const examples = [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/```ts\n(.*?)```/gs)].map(
  ([, code]) => code,
);

/** Node, and others that NODES names: paths with a colon between them. */
const nodes = [process.execPath, ...(process.env['NODES']?.split(':') ?? [])];

test.each(nodes)(
  "the README's example runs as it is pasted, in less than two minutes with its installation (%s)",
  (node) => {
    expect(examples).toHaveLength(1);
    write('example.mjs', examples[0]);
    const lines = run('example', node, ['example.mjs']).trim().split('\n');
    expect(lines.slice(0, -1).map((line) => line.split(' ')[0])).toEqual([
      '0',
      '50',
      '100',
      '150',
      '200',
      '250',
      '300',
      '350',
    ]);
    expect(Number(lines.at(-1))).toBeGreaterThan(0.88);
    expect(seconds['npm install'] + seconds['example']).toBeLessThan(120);
  },
);

describe.each(['node16', 'bundler'])('types under moduleResolution %s', (moduleResolution) => {
  it('are there, and say what is fetched', () => {
    write(
      'consumer.ts',
      `import * as tl from 'tensorloom';
       import { Graph } from '@tensorloom/graph';
       import { loadMnist } from '@tensorloom/datasets';
       import { checkGradients } from '@tensorloom/testkit';
       import { modelPrograms } from '@tensorloom/testkit/models';
       import { toGraphDef } from '@tensorloom/tensorflow';
       const x = tl.placeholder('float32', [null]);
       const both: { sum: tl.NDArray; op: null } = await new tl.Session().run({ sum: tl.reduceSum(x), op: tl.noOp() }, [[x, [1]]]);
       // @ts-expect-error: what is not fetched is not there
       both.other;
       export { Graph, both, checkGradients, loadMnist, modelPrograms, toGraphDef };`,
    );
    write(
      'tsconfig.json',
      JSON.stringify({
        compilerOptions: {
          ...{ strict: true, noEmit: true, target: 'es2023', lib: ['es2023', 'dom', 'esnext.disposable'], types: [] },
          ...{ moduleResolution, module: moduleResolution === 'bundler' ? 'esnext' : 'node16' },
        },
        files: ['consumer.ts'],
      }),
    );
    run(`tsc ${moduleResolution}`, process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', '.']);
  });
});

const bundle = async (code: string): Promise<string> => {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: folder, loader: 'js' },
    ...{ bundle: true, minify: true, write: false, format: 'esm', platform: 'browser', logLevel: 'silent' },
  });
  return outputFiles[0].text;
};

const training = `import * as tl from 'tensorloom';
  const v = tl.variable(3, { name: 'v' });
  const train = new tl.train.GradientDescentOptimizer({ learningRate: 0.25 }).minimize(tl.square(v));
  const sess = new tl.Session();
  sess.runSync(tl.globalVariablesInitializer());
  sess.runSync(train);
  console.log(sess.runSync(v).item());
  sess.close();`;

describe('bundles', () => {
  it('run: esbuild', async () => {
    write('esbuild.mjs', await bundle(training));
    expect(run('esbuild bundle', process.execPath, ['esbuild.mjs']).trim()).toBe('1.5');
  });

  it('run: Vite', async () => {
    const entry = write('main.js', training);
    const lib = { entry, formats: ['es' as const], fileName: 'main' };
    await viteBuild({ root: folder, configFile: false, logLevel: 'silent', build: { outDir: 'vite', lib } });
    expect(existsSync(join(folder, 'vite/main.js'))).toBe(true);
    expect(run('Vite bundle', process.execPath, ['vite/main.js']).trim()).toBe('1.5');
  });

  it('hold what is imported, and no more', async () => {
    const sources = {
      'Graph of @tensorloom/graph': `export { Graph } from '@tensorloom/graph';`,
      'placeholder of tensorloom': `export { placeholder } from 'tensorloom';`,
      'gradients of tensorloom': `export { gradients } from 'tensorloom';`,
      'Session of tensorloom': `export { Session } from 'tensorloom';`,
      'all of tensorloom': `import * as tl from 'tensorloom'; globalThis.tl = tl;`,
    };
    const texts = await Promise.all(Object.values(sources).map(bundle));
    const [graph, placeholder, , session, all] = texts.map((text) => text.length);
    console.log(
      Object.keys(sources)
        .map(
          (name, i) =>
            `${name}: ${Math.round(texts[i].length / 1000)} kB, ${Math.round(gzipSync(texts[i]).length / 1000)} kB gzipped`,
        )
        .join('\n'),
    );
    for (const text of texts.slice(0, 3)) expect(text).not.toContain('WebAssembly');
    expect(texts[3]).toContain('WebAssembly');
    expect(placeholder).toBeLessThan(1.02 * graph + 1000);
    expect(session).toBeGreaterThan(placeholder);
    expect(all).toBeGreaterThan(session);
    // A bundle that grows by more than this has taken in something that it should not, or needs another look.
    expect(all).toBeLessThan(700_000);
  });
});
