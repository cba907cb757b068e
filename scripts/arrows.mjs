// @ts-check
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';

/**
 * What each package's sources may import of the others. It is the picture in docs/architecture.md:
 * change both together.
 * @type {Record<string, string[]>}
 */
export const arrows = {
  graph: [],
  autodiff: ['graph'],
  runtime: ['graph'],
  'backend-reference': ['graph', 'runtime'],
  'backend-cpu': ['graph', 'runtime'],
  'backend-gpujs': ['graph', 'runtime'],
  'backend-tfjs': ['graph', 'runtime'],
  nn: ['graph'],
  rnn: ['graph', 'nn'],
  train: ['graph', 'autodiff', 'runtime', 'nn'],
  tensorflow: ['graph', 'runtime'],
  datasets: ['graph'],
  testkit: ['graph', 'autodiff', 'runtime', 'backend-reference', 'nn', 'rnn', 'train'],
  tensorloom: ['graph', 'autodiff', 'runtime', 'nn', 'rnn', 'train', 'backend-cpu'],
};

/**
 * An entry with fewer arrows than its package: no file it reaches may import more.
 * @type {Record<string, string[]>}
 */
export const entryArrows = {
  'packages/testkit/src/index.ts': ['graph', 'autodiff', 'runtime', 'backend-reference'],
};

/** Tensor methods call ops and ops make tensors: the one file cycle we want, because the call is bound late. */
const lateBound = { from: /^packages\/graph\/src\/tensor\.ts$/, to: /^packages\/graph\/src\/ops\// };

/**
 * @typedef {{ specifier: string, typeOnly: boolean, line: number }} Import
 * @typedef {{ path: string, imports: Import[] }} Source a file, its path relative to the root with `/` between folders
 */

/**
 * The modules a TypeScript text imports or re-exports. Only `import type` leaves nothing behind at run time:
 * under `verbatimModuleSyntax`, `import { type A }` still loads the module.
 * @param {string} path
 * @param {string} text
 * @returns {Import[]}
 */
export function importsOf(path, text) {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  /** @type {Import[]} */
  const found = [];
  /** @param {ts.Node} at @param {ts.Expression | undefined} specifier @param {boolean} typeOnly */
  const add = (at, specifier, typeOnly) => {
    if (specifier === undefined || !ts.isStringLiteralLike(specifier)) return;
    const line = file.getLineAndCharacterOfPosition(at.getStart(file)).line + 1;
    found.push({ specifier: specifier.text, typeOnly, line });
  };
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isImportDeclaration(node)) {
      add(node, node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
    } else if (ts.isExportDeclaration(node)) {
      add(node, node.moduleSpecifier, node.isTypeOnly);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node, node.arguments[0], false);
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      add(node, /** @type {ts.Expression} */ (node.argument.literal), true);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** The package a specifier like `@tensorloom/testkit/models` names among ours, and the entry: `['testkit', 'models']`.
 * @param {string} specifier @returns {[string, string] | undefined} */
export function ourPackage(specifier) {
  const match = /^(?:@tensorloom\/([^/]+)|(tensorloom))(?:\/(.+))?$/.exec(specifier);
  return match === null ? undefined : [match[1] ?? match[2] ?? '', match[3] ?? 'index'];
}

/** The package of a file: `packages/graph/src/op.ts` is of `graph`, `examples/src/main.ts` of none.
 * @param {string} path */
const packageOf = (path) => /^packages\/([^/]+)\//.exec(path)?.[1];

/** The file a relative specifier means: `./op.js` beside `packages/graph/src/node.ts` is `packages/graph/src/op.ts`.
 * @param {string} from @param {string} specifier */
const target = (from, specifier) => join(dirname(from), specifier).replaceAll('\\', '/').replace(/\.js$/, '.ts');

/**
 * Every way in which the sources break the arrows, as lines to print; none when they hold.
 * @param {Source[]} sources
 * @param {Record<string, string[]>} declared for each package the names its package.json depends on
 * @returns {string[]}
 */
export function violations(sources, declared) {
  return [...packageViolations(sources, declared), ...entryViolations(sources), ...cycles(sources)];
}

/** @param {Source[]} sources @param {Record<string, string[]>} declared */
function packageViolations(sources, declared) {
  /** @type {string[]} */
  const found = [];
  for (const { path, imports } of sources) {
    const from = packageOf(path);
    const allowed = from === undefined ? undefined : arrows[from];
    if (from !== undefined && allowed === undefined) {
      found.push(`${path}: the package ${from} has no arrows. Give it a line in scripts/arrows.mjs.`);
      continue;
    }
    for (const { specifier, line } of imports) {
      const at = `${path}:${line}`;
      if (specifier.startsWith('.')) {
        const to = target(path, specifier);
        const root = path.split('/src/')[0];
        if (!to.startsWith(`${root}/src/`))
          found.push(`${at}: '${specifier}' leaves its package. Import other packages by name.`);
        continue;
      }
      if (specifier.startsWith('node:')) continue;
      const [to, entry] = ourPackage(specifier) ?? [];
      if (to !== undefined && from !== undefined && to === from) {
        found.push(`${at}: ${from} imports itself by name. Import the file instead.`);
      } else if (to !== undefined && allowed !== undefined && !allowed.includes(to)) {
        found.push(
          `${at}: ${from} may not import ${to}, only ${allowed.length === 0 ? 'nothing' : allowed.join(', ')}.`,
        );
      } else if (entry !== undefined && /^(src|dist)(\/|$)/.test(entry)) {
        found.push(`${at}: '${specifier}' reaches behind the public face of ${to ?? specifier}. Import the package.`);
      }
      const name = specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/');
      const owner = from ?? path.split('/src/')[0] ?? '';
      if (declared[owner]?.includes(name) !== true) {
        found.push(`${at}: '${name}' is not in the dependencies of ${owner}. Add it to that package.json.`);
      }
    }
  }
  return found;
}

/** @param {Source[]} sources */
function entryViolations(sources) {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  /** @type {string[]} */
  const found = [];
  for (const [entry, allowed] of Object.entries(entryArrows)) {
    const reached = new Set([entry]);
    for (const path of reached) {
      for (const { specifier, line } of byPath.get(path)?.imports ?? []) {
        const to = ourPackage(specifier)?.[0];
        if (specifier.startsWith('.')) reached.add(target(path, specifier));
        else if (to !== undefined && !allowed.includes(to))
          found.push(`${path}:${line}: ${entry} reaches this file, and may not import ${to}.`);
      }
    }
  }
  return found;
}

/**
 * The cycles among files, one per knot of files that reach each other (Tarjan's components, with an explicit stack).
 * @param {Source[]} sources
 */
function cycles(sources) {
  /** @type {Map<string, string[]>} */
  const next = new Map();
  const known = new Set(sources.map(({ path }) => path));
  for (const { path, imports } of sources) {
    const targets = imports
      .filter(({ specifier, typeOnly }) => !typeOnly && specifier.startsWith('.'))
      .map(({ specifier }) => target(path, specifier))
      .filter((to) => known.has(to) && !(lateBound.from.test(path) && lateBound.to.test(to)));
    next.set(path, targets);
  }
  return components(next)
    .filter((knot) => knot.length > 1 || next.get(knot[0] ?? '')?.includes(knot[0] ?? ''))
    .map(
      (knot) => `cycle of files: ${shortestCycle(knot, next).join(' -> ')}. Move what they share to a file of its own.`,
    );
}

/** @param {Map<string, string[]>} next @returns {string[][]} */
function components(next) {
  /** @type {Map<string, number>} */
  const low = new Map();
  /** @type {Map<string, number>} */
  const order = new Map();
  /** @type {string[]} */
  const open = [];
  const closed = new Set();
  /** @type {string[][]} */
  const found = [];
  for (const start of next.keys()) {
    if (order.has(start)) continue;
    /** @type {{ node: string, edge: number }[]} */
    const frames = [{ node: start, edge: 0 }];
    for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
      const { node } = frame;
      if (frame.edge === 0 && !order.has(node)) {
        order.set(node, order.size);
        low.set(node, order.get(node) ?? 0);
        open.push(node);
      }
      const to = next.get(node)?.[frame.edge++];
      if (to !== undefined) {
        if (!order.has(to)) frames.push({ node: to, edge: 0 });
        else if (!closed.has(to)) low.set(node, Math.min(low.get(node) ?? 0, order.get(to) ?? 0));
        continue;
      }
      frames.pop();
      const parent = frames.at(-1)?.node;
      if (parent !== undefined) low.set(parent, Math.min(low.get(parent) ?? 0, low.get(node) ?? 0));
      if (low.get(node) === order.get(node)) {
        const knot = open.splice(open.indexOf(node));
        knot.forEach((member) => closed.add(member));
        found.push(knot);
      }
    }
  }
  return found;
}

/** A shortest way from a knot's first file back to itself, to show.
 * @param {string[]} knot @param {Map<string, string[]>} next */
function shortestCycle(knot, next) {
  const [start = ''] = knot;
  let paths = [[start]];
  const seen = new Set();
  while (paths.length > 0) {
    const longer = paths.flatMap((path) => (next.get(path.at(-1) ?? '') ?? []).map((to) => [...path, to]));
    const closing = longer.find((path) => path.at(-1) === start);
    if (closing !== undefined) return closing;
    paths = longer.filter((path) => {
      const end = path.at(-1);
      if (!knot.includes(end ?? '') || seen.has(end)) return false;
      seen.add(end);
      return true;
    });
  }
  return knot;
}

/**
 * The sources of all packages, examples and benchmarks under a root, and what each package.json declares.
 * @param {string} root
 */
export function readSources(root) {
  const folders = [
    ...readdirSync(join(root, 'packages')).map((name) => join('packages', name)),
    'examples',
    'examples/browser',
    'bench',
  ];
  /** @type {Source[]} */
  const sources = [];
  /** @type {Record<string, string[]>} */
  const declared = {};
  for (const folder of folders) {
    const manifest = join(root, folder, 'package.json');
    if (!existsSync(manifest)) continue;
    const { dependencies = {}, peerDependencies = {} } = JSON.parse(readFileSync(manifest, 'utf8'));
    declared[packageOf(`${folder.replaceAll('\\', '/')}/`) ?? folder] = Object.keys({
      ...dependencies,
      ...peerDependencies,
    });
    for (const file of readdirSync(join(root, folder, 'src'), { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.ts')) continue;
      const absolute = join(root, folder, 'src', file);
      const path = relative(root, absolute).replaceAll('\\', '/');
      sources.push({ path, imports: importsOf(path, readFileSync(absolute, 'utf8')) });
    }
  }
  return { sources, declared };
}
