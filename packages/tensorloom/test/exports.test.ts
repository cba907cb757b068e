import ts from 'typescript';
import { expect, test } from 'vitest';
import { faceOf, packages } from './face-of.js';

const kinds: readonly (readonly [ts.SymbolFlags, string])[] = [
  [ts.SymbolFlags.Class, 'class'],
  [ts.SymbolFlags.Function, 'function'],
  [ts.SymbolFlags.Variable, 'const'],
  [ts.SymbolFlags.Interface, 'interface'],
  [ts.SymbolFlags.TypeAlias, 'type'],
];
const kindOf = ({ flags }: ts.Symbol): string => kinds.find(([flag]) => (flags & flag) !== 0)?.[1] ?? 'other';

// What users may import is a promise. When a change to it is meant, `npx vitest run --project tensorloom exports -u` writes it down: a new
// line is a new feature, a line that is gone or renamed a new major version, and both belong in CHANGELOG.md.
test.each(packages)('%s exports what is written down', async (name) => {
  const lines = faceOf(name).map(({ path, symbol }) => `${path} ${kindOf(symbol)}`);
  await expect(`${lines.sort().join('\n')}\n`).toMatchFileSnapshot(`__snapshots__/exports/${name}.txt`);
});
