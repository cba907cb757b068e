import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const sources = fileURLToPath(new URL('../src', import.meta.url));
const options = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true };
const compile = (text: string): string => ts.transpileModule(text, { compilerOptions: options }).outputText;

/** A user's program that prints where it made a node, then where one in a body is; the first on its fourth line. */
const program = (graph: string): string =>
  [
    `import { add, cond, constant } from '${graph}';`,
    '',
    'const sum = () =>',
    '  add(1, 2).op.location.line ?? "none";',
    'console.log(sum());',
    'cond(true, () => { console.log(sum()); return 1; }, () => 2);',
    '',
  ].join('\n');

describe('the user’s line, outside the test runner', () => {
  // A folder with a space in its name, because URLs write that otherwise.
  const root = mkdtempSync(join(tmpdir(), 'the graph '));
  const installed = join(root, 'node_modules/@tensorloom/graph');
  const run = (file: string, ...flags: string[]): string[] =>
    execFileSync(process.execPath, [...flags, join(root, file)], { encoding: 'utf8', cwd: root })
      .trim()
      .split('\n');

  beforeAll(() => {
    for (const file of readdirSync(sources, { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.ts')) continue;
      const target = join(installed, 'dist', file.replace(/\.ts$/, '.js'));
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, compile(readFileSync(join(sources, file), 'utf8')));
    }
    writeFileSync(
      join(installed, 'package.json'),
      JSON.stringify({ name: '@tensorloom/graph', type: 'module', exports: './dist/index.js' }),
    );
    writeFileSync(join(root, 'package.json'), JSON.stringify({ type: 'module' }));
    writeFileSync(join(root, 'main.js'), program('@tensorloom/graph'));
  });
  afterAll(() => rmSync(root, { recursive: true }));

  test('in plain Node, the package installed or beside', () => {
    const line = `${join(root, 'main.js')}:4:3`;
    expect(run('main.js')).toEqual([line, line]);
    cpSync(installed, join(root, 'packages/graph'), { recursive: true });
    writeFileSync(join(root, 'beside.js'), program('./packages/graph/dist/index.js'));
    expect(run('beside.js')[0]).toBe(`${join(root, 'beside.js')}:4:3`);
  });

  test('where Error is frozen', () => {
    writeFileSync(join(root, 'frozen.js'), "Object.freeze(Error);\nawait import('./main.js');\n");
    expect(run('frozen.js')[0]).toBe(`${join(root, 'main.js')}:4:3`);
  });

  test('in the source, where Node maps stacks to it', () => {
    const source = `// A first line, and types, which the compiled file has not.\ninterface Unused { a: number }\n${program('@tensorloom/graph')}`;
    writeFileSync(join(root, 'typed.ts'), source);
    const compilerOptions = { ...options, inlineSourceMap: true };
    writeFileSync(
      join(root, 'typed.js'),
      ts.transpileModule(source, { compilerOptions, fileName: join(root, 'typed.ts') }).outputText,
    );
    expect(run('typed.js', '--enable-source-maps')[0]).toBe(`${join(root, 'typed.ts')}:6:3`);
    expect(run('typed.js')[0]).toMatch(/typed\.js:\d+:\d+$/);
  });

  test('beside a bundle of the package; within one bundle there is none to tell', async () => {
    const bundle = async (entry: string, format: 'es' | 'cjs', out: string): Promise<void> => {
      await build({
        root,
        configFile: false,
        logLevel: 'silent',
        build: {
          outDir: root,
          emptyOutDir: false,
          minify: false,
          lib: { entry: join(root, entry), formats: [format], fileName: () => out },
        },
      });
    };
    writeFileSync(join(root, 'vendor-entry.js'), "export * from '@tensorloom/graph';\n");
    await bundle('vendor-entry.js', 'es', 'vendor.js');
    writeFileSync(join(root, 'app.js'), program('./vendor.js'));
    expect(run('app.js')[0]).toBe(`${join(root, 'app.js')}:4:3`);

    await bundle('main.js', 'es', 'all.js');
    await bundle('main.js', 'cjs', 'all.cjs');
    expect(run('all.js')).toEqual(['none', 'none']);
    expect(run('all.cjs')).toEqual(['none', 'none']);
  });
});
