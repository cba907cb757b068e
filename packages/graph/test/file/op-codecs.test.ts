import { expect, test } from 'vitest';
import { storedOps } from '../../src/file/op-codecs.js';
import { Const, NoOp, type Op, Placeholder, families, makeOp, tensorSpec } from '../../src/index.js';

test('every op has a name of its own, under which files know it', () => {
  const ops: readonly Op[] = [
    Placeholder,
    Const,
    NoOp,
    ...Object.values(families).flatMap((family) => Object.values(family)),
  ];
  const stored = storedOps();
  expect(stored.size).toBe(ops.length);
  for (const op of ops) expect(stored.get(op.name)?.op).toBe(op);
});

test('so have ops of one’s own', () => {
  const own = makeOp({ name: 'Own', infer: () => [tensorSpec('int32', [])] });
  expect(storedOps([own, own]).get('Own')?.op).toBe(own);
  const add = makeOp({ name: 'Add', infer: () => [tensorSpec('int32', [])] });
  expect(() => storedOps([add])).toThrow("there are two ops of the name 'Add', expected one. Rename your own.");
});
