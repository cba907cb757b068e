import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** The packages whose exports are looked at. */
export const packages = [
  'graph',
  'autodiff',
  'runtime',
  'nn',
  'train',
  'rnn',
  'backend-reference',
  'backend-cpu',
  'backend-gpujs',
  'backend-tfjs',
  'datasets',
  'tensorflow',
  'testkit',
  'tensorloom',
];
const entry = (name: string): string => fileURLToPath(new URL(`../../${name}/src/index.ts`, import.meta.url));

const program = ts.createProgram(packages.map(entry), {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  noEmit: true,
  skipLibCheck: true,
  // The sources, not what was last built of them.
  paths: Object.fromEntries(packages.map((name) => [`@tensorloom/${name}`, [entry(name)]])),
});
export const checker = program.getTypeChecker();

/** What a symbol stands for: an alias's target. */
const meant = (symbol: ts.Symbol): ts.Symbol =>
  (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol);

/** The exports of a module, those of modules that it exports as a namespace among them, by their path. */
function exportsOf(module: ts.Symbol, path: string): { readonly path: string; readonly symbol: ts.Symbol }[] {
  return checker.getExportsOfModule(module).flatMap((exported) => {
    const symbol = meant(exported);
    const name = `${path}${exported.name}`;
    return (symbol.flags & ts.SymbolFlags.ValueModule) === 0 ? [{ path: name, symbol }] : exportsOf(symbol, `${name}.`);
  });
}

/** The exports of a package. */
export function faceOf(name: string): ReturnType<typeof exportsOf> {
  const file = program.getSourceFile(entry(name));
  const module = file && checker.getSymbolAtLocation(file);
  if (module === undefined) throw new Error(`${name} has no exports.`);
  return exportsOf(module, '');
}
